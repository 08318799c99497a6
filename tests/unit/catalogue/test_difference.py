"""Two versions of a record type compared: each kind of change and its verdict."""

from pathlib import Path

import pytest

from gateway.catalogue.difference import BREAKING, COMPATIBLE, READERS, differences
from gateway.catalogue.subset import SubsetError

XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:lmx="urn:lmx:1"
 targetNamespace="urn:lmx:1" elementFormDefault="qualified">
  <xs:simpleType name="Text"><xs:restriction base="xs:string"><xs:pattern value="[a-z]+"/>
    <xs:maxLength value="20"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Integer"><xs:restriction base="xs:string"><xs:pattern value="[0-9]+"/>
    </xs:restriction></xs:simpleType>
  <xs:simpleType name="State"><xs:restriction base="xs:string">
    <xs:pattern value="open|closed"/></xs:restriction></xs:simpleType>
  <xs:complexType name="NoteType"><xs:sequence>
    <xs:element name="text" type="lmx:Text" minOccurs="0"/>
    <xs:element name="hours" type="lmx:Integer"><xs:annotation>
      <xs:appinfo source="urn:lmx:unit">hours</xs:appinfo></xs:annotation></xs:element>
    <xs:element name="state" type="lmx:State" maxOccurs="3"/>
  </xs:sequence></xs:complexType>
  <xs:element name="Note" type="lmx:NoteType"/>
</xs:schema>"""
NEW_MEMBER = '<xs:element name="extra" type="lmx:Text"{}/></xs:sequence>'
CHANGES = {
    "optional member added": (
        "</xs:sequence>", NEW_MEMBER.format(' minOccurs="0"'), COMPATIBLE, "NoteType.extra",
    ),
    "mandatory member added": (
        "</xs:sequence>", NEW_MEMBER.format(""), BREAKING, "NoteType.extra",
    ),
    "member removed": (
        '<xs:element name="text" type="lmx:Text" minOccurs="0"/>', "", BREAKING, "NoteType.text",
    ),
    "made mandatory": (' minOccurs="0"', "", BREAKING, "NoteType.text"),
    "made optional": (
        'type="lmx:State"', 'type="lmx:State" minOccurs="0"', READERS, "NoteType.state",
    ),
    "fewer times": ('maxOccurs="3"', 'maxOccurs="2"', BREAKING, "NoteType.state"),
    "more times": ('maxOccurs="3"', 'maxOccurs="unbounded"', READERS, "NoteType.state"),
    "no list any more": (' maxOccurs="3"', "", BREAKING, "NoteType.state"),
    "pattern narrowed": ("[a-z]+", "[a-y]+", BREAKING, "Text"),
    "pattern added": (
        '<xs:pattern value="[a-z]+"/>',
        '<xs:pattern value="[a-z]+"/><xs:pattern value="[A-Z]+"/>', READERS, "Text",
    ),
    "text shortened": ('maxLength value="20"', 'maxLength value="10"', BREAKING, "Text"),
    "text lengthened": ('maxLength value="20"', 'maxLength value="30"', READERS, "Text"),
    "code removed": ("open|closed", "open", BREAKING, "State"),
    "code added": ("open|closed", "open|closed|lost", READERS, "State"),
    "unit changed": (">hours<", ">minutes<", BREAKING, "NoteType.hours"),
    "kind changed": (
        '"hours" type="lmx:Integer"', '"hours" type="lmx:Text"', BREAKING,
        "NoteType.hours (Integer, now Text)",
    ),
}  # fmt: skip


def _file(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}.xsd"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_gets_its_verdict(change: str, tmp_path: Path) -> None:
    old, new, verdict, place = CHANGES[change]
    assert old in XSD
    before = _file(tmp_path, "before", XSD)
    found = differences(before, _file(tmp_path, "after", XSD.replace(old, new)))
    assert (found[0].verdict, found[0].place) == (verdict, place)


def test_words_may_change_without_a_difference(tmp_path: Path) -> None:
    before = _file(tmp_path, "before", XSD)
    words = "<xs:annotation><xs:documentation>A note.</xs:documentation></xs:annotation>"
    after = XSD.replace(
        '<xs:complexType name="NoteType">', '<xs:complexType name="NoteType">' + words
    )
    assert differences(before, _file(tmp_path, "after", after)) == []


def test_members_in_another_order_break_the_xml_form(tmp_path: Path) -> None:
    lines = XSD.splitlines()
    text = next(one for one in lines if '"text"' in one)
    lines.remove(text)
    lines.insert(next(n for n, one in enumerate(lines) if '"state"' in one), text)
    found = differences(_file(tmp_path, "a", XSD), _file(tmp_path, "b", "\n".join(lines)))
    assert [(one.verdict, one.place) for one in found] == [(BREAKING, "NoteType")]


def test_what_is_no_schema_cannot_be_compared(tmp_path: Path) -> None:
    file = _file(tmp_path, "not", "<xs:schema")
    with pytest.raises(SubsetError):
        differences(file, file)
