"""What the address of a page asks for, taken only where it can be meant."""

from flask import request

# The longest number of a row that both databases hold.
_DIGITS = 18


def number_asked(name: str) -> int:
    """Give the number in a parameter, 0 when it holds none."""
    told = text_asked(name)
    return int(told) if told.isascii() and told.isdigit() and len(told) <= _DIGITS else 0


def text_asked(name: str) -> str:
    """Give the text in a parameter, none when it holds what no column does, such as a NUL."""
    told = request.args.get(name, "")
    return told if told.isprintable() else ""
