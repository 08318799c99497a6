"""XSD read into plain types: what stands in the subset, and what is told about a member."""

from pathlib import Path

import pytest

from gateway.catalogue.subset import SubsetError, TextType, read_root
from tests.support.schemas import SCHEMAS

OUTSIDE = {
    "attribute": '<xs:attribute name="a" type="xs:string"/>',
    "choice": '<xs:choice><xs:element name="a" type="lmx:T"/></xs:choice>',
}
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:lmx="urn:lmx:1"
 targetNamespace="urn:lmx:1"><xs:simpleType name="T"><xs:restriction base="xs:string">{}
 </xs:restriction></xs:simpleType><xs:complexType name="C">{}</xs:complexType>
 <xs:element name="R" type="lmx:C"/></xs:schema>"""
PATTERN = '<xs:pattern value="a"/>'


def test_a_member_tells_its_unit_and_the_standard_of_its_type() -> None:
    root = read_root(SCHEMAS / "records/JobOrder/1/record.xsd", "JobOrder")
    told = {one.name: (one.times, one.unit, one.standard) for one in root.own.members}
    assert told["hoursPerWeek"] == ("0..1", "hours a week", "")
    assert told["languages"] == ("0..n", "", "ISO 639-3")


def test_codes_are_told_only_where_the_pattern_names_them() -> None:
    types = read_root(SCHEMAS / "records/JobOrder/1/record.xsd").types
    told = {one.name: one.codes for one in types.values() if isinstance(one, TextType)}
    assert (told["Provision"], told["Date"]) == (("provided", "paidByWorker", "none"), ())


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_construct_outside_the_subset_is_refused(name: str, tmp_path: Path) -> None:
    file = tmp_path / "record.xsd"
    file.write_text(XSD.format(PATTERN, OUTSIDE[name]), "utf-8")
    with pytest.raises(SubsetError):
        read_root(file)


def test_a_text_without_a_pattern_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "record.xsd"
    member = '<xs:sequence><xs:element name="a" type="lmx:T"/></xs:sequence>'
    file.write_text(XSD.format('<xs:maxLength value="3"/>', member), "utf-8")
    with pytest.raises(SubsetError, match="pattern"):
        read_root(file)
