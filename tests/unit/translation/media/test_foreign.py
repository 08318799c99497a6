"""Foreign files are opened by what they hold."""

from itertools import islice

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


def test_lines_of_a_small_table_are_cut_once_and_break_off_where_they_are_broken() -> None:
    found = open_foreign(b'a;b\r\n1;2\r\n"3;4\r\n', ())
    assert isinstance(found, TableFile)
    for _ in range(2):
        lines = iter(found.lines)
        assert list(islice(lines, 2)) == [("a", "b"), ("1", "2")]
        with pytest.raises(Refusal, match=r"csv\.malformed"):
            next(lines)
    whole = open_foreign(b"a;b\r\n1;2\r\n", ())
    assert isinstance(whole, TableFile)
    assert all(one is two for one, two in zip(whole.lines, whole.lines, strict=True))


def test_lines_of_a_large_table_are_never_kept() -> None:
    found = open_foreign(b"a;b\r\n" * 20_000, ())
    assert isinstance(found, TableFile)
    first, again = next(iter(found.lines)), next(iter(found.lines))
    assert first == again
    assert first is not again


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


@pytest.mark.parametrize(("mark", "data"), [(";", b"a;b\r\n"), ("\t", b"a\tb"), (",", b"a,b\n1,2")])
def test_separator_is_told_by_content(mark: str, data: bytes) -> None:
    opened = open_foreign(data, ())
    assert isinstance(opened, TableFile)
    assert next(iter(opened.lines)) == ("a", "b")
    assert opened.otherwise == ()


def test_each_separator_that_stands_in_the_file_gives_a_cut_of_its_own() -> None:
    opened = open_foreign("Насаб, ном;Сана\nА, Б;1\n".encode(), ())
    assert isinstance(opened, TableFile)
    (other,) = opened.otherwise
    assert [len(next(iter(lines))) for lines in (opened.lines, other)] == [2, 2]


def test_words_with_a_comma_are_no_table() -> None:
    with pytest.raises(Refusal) as caught:
        open_foreign(b"Column is null, try again", ())
    assert caught.value.code == "source.fault"


def test_apostrophe_before_a_formula_is_taken_off() -> None:
    opened = open_foreign(b"'=1+1;'x;''-y\r\n", ())
    assert isinstance(opened, TableFile)
    assert list(opened.lines) == [("=1+1", "'x", "'-y")]


def test_endless_line_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(Refusal) as caught:
        open_foreign(b"a;b\r\n" + b"x" * 2_100_000, ())
    assert caught.value.code == "csv.malformed"


def test_lines_of_two_million_bytes_together_are_no_long_line() -> None:
    assert isinstance(open_foreign(b"aaaa;bbbb\r" * 300_000, ()), TableFile)


def test_endless_blank_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "MOST_LINES", 3)
    opened = open_foreign(b"a;b\n\n\n\n", ())
    assert isinstance(opened, TableFile)
    with pytest.raises(Refusal) as caught:
        list(opened.lines)
    assert caught.value.code == "submission.too-large"
