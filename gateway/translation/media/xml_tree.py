"""XML elements as plain trees by local name, and back.

An element without children is its text, or with attributes `{"#text": …, "@name": …}`; repeated
elements are a list; `xsi:nil` is None. Namespaces are checked where an adapter names the root.
"""

from typing import Any

from lxml import etree

XSI = "http://www.w3.org/2001/XMLSchema-instance"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
_SILENT = (f"{{{XSI}}}type", f"{{{XSI}}}nil")


def local(element: etree._Element) -> str:
    """The local name of an element."""
    return etree.QName(element).localname


def tree_of(element: etree._Element, *, without: frozenset[str] = frozenset()) -> Any:
    """The tree of an element; children in the namespaces `without` are passed over."""
    if element.get(f"{{{XSI}}}nil") in ("true", "1"):
        return None
    children = [c for c in element if etree.QName(c).namespace not in without]
    tree: dict[str, Any] = {
        f"@{etree.QName(name).localname}": value
        for name, value in element.attrib.items()
        if name not in _SILENT
    }
    if not children:
        text = element.text or ""
        return tree | {"#text": text} if tree else text
    for child in children:
        _add(tree, local(child), tree_of(child, without=without))
    return tree


def _add(tree: dict[str, Any], name: str, value: Any) -> None:
    if name not in tree:
        tree[name] = value
    elif isinstance(tree[name], list):
        tree[name].append(value)
    else:
        tree[name] = [tree[name], value]


def grow(parent: etree._Element, tree: dict[str, Any], namespace: str | None) -> None:
    """Append a tree's members to an element, all in one namespace (None: unqualified)."""
    for name, value in tree.items():
        for item in value if isinstance(value, list) else [value]:
            _grow_one(parent, name, item, namespace)


def _grow_one(parent: etree._Element, name: str, value: Any, namespace: str | None) -> None:
    child = etree.SubElement(parent, name if namespace is None else f"{{{namespace}}}{name}")
    if not isinstance(value, dict):
        child.text = value
        return
    for key, text in value.items():
        if key.startswith("@"):
            child.set(key[1:], text)
    child.text = value.get("#text")
    grow(child, {k: v for k, v in value.items() if k[0] not in "@#"}, namespace)
