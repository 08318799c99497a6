"""The archive of a workbook is judged before anything in it is unpacked."""

import zipfile
from io import BytesIO

import pytest

from gateway.model.refusal import Refusal
from gateway.translation.media.workbook_parts import MOST_PARTS, Parts, target_of
from tests.support.workbooks import packed, parts


def refused(data: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        Parts(data)
    return caught.value.code


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/connections.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/activeX/activeX1.xml",
        "xl/macrosheets/sheet1.xml",
    ],
)
def test_parts_that_run_or_fetch_refuse_the_workbook(name: str) -> None:
    assert refused(packed(parts() | {name: "x"})) == "workbook.unsafe"


def test_workbook_with_macros_is_refused_by_its_type() -> None:
    kind = '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled"/></Types>'
    assert refused(packed(parts() | {"[Content_Types].xml": kind})) == "workbook.unsafe"


def test_archive_with_a_password_is_refused() -> None:
    data = bytearray(packed(parts()))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    assert refused(bytes(data)) == "workbook.unsafe"


@pytest.mark.parametrize("data", [b"PK\x03\x04", packed(parts())[:-30], packed({"a": "b"})])
def test_archive_that_is_no_workbook_is_refused(data: bytes) -> None:
    assert refused(data) == "workbook.malformed"


def test_archive_of_countless_parts_is_refused() -> None:
    many = {f"p{n}": "" for n in range(MOST_PARTS + 1)}
    assert refused(packed(dict(many))) == "submission.too-large"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_part_that_stands_twice_is_refused() -> None:
    data = BytesIO(packed(parts()))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/workbook.xml", "<other/>")
    assert refused(data.getvalue()) == "workbook.malformed"


def test_part_above_its_limit_is_refused_before_it_is_unpacked() -> None:
    opened = Parts(packed(parts() | {"bomb.xml": b"0" * 5_000_000}))
    with pytest.raises(Refusal) as caught:
        opened.whole("bomb.xml")
    assert caught.value.code == "submission.too-large"


def test_part_whose_bytes_are_wrong_is_refused() -> None:
    data = packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "y" * 50})
    broken = data.replace(b"xl/workbook.xml", b"xl/workbook.xmk", 1)
    with pytest.raises(Refusal) as caught:
        Parts(broken).whole("xl/workbook.xml")
    assert caught.value.code == "workbook.malformed"


def test_targets_are_told_from_the_part_that_names_them() -> None:
    assert target_of("xl/workbook.xml", "worksheets/sheet1.xml") == "xl/worksheets/sheet1.xml"
    assert target_of("xl/workbook.xml", "/xl/styles.xml") == "xl/styles.xml"
