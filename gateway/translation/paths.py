"""Paths into trees: native `contract/Salary`, common `person/identifier[scheme=KZ-IIN]`.

A record path selects in lists: `[k=v]` the first element with that member, `[0]` by place.
Placing a value creates what the path names.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

MISSING: Any = object()

_STEP = re.compile(r"([^\[\]]+)((?:\[[^\]]+\])*)")

Conditions = tuple[tuple[str, str], ...]
Step = tuple[str, int | None, Conditions]


@lru_cache(maxsize=4096)
def steps(path: str) -> tuple[Step, ...]:
    """(name, place in the list, conditions on the list's elements) of each step."""
    found = []
    for part in path.split("/"):
        matched = _STEP.fullmatch(part)
        if matched is None:
            message = f"not a path: {path}"
            raise ValueError(message)
        name, selectors = matched[1], re.findall(r"\[([^\]]+)\]", matched[2])
        place = next((int(s) for s in selectors if s.isdigit()), None)
        conditions = tuple((k, v) for k, _, v in (s.partition("=") for s in selectors) if v)
        found.append((name, place, conditions))
    return tuple(found)


def _index(elements: list[Any], place: int | None, conditions: Conditions) -> int | None:
    if place is not None:
        return place if place < len(elements) else None
    for index, element in enumerate(elements):
        for name, wanted in conditions:
            if element.get(name) != wanted:
                break
        else:
            return index
    return None


def pick(record: dict[str, Any], path: str) -> tuple[Any, str]:
    """The value at a record path and its JSON pointer; (MISSING, "") when there is none."""
    node: Any = record
    names, pointer = _names_only(path)
    if pointer:
        for name in names:
            if name not in node:
                return MISSING, ""
            node = node[name]
        return node, pointer
    for name, place, conditions in steps(path):
        if name not in node:
            return MISSING, ""
        node = node[name]
        pointer = f"{pointer}/{name}"
        if place is not None or conditions:
            index = _index(node, place, conditions)
            if index is None:
                return MISSING, ""
            node, pointer = node[index], f"{pointer}/{index}"
    return node, pointer


@lru_cache(maxsize=4096)
def _names_only(path: str) -> tuple[tuple[str, ...], str]:
    """The names of a path without selectors and its pointer; both empty for another path."""
    if "[" in path:
        return (), ""
    return tuple(name for name, _, _ in steps(path)), plain(path)


def put(record: dict[str, Any], path: str, value: Any) -> tuple[int, ...]:
    """Place a value, creating objects and list elements; gives the places taken in lists."""
    above, (name, place, conditions) = _cut(path)
    node, places = hold(record, above)
    if place is None and not conditions:
        join(node, name, value)
        return places
    return (*places, put_element(node.setdefault(name, []), place, conditions, value))


def put_element(elements: list[Any], place: int | None, conditions: Conditions, value: Any) -> int:
    """Place a value as an element of a list; gives its place."""
    index = element(elements, place, conditions)
    if isinstance(value, dict) and place is not None:
        elements[index].update(value)
    else:
        elements[index] = value
    return index


def hold(record: dict[str, Any], above: tuple[Step, ...]) -> tuple[dict[str, Any], tuple[int, ...]]:
    """The object that steps lead to, made where it is not there, and the places taken in lists."""
    node: Any = record
    places: tuple[int, ...] = ()
    for name, place, conditions in above:
        if place is None and not conditions:
            node = node.setdefault(name, {})
            continue
        elements = node.setdefault(name, [])
        index = element(elements, place, conditions)
        node, places = elements[index], (*places, index)
    return node, places


def element(elements: list[Any], place: int | None, conditions: Conditions) -> int:
    """The place of the element that is meant, made where it is not there."""
    index = _index(elements, place, conditions)
    if index is None:
        index = len(elements)
        elements.append(dict(conditions))
    return index


@lru_cache(maxsize=4096)
def _cut(path: str) -> tuple[tuple[Step, ...], Step]:
    *above, last = steps(path)
    return tuple(above), last


def pointer_of(path: str, places: tuple[int, ...]) -> str:
    """The JSON pointer of a path whose lists have these places."""
    left = iter(places)
    told = ""
    for name, place, conditions in steps(path):
        told = f"{told}/{name}"
        if place is not None or conditions:
            told = f"{told}/{next(left)}"
    return told


def join(node: dict[str, Any], name: str, value: Any) -> None:
    """Place a member; two fields may make one object together: an occupation's code and words."""
    if isinstance(value, dict) and isinstance(node.get(name), dict):
        node[name].update(value)
    else:
        node[name] = value


def plain(path: str) -> str:
    """A pointer without places: what a path names, when nothing stands there."""
    return "".join(f"/{name}" for name, _, _ in steps(path))


@lru_cache(maxsize=4096)
def names(path: str) -> tuple[str, ...]:
    """The names of a native path."""
    return tuple(path.split("/"))


def native_pick(tree: Any, path: str) -> Any:
    """The value at a native path; MISSING when a step is absent or not an object."""
    node = tree
    for name in names(path):
        if not isinstance(node, dict) or name not in node:
            return MISSING
        node = node[name]
    return node


def native_put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Place a value at a native path, creating the objects on the way."""
    *parents, last = names(path)
    node = tree
    for name in parents:
        node = node.setdefault(name, {})
    node[last] = value


# Native paths as a tree of names; what a field carries whole stands for itself and all below it.
Declared = dict[str, "Declared | None"]
_NONE: Declared = {}


def declared_tree(paths: Iterable[str]) -> Declared:
    """Native paths by the names on their way; None ends one."""
    root: Declared = {}
    for path in sorted(paths, key=len):
        *above, last = names(path)
        node: Declared | None = root
        for name in above:
            node = None if node is None else node.setdefault(name, {})
        if node is not None:
            node[last] = None
    return root


def uncovered(node: dict[str, Any], declared: Declared, path: str = "") -> dict[str, Any]:
    """Path → value of every scalar that says something and stands below no declared path.

    path: of the node, with places in lists; layouts declare paths without them.
    """
    found: dict[str, Any] = {}
    for name, child in node.items():
        below = declared.get(name, _NONE)
        if below is None:
            continue
        if isinstance(child, dict):
            found |= uncovered(child, below, f"{path}/{name}")
        elif isinstance(child, list):
            found |= _uncovered_in(child, below, f"{path}/{name}")
        elif child is not None and child != "":
            found[f"{path}/{name}"] = child
    return found


def _uncovered_in(elements: list[Any], declared: Declared, path: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, element in enumerate(elements):
        if isinstance(element, dict):
            found |= uncovered(element, declared, f"{path}/{place}")
        elif isinstance(element, list):
            found |= _uncovered_in(element, declared, f"{path}/{place}")
        elif element is not None and element != "":
            found[f"{path}/{place}"] = element
    return found


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar that says something, with its path; lists add their places."""
    if isinstance(node, dict):
        for name, child in node.items():
            yield from leaves(child, f"{path}/{name}")
    elif isinstance(node, list):
        for place, child in enumerate(node):
            yield from leaves(child, f"{path}/{place}")
    elif node is not None and node != "":
        yield path, node
