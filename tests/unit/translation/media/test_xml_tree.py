"""Elements as trees by local name, and back."""

from lxml import etree

from gateway.proof.strict_xml import parse_native
from gateway.translation.media.xml_tree import grow, tree_of


def test_attributes_lists_and_nil_are_kept_apart() -> None:
    root = parse_native(
        b'<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        b'<a c="KZT">1</a><b>2</b><b>3</b><n xsi:nil="true"/><e/></r>'
    )
    assert tree_of(root) == {
        "a": {"@c": "KZT", "#text": "1"},
        "b": ["2", "3"],
        "n": None,
        "e": "",
    }


def test_grown_tree_is_read_as_it_was() -> None:
    tree = {"a": {"@c": "KZT", "#text": "1 < 2"}, "b": ["2", {"d": "3"}], "e": ""}
    root = etree.Element("r")
    grow(root, tree, None)
    assert tree_of(parse_native(etree.tostring(root))) == tree


def test_children_of_passed_over_namespaces_are_left_out() -> None:
    root = parse_native(b'<r><a>1</a><s:S xmlns:s="urn:s"><x>2</x></s:S></r>')
    assert tree_of(root, without=frozenset({"urn:s"})) == {"a": "1"}
