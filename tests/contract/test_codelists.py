"""Every code list, common or national, is whole; nothing here names a country."""

import json
from pathlib import Path

import pytest

from gateway.catalogue.codelists import MAPPINGS, CodeLists, read_rows
from tests.support.schemas import SCHEMAS, catalogue

COMMON = CodeLists(SCHEMAS / "codelists")
NATIONAL = [CodeLists(path) for path in sorted((SCHEMAS.parent / "adapters").glob("*/lists"))]
TABLES = [
    (lists, name, version)
    for lists in (COMMON, *NATIONAL)
    for name in lists.names
    for version in lists.about(name)["versions"]
    if "package" not in lists.about(name)
]
every_table = pytest.mark.parametrize(
    ("lists", "name", "version"), TABLES, ids=lambda one: one if isinstance(one, str) else ""
)


def rows_of(lists: CodeLists, name: str, version: str) -> list[dict[str, str]]:
    return read_rows(lists.folder / name / f"{version}.csv")


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("ISCO-08", [10, 43, 130, 436]),
        ("ISIC-4", [21, 88, 238, 419]),
        ("ISCED-2011", [10]),
        ("ISO-5218", [4]),
        ("ICD-11-CHAPTERS", [26]),
    ],
)
def test_a_classification_has_as_many_groups_as_its_keeper_counts(
    name: str, levels: list[int]
) -> None:
    found = COMMON.named(name)
    sizes = [0] * len(levels)
    for code in found.titles:
        depth, at = 0, found.parent(code)
        while at is not None:
            depth, at = depth + 1, found.parent(at)
        sizes[depth] += 1
    assert sizes == levels


def test_fields_of_education_without_residual_ones_are_those_of_the_manual() -> None:
    fields = COMMON.named("ISCED-F-2013")
    plain = [code for code in fields.titles if code not in fields.notes]
    assert [sum(len(code) == n for code in plain) for n in (2, 3, 4)] == [11, 29, 80]


@pytest.mark.parametrize("lists", [COMMON, *NATIONAL], ids=lambda lists: lists.folder.parent.name)
def test_every_list_names_its_keeper_and_its_source(lists: CodeLists) -> None:
    members = ("title", "keeper", "source", "what")
    assert [n for n in lists.names if not all(lists.about(n).get(m) for m in members)] == []


@every_table
def test_every_file_is_a_version_that_the_list_names(
    lists: CodeLists, name: str, version: str
) -> None:
    found = {file.stem for file in (lists.folder / name).glob("*.csv")}
    assert (version in found, found) == (True, set(lists.about(name)["versions"]))


@every_table
def test_a_code_stands_once_and_lies_in_one_that_is_there(
    lists: CodeLists, name: str, version: str
) -> None:
    codes = [row["code"] for row in rows_of(lists, name, version)]
    parents = set(lists.named(name, version).parents.values())
    assert (len(set(codes)), parents - set(codes)) == (len(codes), set())


@every_table
def test_a_mapping_names_a_code_of_the_common_list_its_kind_and_its_reason(
    lists: CodeLists, name: str, version: str
) -> None:
    common = lists.about(name).get("common")
    for row in rows_of(lists, name, version):
        if row.get("common"):
            assert COMMON.named(str(common)).has(row["common"])
            assert (row["mapping"] in MAPPINGS, bool(row["reason"])) == (True, True)


def test_every_use_names_a_type_of_the_standard_and_a_list() -> None:
    mapping = catalogue().mapping
    for use in read_rows(SCHEMAS / "codelists" / "uses.csv"):
        members = {member.name for member in mapping.objects.get(use["type"], ())}
        known = use["member"] in members if use["member"] else use["type"] in mapping.kinds
        assert (known, use["list"] in COMMON.names) == (True, True)


EXAMPLES = sorted(SCHEMAS.glob("records/*/1/examples/*.json"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: f"{file.parents[2].name}/{file.stem}")
def test_the_codes_of_an_example_are_in_their_lists(file: Path) -> None:
    example = json.loads(file.read_bytes())
    assert catalogue().unlisted(example["recordType"], example["record"]) == []
