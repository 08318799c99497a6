"""New databases are made by a template, and one that holds something is left alone."""

import pytest
from sqlalchemy import make_url

from gateway.store.connection import open_store
from gateway.store.new_databases import new_databases, password_of
from gateway.store.turns import StoreError
from tests.support.cluster import Cluster, cluster


@pytest.fixture
def server() -> Cluster:
    found = cluster()
    found.run("ALTER ROLE lmx CREATEDB")
    return found


def test_a_database_is_made_for_each_name(server: Cluster) -> None:
    made = new_databases(server.at("made_{state}").url, ["kz", "kz_keys"])
    assert [make_url(one).database for one in made.values()] == ["made_kz", "made_kz_keys"]


def test_an_empty_database_that_is_there_is_used(server: Cluster) -> None:
    template = server.at("there_{state}").url
    assert new_databases(template, ["kz"]) == new_databases(template, ["kz"])


def test_a_database_that_holds_something_is_left_alone(server: Cluster) -> None:
    template = server.at("full_{state}").url
    new_databases(template, ["kz"])
    open_store(server.at("full_kz"))
    with pytest.raises(StoreError, match="full_kz is not empty"):
        new_databases(template, ["kz"])


@pytest.mark.parametrize(
    "template",
    ["lmx", "sqlite:///lmx_{state}", "postgresql+psycopg://lmx@/lmx", "postgresql://lmx@/{state}"],
)
def test_another_template_is_refused(template: str) -> None:
    with pytest.raises(StoreError, match="--database"):
        new_databases(template, ["kz"])


def test_a_password_is_kept_out_of_what_is_written(server: Cluster) -> None:
    template = server.at("told_{state}").url.replace("lmx@", "lmx:word@")
    assert (password_of(template), "word" in new_databases(template, ["kz"])["kz"]) == (
        "word", False,
    )  # fmt: skip
