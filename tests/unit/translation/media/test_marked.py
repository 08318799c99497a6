"""Tables with a marker say how they are read."""

import pytest

from gateway.translation.media.encodings import Decoding
from gateway.translation.media.marked import marked


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_what_stands_behind_the_marker_separates_cells(separator: str) -> None:
    data = f"lmx:JobOrder:1{separator}\r\n".encode()
    assert marked(data) == (Decoding("utf-8-sig", {}, None), separator)


def test_marker_alone_leaves_it_to_the_headings() -> None:
    told = marked(b"lmx:JobOrder:1\r\n,Number,Places\r\n")
    assert told is not None
    assert told[1] == ","


def test_quoted_marker_and_unicode_text_are_marked() -> None:
    assert marked(b'"lmx:JobOrder:1";""\r\n') is not None
    told = marked("lmx:JobOrder:1\tx".encode("utf-16"))
    assert told is not None
    assert told[0].codec == "utf-16"


def test_any_other_table_is_not_marked() -> None:
    assert marked("Ному насаб;Касб\r\n".encode()) is None
