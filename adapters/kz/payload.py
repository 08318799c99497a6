"""What stands in SHEP's `data`: a typed element, a document as text, an element, or parameters."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from gateway.model.refusal import Refusal
from gateway.proof import strict_xml
from gateway.translation.layout import Tree
from gateway.translation.media.foreign import MAX_BYTES
from gateway.translation.media.json_rows import not_of_layout
from gateway.translation.media.soap import refuse_fault, signatures
from gateway.translation.media.xml_tree import DSIG, XSI, grow, local, tree_of
from gateway.translation.paths import native_pick, native_put
from gateway.translation.reading import NativeSignature

SCHEMA = "http://www.w3.org/2001/XMLSchema"
_NIL = f"{{{XSI}}}nil"
_TYPE = f"{{{XSI}}}type"
_SIGNATURES = frozenset({DSIG})
_DECLARATION = re.compile(r"\s*\ufeff?\s*<\?xml\s[^>]*\?>|\s*\ufeff", re.ASCII)
_START = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)([^>]*)")
# What may stand before the root: how it begins and how it ends.
_BEFORE = (("<?", "?>"), ("<!--", "-->"), ("<!DOCTYPE", ">"))
_TOO_DEEP = etree.XPath("/".join("*" * strict_xml.DEEPEST))
# Ten thousand rows of contributions; a tree of plain objects costs far more than the bytes.
MOST_ELEMENTS = 100_000
_TOO_MANY = etree.XPath(f"count(.//*) > {MOST_ELEMENTS}")
_LONGEST_START = 8_192


@dataclass(frozen=True, slots=True)
class Document:
    """A document by its root's name.

    namespace: empty for an unqualified root. known_by: paths that parameters must all name to be
    taken for it; empty when it never comes as parameters.
    """

    namespace: str
    root: str
    known_by: frozenset[str] = frozenset()

    @property
    def tag(self) -> str:
        """The qualified name of the root."""
        return f"{{{self.namespace}}}{self.root}" if self.namespace else self.root

    def begins(self, text: str) -> bool:
        """Whether a text starts with the document's root; the rest is not looked at."""
        head = text[:_LONGEST_START]
        started = _START.match(head, _root_at(head))
        if started is None or started[1] != self.root:
            return False
        return not self.namespace or f'"{self.namespace}"' in started[2].replace("'", '"')

    def stands_in(self, data: etree._Element) -> bool:
        """Whether `data` holds the document, in whichever form."""
        if _type_of(data) == self.tag or any(child.tag == self.tag for child in data):
            return True
        if len(data):
            keys = _parameters(data)
            texts = [text for text in keys.values() if isinstance(text, str)]
            return self._named_by(keys) or any(self.begins(text) for text in texts)
        return self.begins(data.text or "")

    def _named_by(self, parameters: dict[str, Any]) -> bool:
        return bool(self.known_by) and self.known_by <= parameters.keys()


def is_nothing(data: etree._Element) -> bool:
    """Whether `data` is nil or empty."""
    nil = data.get(_NIL) in ("true", "1")
    return nil or (not len(data) and not (data.text or "").strip())


def take(
    document: Document, data: etree._Element, place: str
) -> tuple[Tree, tuple[NativeSignature, ...]]:
    """The document's tree, taken out of `data`, and the signatures found in a document of text.

    place: of `data`, where refusals are told. Refuses `xml.doctype`, `xml.malformed`,
    `xml.profile` (deeper than 64), `submission.too-large` (more than 100,000 elements),
    `source.fault` and `layout.unknown`.
    """
    if _type_of(data) == document.tag:
        tree = _tree(data, place)
        data.clear()
        return tree, ()
    elements = [child for child in data if child.tag == document.tag]
    if len(elements) > 1:
        raise not_of_layout()
    if elements:
        tree = _tree(elements[0], place)
        data.remove(elements[0])
        return tree, ()
    return _take_text(document, data, place)


def _take_text(
    document: Document, data: etree._Element, place: str
) -> tuple[Tree, tuple[NativeSignature, ...]]:
    text = data.text or ""
    if len(data):
        given = _parameters(data)
        texts = [t for t in given.values() if isinstance(t, str) and document.begins(t)]
        if not texts:
            data.clear()
            return _planted(given), ()
        text = texts[0]
    root = _parsed(text, place)
    if root.tag != document.tag:
        refuse_fault(root)
        raise not_of_layout()
    data.clear()
    return _tree(root, place), signatures(root)


def _root_at(head: str) -> int:
    """Where the root begins. A DOCTYPE is stepped over, since the parser is to refuse it."""
    at = 0
    while True:
        while at < len(head) and (head[at].isspace() or head[at] == "\ufeff"):
            at += 1
        end = next((end for start, end in _BEFORE if head.startswith(start, at)), None)
        if end is None:
            return at
        inside = head.find("[", at, head.find(">", at)) if end == ">" else -1
        found = head.find(end, head.find("]", inside) if inside >= 0 else at)
        if found < 0:
            return at
        at = found + len(end)


def _parsed(text: str, place: str) -> etree._Element:
    # The text is decoded already, so an encoding that it declares of itself says nothing.
    octets = _DECLARATION.sub("", text, count=1).strip().encode()
    try:
        return strict_xml.parse_native(octets, max_bytes=MAX_BYTES)
    except Refusal as refusal:
        inside = f"{place}: {refusal.place}" if refusal.place else place
        raise Refusal(refusal.code, step="translate", rule=refusal.rule, place=inside) from None


def _tree(element: etree._Element, place: str) -> Tree:
    if _TOO_DEEP(element):
        rule = f"elements are nested at most {strict_xml.DEEPEST} deep"
        raise Refusal("xml.profile", step="translate", rule=rule, place=place)
    if _TOO_MANY(element):
        rule = f"a document has at most {MOST_ELEMENTS} elements"
        raise Refusal("submission.too-large", step="translate", rule=rule, place=place)
    tree = tree_of(element, without=_SIGNATURES)
    return tree if isinstance(tree, dict) else {}


def _type_of(data: etree._Element) -> str:
    """The qualified name in `xsi:type`, with its prefix resolved."""
    prefix, colon, name = data.get(_TYPE, "").strip().rpartition(":")
    namespace = data.nsmap.get(prefix if colon else None)
    return f"{{{namespace}}}{name}" if namespace else name


def _parameters(data: etree._Element) -> dict[str, Any]:
    """Every key and value below an element; a repeated key is a list, nil is None."""
    found: dict[str, Any] = {}
    for named in data.iter("{*}key"):
        holder = named.getparent()
        members = {} if holder is None else {local(child): child for child in holder}
        if members.keys() != {"key", "value"}:
            continue
        key = (named.text or "").strip().strip("/").replace(".", "/")
        value = None if members["value"].get(_NIL) in ("true", "1") else members["value"].text or ""
        if key in found:
            several = found[key] if isinstance(found[key], list) else [found[key]]
            found[key] = [*several, value]
        else:
            found[key] = value
    return found


def _planted(parameters: dict[str, Any]) -> Tree:
    """Parameters as the tree that their keys name, `worker/IIN` or `worker.IIN`."""
    tree: Tree = {}
    for key, value in parameters.items():
        *parents, _ = key.split("/")
        above = ["/".join(parents[: n + 1]) for n in range(len(parents))]
        if len(above) > strict_xml.DEEPEST or any(
            isinstance(native_pick(tree, p), str | list) for p in above
        ):
            raise not_of_layout()
        native_put(tree, key, value)
    return tree


def put_text(held: etree._Element, document: Document, tree: Tree) -> None:
    """Write the document as escaped text of an `xs:string`."""
    root = etree.Element(document.tag, nsmap={"lc": document.namespace})
    grow(root, tree, None)
    data = etree.SubElement(held, "data", nsmap={"xs": SCHEMA, "xsi": XSI})
    data.set(_TYPE, "xs:string")
    data.text = etree.tostring(root, xml_declaration=True, encoding="UTF-8").decode()


def put_typed(held: etree._Element, document: Document, tree: Tree) -> None:
    """Write the document's members below `data`, whose type is the document's name."""
    data = etree.SubElement(held, "data", nsmap={"p": document.namespace, "xsi": XSI})
    data.set(_TYPE, f"p:{document.root}")
    grow(data, tree, None)


def put_element(held: etree._Element, document: Document, tree: Tree) -> None:
    """Write the document as one unqualified element below `data`."""
    grow(etree.SubElement(held, "data"), {document.root: tree}, None)
