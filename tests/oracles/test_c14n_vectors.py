"""The exclusive c14n interop texts and examples against our canonical form.

Ours is of a whole element, without comments and without a prefix list; the texts made otherwise
are listed by their reason and must differ from ours where both can be made.
"""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, cast

from lxml import etree

from gateway.proof.strict_xml import exclusive_c14n
from tests.support.vectors import corpus

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
WHOLE = re.compile(r"ancestor-or-self::[\w:]+")
XPOINTER = "#xpointer(id('to-be-signed'))"
INTEROP = {
    "": 11,
    "another canonicalisation": 25,
    "a node set": 24,
    "a prefix list": 9,
    "no reference in the manifest": 5,
    "comments": 4,
}
EXAMPLES_OUTSIDE = {
    "exclusive-examples/example2_2_1_c14nized.xml": "inclusive",
    "exclusive-examples/example2_2_2_c14nized.xml": "no means known to the manifest",
    "c14n10-examples/31_c14n.xml": "processing instructions beside the root",
    "c14n10-examples/31_c14n-comments.xml": "comments",
    "c14n10-examples/33_c14n.xml": "inclusive",
    "c14n10-examples/35_c14n.xml": "an external entity, never loaded",
    "c14n10-examples/37_c14n.xml": "no means known to the manifest",
    "c14n10-examples/38_c14n.xml": "no means known to the manifest",
}


def _manifest() -> dict[str, list[dict[str, Any]]]:
    manifest: dict[str, list[dict[str, Any]]] = json.loads(
        (_folder() / "manifest.json").read_text()
    )
    return manifest


def _folder() -> Path:
    return corpus("xmldsig") / "c14n"


@cache
def _document(file: str) -> etree._Element:
    # Read as it is: comments and DOCTYPEs of the corpus are what our own parser would refuse.
    parser = etree.XMLParser(no_network=True, attribute_defaults=True)
    return etree.fromstring((_folder() / file).read_bytes(), parser)


def _reference(entry: dict[str, Any]) -> etree._Element:
    found = list(_document(entry["signature"]).iter(DSIG + "Reference"))
    index: int = entry["reference_index"]
    return found[index]


def _select(root: etree._Element, path: str, names: dict[str, str]) -> list[etree._Element]:
    return cast("list[etree._Element]", root.xpath(path, namespaces=names))


def _outside(entry: dict[str, Any]) -> str:
    """Give why a text is none of ours; empty when it is."""
    if not entry.get("transforms"):
        return "no reference in the manifest"
    if entry["transforms"][-1] == EXCLUSIVE + "WithComments":
        return "comments"
    if entry["transforms"][-1] != EXCLUSIVE:
        return "another canonicalisation"
    if _reference(entry).find(f".//{{{EXCLUSIVE}}}InclusiveNamespaces") is not None:
        return "a prefix list"
    xpath = str(_reference(entry).xpath("string(.//*[local-name()='XPath'])")).strip()
    if entry["reference_uri"] != XPOINTER and not WHOLE.fullmatch(xpath):
        return "a node set"
    return ""


def _ours(entry: dict[str, Any]) -> bytes:
    """Give our canonical form of the element that the reference names."""
    root = _document(entry["signature"])
    if entry["reference_uri"] == XPOINTER:
        apexes = _select(root, "//*[@Id='to-be-signed']", {})
    else:
        (step,) = _reference(entry).iter(DSIG + "XPath")
        name = str(step.xpath("string()")).strip().removeprefix("ancestor-or-self::")
        names = {prefix: uri for prefix, uri in step.nsmap.items() if prefix}
        apexes = _select(root, f"//{name}[not(ancestor::{name})]", names)
    return b"".join(exclusive_c14n(apex) for apex in apexes)


def _text(file: str) -> bytes:
    return (_folder() / file).read_bytes()


def test_the_texts_outside_are_counted_by_their_reason() -> None:
    assert Counter(map(_outside, _manifest()["exclusive-interop"])) == INTEROP


def test_every_text_of_a_whole_element_is_made_byte_for_byte() -> None:
    wrong = [
        entry["canonical"]
        for entry in _manifest()["exclusive-interop"]
        if not _outside(entry) and _ours(entry) != _text(entry["canonical"])
    ]
    assert wrong == []


def test_the_texts_with_comments_are_not_ours() -> None:
    same = [
        entry["canonical"]
        for entry in _manifest()["exclusive-interop"]
        if _outside(entry) == "comments" and _ours(entry) == _text(entry["canonical"])
    ]
    assert same == []


def _example(entry: dict[str, Any]) -> bytes:
    try:
        root = _document(entry["input"])
    except etree.XMLSyntaxError:
        return b""
    subset = entry["reproduced_with"]["subset"]
    if subset == "document":
        return exclusive_c14n(root)
    names = {p: uri for node in root.iter("*") for p, uri in node.nsmap.items() if p}
    (apex,) = _select(root, subset, names)
    return exclusive_c14n(apex)


def test_every_example_is_made_byte_for_byte_but_those_listed() -> None:
    other = set()
    for entry in _manifest()["examples"]:
        if not entry["reproduced_with"] or _example(entry) != _text(entry["expected"]):
            other.add(entry["expected"])
    assert other == set(EXAMPLES_OUTSIDE)
