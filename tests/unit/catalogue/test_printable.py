"""The printable reference is complete in itself and shows every record type."""

import re

from lxml import html

from tests.support.schemas import SCHEMAS, catalogue

FILE = SCHEMAS.parent / "docs" / "reference" / "standard.html"
TEXT = FILE.read_text("utf-8")


def test_it_has_neither_script_nor_outside_asset() -> None:
    assert (
        re.findall(r"<script|<link|<img|@import|url\(|https?://", TEXT.replace("url(#", "")) == []
    )


def test_each_link_leads_to_a_place_of_the_document() -> None:
    tree = html.fromstring(TEXT)
    places = set(tree.xpath("//@id"))
    assert [one for one in tree.xpath("//a/@href") if one.removeprefix("#") not in places] == []


def test_each_record_type_has_its_members_and_its_states() -> None:
    tree = html.fromstring(TEXT)
    mapping = catalogue().mapping
    for name in catalogue().types:
        (section,) = tree.xpath(f"//section[h2/@id='record-{name}']")
        shown = set(section.xpath("(.//table[@class='members'])[1]//td[1]//code/text()"))
        assert shown == {one.name for one in mapping.objects[mapping.roots[name]]}
        assert len(section.xpath(".//*[local-name()='svg']")) == 1
