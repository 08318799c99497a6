"""Our directory is served as it is published, and nothing beside it."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gateway.web.published import directory_application
from tests.support.evidence import repository


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    folder = tmp_path / "directory"
    repository("KZ").write(folder)
    (tmp_path / "secret.json").write_bytes(b"no")
    (folder / "metadata" / ".timestamp.json.7").write_bytes(b"no")
    (folder / "keys").mkdir()
    (folder / "keys" / "root.json").write_bytes(b"no")
    return directory_application(folder).test_client()


def test_each_published_file_is_given(client: FlaskClient) -> None:
    published = repository("KZ").published
    answers = {name: client.get(f"/{name}") for name in published}
    assert {name: (one.status_code, one.data) for name, one in answers.items()} == {
        name: (200, data) for name, data in published.items()
    }


@pytest.mark.parametrize(
    "name",
    [
        "metadata/../../secret.json",
        "secret.json",
        "metadata/.timestamp.json.7",
        "keys/root.json",
        "metadata",
        "targets/",
        "metadata/9.root.json",
    ],
)
def test_nothing_else_is_given(client: FlaskClient, name: str) -> None:
    assert client.get(f"/{name}").status_code in {400, 404}


def test_nothing_can_be_written(client: FlaskClient) -> None:
    assert client.put("/metadata/timestamp.json").status_code in {400, 405}
