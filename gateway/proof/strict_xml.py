"""The only XML parser: one strict profile for signed forms, one lenient one for native files.

security.md sections 1.3 and 4: no DOCTYPE ever, no entities, no network, no huge trees. Signed
forms refuse comments, processing instructions, duplicate Ids, relative namespaces and deep or
wide documents; native files have comments and processing instructions dropped.
"""

import codecs
import re

from lxml import etree

from gateway.model.refusal import Refusal

DEEPEST = 64
MOST_ELEMENTS = 20_000
MOST_ATTRIBUTES = 200
LARGEST_NATIVE = 20 * 1024 * 1024
_ID_NAMES = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
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
    _require_profile(root)
    return root


def parse_native(data: bytes, *, max_bytes: int = LARGEST_NATIVE) -> etree._Element:
    """Parse a ministry's file; comments and processing instructions are dropped.

    Refuses `submission.too-large`, `xml.malformed`, `xml.doctype`.
    """
    if len(data) > max_bytes:
        raise Refusal(
            "submission.too-large", step="validate", rule=f"a file has at most {max_bytes} bytes"
        )
    return _parse(data, drop=True)


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
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=drop,
        remove_pis=drop,
        strip_cdata=True,
    )
    if _has_doctype(data):
        raise Refusal(
            "xml.doctype", step="validate", rule="XML comes without a DOCTYPE", place="prolog"
        )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        place = f"line {line} column {column}"
        raise Refusal(
            "xml.malformed", step="validate", rule="the text must be well-formed XML", place=place
        ) from None
    except ValueError:
        raise Refusal(
            "xml.malformed", step="validate", rule="the text must be well-formed XML"
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refusal(
            "xml.doctype", step="validate", rule="XML comes without a DOCTYPE", place="prolog"
        )
    return root


def _has_doctype(data: bytes) -> bool:
    # Looked for before parsing, so that no declaration is ever read; comments and PIs may come
    # first. Other encodings than ASCII-compatible ones are caught by docinfo after the parse.
    rest = data.removeprefix(codecs.BOM_UTF8).lstrip()
    while rest.startswith((b"<?", b"<!--")):
        end = rest.find(b"?>" if rest.startswith(b"<?") else b"-->")
        if end < 0:
            return False
        rest = rest[end + (2 if rest.startswith(b"<?") else 3) :].lstrip()
    return rest.startswith(b"<!DOCTYPE")


def _require_profile(root: etree._Element) -> None:
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


def _require_depth(root: etree._Element) -> None:
    depth = 0
    for event, _node in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise _profile("elements are nested at most 64 deep", "content")


def _profile(rule: str, place: str) -> Refusal:
    return Refusal("xml.profile", step="validate", rule=rule, place=place)
