from gateway.catalogue.part_validator import part_validator

DEFINITIONS = {
    "Pair": {
        "type": "object",
        "properties": {"one": {"$ref": "#/$defs/Word"}},
        "required": ["one"],
        "additionalProperties": False,
    },
    "Word": {"type": "string", "pattern": "^[a-z]+$"},
}


def test_a_part_refers_to_its_neighbours() -> None:
    valid = part_validator(DEFINITIONS, "Pair")
    assert valid({"one": "word"})
    assert not valid({"one": "TWO"})


def test_a_member_that_must_be_there_is_asked_for() -> None:
    assert not part_validator(DEFINITIONS, "Pair")({})
