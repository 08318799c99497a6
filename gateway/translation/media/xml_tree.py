"""XML elements as plain trees by local name, and back.

An element without children is its text, or with attributes `{"#text": …, "@name": …}`; repeated
elements are a list; `xsi:nil` is None. Namespaces are checked where an adapter names the root.
"""

from functools import lru_cache
from typing import Any

from lxml import etree

XSI = "http://www.w3.org/2001/XMLSchema-instance"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
_NIL = f"{{{XSI}}}nil"
_SILENT = frozenset({f"{{{XSI}}}type", _NIL})


@lru_cache(maxsize=4096)
def named(tag: str) -> tuple[str, str]:
    """(namespace, local name) of a tag in Clark notation; "" for no namespace."""
    namespace, _, name = tag.rpartition("}")
    return namespace[1:], name


def local(element: etree._Element) -> str:
    """The local name of an element."""
    return named(str(element.tag))[1]


def tree_of(element: etree._Element, *, without: frozenset[str] = frozenset()) -> Any:
    """The tree of an element; children in the namespaces `without` are passed over."""
    tree: dict[str, Any] = {}
    for name, value in element.items():
        if name == _NIL and value in ("true", "1"):
            return None
        if name not in _SILENT:
            tree[f"@{named(str(name))[1]}"] = value
    parted = False
    for child in element:
        # Most names stand in no namespace, and then the tag is the name.
        name = child.tag
        if name[0] == "{":
            namespace, name = named(name)
            if namespace in without:
                continue
        parted = True
        # Most elements are bare texts that stand once, and those need no call of their own.
        bare = not len(child) and not child.keys()
        value = child.text or "" if bare else tree_of(child, without=without)
        if name in tree:
            _add(tree, name, value)
        else:
            tree[name] = value
    if parted:
        return tree
    text = element.text or ""
    return tree | {"#text": text} if tree else text


def _add(tree: dict[str, Any], name: str, value: Any) -> None:
    if isinstance(tree[name], list):
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
