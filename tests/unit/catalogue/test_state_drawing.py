"""Drawings of states: every state and step of a record type is there, inside the picture."""

import pytest
from lxml import etree

from gateway.catalogue.beside import read_beside
from gateway.catalogue.state_drawing import state_drawing
from tests.support.schemas import catalogue


@pytest.mark.parametrize("name", sorted(catalogue().types))
def test_each_state_and_each_step_is_drawn(name: str) -> None:
    beside = read_beside(catalogue().types[name].folder)
    drawing = etree.XML(state_drawing(name, beside))
    assert set(drawing.xpath("//text/text()")) == set(beside.states)
    arrows = drawing.xpath("count(/svg/path)")
    assert arrows == len(beside.steps)


@pytest.mark.parametrize("name", sorted(catalogue().types))
def test_nothing_stands_outside_the_picture(name: str) -> None:
    drawing = etree.XML(state_drawing(name, read_beside(catalogue().types[name].folder)))
    width, height = float(drawing.get("width")), float(drawing.get("height"))
    for box in drawing.xpath("//rect"):
        x, y = float(box.get("x")), float(box.get("y"))
        assert 0 <= x <= x + float(box.get("width")) <= width
        assert 0 <= y <= y + float(box.get("height")) <= height
