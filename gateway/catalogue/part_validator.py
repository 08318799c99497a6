"""A compiled validator for one part of the generated JSON Schema."""

from collections.abc import Callable, Mapping
from typing import Any

import jsonschema_rs


def part_validator(definitions: Mapping[str, Any], name: str) -> Callable[[Any], bool]:
    """Give a function that tells whether a value is of the type `name` in `$defs`.

    It raises UnicodeEncodeError for a text with a lone surrogate.
    """
    document = {"$ref": f"#/$defs/{name}", "$defs": dict(definitions)}
    return jsonschema_rs.Draft202012Validator(document).is_valid
