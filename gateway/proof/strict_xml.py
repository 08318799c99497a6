"""The only XML parser: one strict profile for signed forms, one lenient one for native files.

security.md sections 1.3 and 4: no DOCTYPE ever, no entities, no network, no huge trees. Signed
forms refuse comments, processing instructions, duplicate Ids, relative namespaces and deep or
wide documents; native files have comments and processing instructions dropped.
"""

import codecs
import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from lxml import etree

from gateway.model.refusal import Refusal

DEEPEST = 64
MOST_ELEMENTS = 20_000
MOST_ATTRIBUTES = 200
LARGEST_NATIVE = 20 * 1024 * 1024
# A node costs libxml2 some 120 bytes whatever it holds, so marks are counted before a tree grows.
MOST_NATIVE_MARKS = 1_000_000
_CHUNK = 65_536
# What both readers of native files have in common: nothing is resolved, fetched or kept aside.
_NATIVE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_ID_NAMES = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_DECLARED_ABSOLUTE = re.compile(rb"""xmlns(?::[\w.\-]+)?=["'][A-Za-z][A-Za-z0-9+.\-]*:""")
_ids = etree.XPath("//@Id|//@ID|//@id|//@xml:id")
_too_deep = etree.XPath(f"boolean({'/*' * (DEEPEST + 1)})")
_BLANKS = re.compile(rb"[ \t\r\n\f\v]*")
_DECLARED = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")


def parse_signed(data: bytes) -> etree._Element:
    """Parse a signed or common form; UTF-8 only.

    Refuses `xml.malformed`, `xml.doctype`, `xml.profile`.
    """
    declared = _DECLARED.match(data[:200])
    if data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)) or (
        declared and declared[1].lower() != b"utf-8"
    ):
        raise _profile("signed XML is written in UTF-8", "declaration")
    root = _parse(data, drop=False)
    plain = _plain(data, root)
    return _require_profile(root) if plain is None else plain


def parse_native(data: bytes, *, max_bytes: int = LARGEST_NATIVE) -> etree._Element:
    """Parse a ministry's file; comments and processing instructions are dropped.

    Refuses `submission.too-large`, `xml.malformed`, `xml.doctype`.
    """
    if len(data) > max_bytes:
        raise Refusal(
            "submission.too-large", step="validate", rule=f"a file has at most {max_bytes} bytes"
        )
    if data.count(b"<") > MOST_NATIVE_MARKS:
        raise Refusal(
            "submission.too-large",
            step="validate",
            rule=f"a message has at most {MOST_NATIVE_MARKS // 2} elements",
        )
    return _parse(data, drop=True)


def native_siblings(data: bytes, tag: str) -> Iterator[etree._Element]:
    """Give each complete element of a tag; it is taken out before the next is read.

    It hangs in the tree while it is looked at, so that its parents can be asked for; memory stays
    flat however many there are. Refuses `xml.malformed`, `xml.doctype`.
    """
    if _has_doctype(data):
        raise _doctype()
    found = etree.iterparse(io.BytesIO(data), events=("end",), tag=tag, **_NATIVE)
    try:
        for _, element in found:
            yield element
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from None
    if found.root is not None and _has_internal_dtd(found.root):
        raise _doctype()


def native_head(data: bytes, tag: str, *, most: int) -> etree._Element | None:
    """Give the first element of a tag as soon as its first child is complete, in its document.

    What follows the child is not read, so nothing may be concluded from its absence. None when
    no such element has two children within the first `most` bytes. Refuses `xml.doctype`.
    """
    if _has_doctype(data):
        raise _doctype()
    parser = etree.XMLPullParser(events=("start",), tag=tag, **_NATIVE)
    element: etree._Element | None = None
    try:
        for start in range(0, min(len(data), most), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            for _, started in parser.read_events():
                element = started if element is None and etree.iselement(started) else element
            if element is not None and len(element) > 1:
                return element
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from None
    return None


def exclusive_c14n(element: etree._Element) -> bytes:
    """Give Exclusive C14N 1.0 without comments. Refuses `xml.profile` when it cannot be made."""
    try:
        octets = etree.tostring(element, method="c14n", exclusive=True, with_comments=False)
    except (etree.C14NError, ValueError):
        octets = b""
    if not octets:
        # An empty canonical form once let a signature pass over nothing (CVE-2025-66568).
        raise _profile("the element has no canonical form", "canonicalisation")
    return octets


def _parse(data: bytes, *, drop: bool) -> etree._Element:
    if _has_doctype(data):
        raise _doctype()
    try:
        root = etree.fromstring(data, _parser(drop=drop))
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from None
    except ValueError:
        raise Refusal(
            "xml.malformed", step="validate", rule="the text must be well-formed XML"
        ) from None
    if _has_internal_dtd(root):
        raise _doctype()
    return root


@cache
def _parser(*, drop: bool) -> etree.XMLParser:
    # Making one costs more than reading a small file with it.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=drop,
        remove_pis=drop,
        strip_cdata=True,
    )


def _has_internal_dtd(root: etree._Element) -> bool:
    return root.getroottree().docinfo.internalDTD is not None


def _doctype() -> Refusal:
    rule = "XML comes without a DOCTYPE"
    return Refusal("xml.doctype", step="validate", rule=rule, place="prolog")


def _not_well_formed(error: etree.XMLSyntaxError) -> Refusal:
    line, column = error.position
    rule, place = "the text must be well-formed XML", f"line {line} column {column}"
    return Refusal("xml.malformed", step="validate", rule=rule, place=place)


def _has_doctype(data: bytes) -> bool:
    # Looked for before parsing, so that no declaration is ever read; comments and PIs may come
    # first. Other encodings than ASCII-compatible ones are caught by docinfo after the parse.
    at = _after_blanks(data, 3 if data.startswith(codecs.BOM_UTF8) else 0)
    while data.startswith((b"<?", b"<!--"), at):
        closing = b"?>" if data.startswith(b"<?", at) else b"-->"
        end = data.find(closing, at)
        if end < 0:
            return False
        at = _after_blanks(data, end + len(closing))
    return data.startswith(b"<!DOCTYPE", at)


def _after_blanks(data: bytes, at: int) -> int:
    blanks = _BLANKS.match(data, at)
    return at if blanks is None else blanks.end()


def _plain(data: bytes, root: etree._Element) -> etree._Element | None:
    """Give the root of what is in the profile for certain; None for anything else.

    Marks of the text bound what the tree can hold, and libxml2 looks for the rest: walking the tree
    here costs several times the parse. Declarations of namespaces cannot be spelt otherwise.
    """
    # One byte is found much faster than two of which the first is everywhere.
    if b"\0" in data or (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data):
        return None
    assigned, declared = data.count(b"="), len(_DECLARED_ABSOLUTE.findall(data))
    if not data.startswith(b"<") or data.count(b"<") > MOST_ELEMENTS or assigned > MOST_ATTRIBUTES:
        return None
    if data.count(b"xmlns") != declared or _too_deep(root):
        return None
    # Where nothing but namespaces is assigned, there is no Id.
    ids = cast("list[str]", _ids(root) if assigned > declared else [])
    return root if len(set(ids)) == len(ids) else None


def _require_profile(root: etree._Element) -> etree._Element:
    if root.getprevious() is not None or root.getnext() is not None:
        raise _profile("nothing stands beside the root element", "prolog")
    seen = set[str]()
    walk = etree.iterwalk(root, events=("start", "comment", "pi"))
    for elements, (event, node) in enumerate(walk, start=1):
        if event != "start" or not isinstance(node.tag, str):
            raise _profile("signed XML has no comments or processing instructions", "content")
        if elements > MOST_ELEMENTS or len(node.attrib) > MOST_ATTRIBUTES:
            raise _profile("the document has too many elements or attributes", "content")
        for name in _ID_NAMES:
            value = node.attrib.get(name)
            if value is not None and str(value) in seen:
                raise _profile("an Id stands once", "Id")
            if value is not None:
                seen.add(str(value))
        for uri in node.nsmap.values():
            if not _ABSOLUTE.match(uri or ""):
                raise _profile("namespaces are absolute", "namespace")
    _require_depth(root)
    return root


def _require_depth(root: etree._Element) -> None:
    depth = 0
    for event, _node in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise _profile("elements are nested at most 64 deep", "content")


def _profile(rule: str, place: str) -> Refusal:
    return Refusal("xml.profile", step="validate", rule=rule, place=place)
