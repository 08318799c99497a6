"""Hostile XML and the SAML pre-filter against the strict parser."""

import base64
import json

from gateway.model.refusal import Refusal
from gateway.proof.strict_xml import parse_native, parse_signed
from tests.support.vectors import corpus


def _refused(data: bytes) -> str:
    try:
        parse_signed(data)
    except Refusal as refusal:
        return refusal.code
    return ""


def test_every_hostile_document_is_refused_and_the_controls_are_read() -> None:
    files = sorted(corpus("xml-hostile").joinpath("defusedxml").glob("*.xml"))
    read = set()
    for file in files:
        try:
            parse_native(file.read_bytes())
        except Refusal:
            continue
        read.add(file.name)
    assert read == {"simple.xml", "simple-ns.xml"}


def test_the_signed_profile_refuses_the_controls_for_their_comments() -> None:
    folder = corpus("xml-hostile") / "defusedxml"
    codes = {_refused((folder / name).read_bytes()) for name in ("simple.xml", "simple-ns.xml")}
    assert codes == {"xml.profile"}


def test_no_document_with_a_doctype_is_read_as_a_native_file() -> None:
    documents = corpus("xml-hostile").rglob("*.xml")
    files = [one for one in documents if b"<!DOCTYPE" in one.read_bytes()]
    accepted = []
    for file in files:
        try:
            parse_native(file.read_bytes())
        except Refusal:
            continue
        accepted.append(file.name)
    assert (accepted, bool(files)) == ([], True)


def test_saml_documents_with_a_broken_shape_are_refused_by_the_parser() -> None:
    folder = corpus("xmldsig") / "saml"
    manifest = json.loads((folder / "manifest.json").read_text())
    documents = manifest["documents"]
    # How many signatures there are is the signature profile's rule; the others are the parser's.
    passed = []
    for one in documents:
        rules = set(one.get("prefilter_refuse") or []) - {"more-than-one-signature", "no-signature"}
        if not rules:
            continue
        data = (folder / one["file"]).read_bytes()
        if one.get("encoding") == "base64":
            data = base64.b64decode(data)
        if not _refused(data):
            passed.append((one["file"], sorted(rules)))
    assert passed == []
