"""Foreign files are opened by what they hold."""

import pytest

from gateway.model.refusal import Refusal
from gateway.translation.media import foreign
from gateway.translation.media.foreign import JsonFile, TableFile, XmlFile, open_foreign
from gateway.translation.media.workbook_writing import workbook_of


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b" <a/>", XmlFile),
        (b"\xef\xbb\xbf{}", JsonFile),
        (b"[1]", JsonFile),
        (b"a;b\r\n", TableFile),
    ],
)
def test_content_tells_the_kind(data: bytes, kind: type) -> None:
    assert isinstance(open_foreign(data, ()), kind)


def test_file_above_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "LARGEST", 3)
    with pytest.raises(Refusal) as caught:
        open_foreign(b"a;b\r\n", ())
    assert caught.value.code == "submission.too-large"


@pytest.mark.parametrize("row", [";" * 20_000, '"' + "\n" * 2_000 + '";'])
def test_row_of_too_many_cells_or_lines_is_refused(row: str) -> None:
    table = open_foreign(f"a;b\r\n{row}\r\n".encode(), ())
    assert isinstance(table, TableFile)
    with pytest.raises(Refusal) as caught:
        list(table.lines)
    assert (caught.value.code, caught.value.place[:5]) == ("csv.malformed", "line ")


def test_json_of_too_many_values_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refusal) as caught:
        open_foreign(b"[" + b"0," * 1_600_000 + b"0]", ())
    assert caught.value.code == "submission.too-large"


def test_lines_can_be_gone_through_twice() -> None:
    table = open_foreign(b"a;b\r\nc;d\r\n", ())
    assert isinstance(table, TableFile)
    assert [list(table.lines), list(table.lines)] == [[("a", "b"), ("c", "d")]] * 2


def test_workbook_is_a_table_whatever_its_name() -> None:
    opened = open_foreign(workbook_of([["Ном", "Сана"], ["x", "1"]]), ())
    assert isinstance(opened, TableFile)
    assert list(opened.lines) == list(opened.lines) == [("Ном", "Сана"), ("x", "1")]


def test_old_or_locked_workbook_is_refused_with_what_to_do() -> None:
    with pytest.raises(Refusal) as caught:
        open_foreign(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ())
    assert caught.value.code == "workbook.unsafe"


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_cells_of_sdmx_are_parted_by_commas(start: bytes) -> None:
    table = open_foreign(start + b'STRUCTURE,STRUCTURE_ID\ndataflow,"a;b"\n', ())
    assert isinstance(table, TableFile)
    assert list(table.lines) == [("STRUCTURE", "STRUCTURE_ID"), ("dataflow", "a;b")]


def test_sdmx_in_another_encoding_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        open_foreign("STRUCTURE,SOURCE\ndataflow,Банк\n".encode("cp1251"), ())
    assert caught.value.code == "text.encoding"
