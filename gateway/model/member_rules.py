"""Which members of a record may travel: allowed, withheld and masked, by member path.

A path names members from the record down, `/person/identifier/value`; a member that repeats counts
with all its entries, so that no path holds a number. What is said of a member holds for all below.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.model.masking import Mask

# Paths come out of schemas, so they are few; no list of them grows beyond this.
_MOST_KNOWN = 10_000
# Names below a node of the rules; a name without any below it is judged as a whole.
Tree = dict[str, "Tree"]


@dataclass(frozen=True, slots=True)
class MemberRules:
    """The member rules of one grant, made ready for many decisions.

    allowed: None for all members. opened: allowed paths and those above them. tree: the names to
    go into; below_withheld, below_allowed: the paths with a slash behind. known: whether a path is
    withheld, remembered once it was judged, since every record of a type has the same few.
    """

    allowed: frozenset[str] | None
    withheld: frozenset[str]
    masked: Mapping[str, Mask]
    opened: frozenset[str]
    tree: Tree
    below_withheld: tuple[str, ...]
    below_allowed: tuple[str, ...]
    known: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)


def member_rules(
    allowed: Iterable[str] | None, withheld: Iterable[str], masked: Mapping[str, Mask]
) -> MemberRules:
    """Make the rules ready. Whatever `allowed` does not name is withheld; None allows all."""
    listed = None if allowed is None else frozenset(allowed)
    kept_back = frozenset(withheld)
    tree: Tree = {}
    for path in (*(listed or ()), *kept_back, *masked):
        node = tree
        for name in path.split("/")[1:]:
            node = node.setdefault(name, {})
    opened = frozenset(above for path in listed or () for above in (path, *parents(path)))
    return MemberRules(
        listed,
        kept_back,
        dict(sorted(masked.items())),
        opened,
        tree,
        _below(kept_back),
        _below(listed or ()),
    )


def paths_asked(rules: MemberRules, record: Mapping[str, Any]) -> frozenset[str]:
    """Give the paths of a record's members, as deep as the rules go and no deeper.

    A value that rules go into and that has no members is named with a slash behind: what a list of
    allowed members says of those below it opens no value of its own.
    """
    found: set[str] = set()
    _walk(record, rules.tree, "", found)
    return frozenset(found)


def withheld_of(rules: MemberRules, members: frozenset[str]) -> tuple[str, ...]:
    """Give the members that may not travel, the highest of each branch, in order."""
    if rules.allowed is None and not rules.withheld:
        return ()
    known = rules.known
    try:
        found = [one for one in members if known[one]]
    except KeyError:
        if len(known) > _MOST_KNOWN:
            known.clear()
        known |= {one: _is_withheld(rules, one) for one in members}
        found = [one for one in members if known[one]]
    return _highest(found)


def masked_of(rules: MemberRules, members: frozenset[str]) -> tuple[str, ...]:
    """Give the members that travel masked, in order."""
    return tuple(one for one in rules.masked if one in members)


def without(record: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Give the record without these members; an object or list that is left empty goes too."""
    left = dict(record)
    for path in paths:
        left = _drop(left, path.split("/")[1:])
    return left


def masked(record: Mapping[str, Any], masks: Mapping[str, Mask]) -> dict[str, Any]:
    """Give the record with the values at these paths masked; what is not there stays absent."""
    made = dict(record)
    for path, mask in masks.items():
        made = _change(made, path.split("/")[1:], mask)
    return made


def parents(path: str) -> list[str]:
    """Give the paths above a path, the nearest first: `/a/b` of `/a/b/c`, then `/a`."""
    names = path.split("/")
    return ["/".join(names[:depth]) for depth in range(len(names) - 1, 1, -1)]


def _is_withheld(rules: MemberRules, path: str) -> bool:
    if path in rules.withheld or path.startswith(rules.below_withheld):
        return True
    if rules.allowed is None or path in rules.opened:
        return False
    return not path.startswith(rules.below_allowed)


def _walk(node: Mapping[str, Any], tree: Tree, base: str, found: set[str]) -> None:
    for name, value in node.items():
        path = f"{base}/{name}"
        found.add(path)
        below = tree.get(name)
        if not below:
            continue
        for one in value if isinstance(value, list) else (value,):
            if isinstance(one, dict):
                _walk(one, below, path, found)
            else:
                found.add(f"{path}/")


def _highest(paths: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for one in sorted({path.rstrip("/") for path in paths}):
        # No sign of a name sorts before the slash, so that what is above stands just before.
        if not found or not one.startswith(f"{found[-1]}/"):
            found.append(one)
    return tuple(found)


def _drop(node: dict[str, Any], names: list[str]) -> dict[str, Any]:
    name, below = names[0], names[1:]
    if name not in node:
        return node
    left = {one: value for one, value in node.items() if one != name}
    if not below:
        return left
    value = node[name]
    kept = [_drop(one, below) if isinstance(one, dict) else one for one in _entries(value)]
    kept = [one for one in kept if one != {}]
    if not kept:
        return left
    # Written over the copy of the whole, so that the order of the members stays.
    return {**node, name: kept if isinstance(value, list) else kept[0]}


def _change(node: dict[str, Any], names: list[str], mask: Mask) -> dict[str, Any]:
    name, below = names[0], names[1:]
    if name not in node:
        return node
    value = node[name]
    made = [
        mask.apply(one)
        if not below
        else _change(one, below, mask)
        if isinstance(one, dict)
        else one
        for one in _entries(value)
    ]
    return {**node, name: made if isinstance(value, list) else made[0]}


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _below(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{one}/" for one in sorted(paths))
