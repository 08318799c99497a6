"""The machine-readable zone of travel documents: ICAO Doc 9303 parts 3 to 7.

Read and written: TD3 (passport), TD1 and TD2 (cards), MRV-A and MRV-B (visas). Nothing is derived
from a zone (R7); what it spells is only compared with what a record gives (`document_doubts.py`).
"""

import re
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from gateway.model.refusal import Refusal

Span = tuple[int, int]
FILLER = "<"
_WEIGHTS = (7, 3, 1)
_VALUES = {letter: value for value, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_ZONE = re.compile(r"[0-9A-Z<]+")
_DATE = re.compile(r"[0-9<]{6}")
_STATE = re.compile(r"[A-Z]{1,3}")
_ANY = re.compile(r"[0-9A-Z<]*")
_RULES = {
    "kind": re.compile(r"[A-Z][A-Z]?"),
    "issuer": _STATE,
    "nationality": _STATE,
    "number": re.compile(r"[0-9A-Z]*"),
    "birth": _DATE,
    "expires": _DATE,
    "family": re.compile(r"[A-Z]+([ -][A-Z]+)*"),
    "given": re.compile(r"([A-Z]+([ -][A-Z]+)*)?"),
}
_NUMBER_DIGITS = 9
_LONG_NUMBERS = ("TD1", "TD2")


@dataclass(frozen=True, slots=True)
class Form:
    """One size of zone: where each part stands when its lines are put end to end.

    checked: part → place of its check digit. composite: the spans under the last check digit.
    """

    name: str
    lines: int
    width: int
    spans: dict[str, Span]
    checked: dict[str, int]
    composite: tuple[Span, ...]
    visa: bool = False


def _two_lines(name: str, width: int, optional: int, *, visa: bool = False) -> Form:
    at = width
    spans = {
        "kind": (0, 2),
        "issuer": (2, 5),
        "names": (5, width),
        "number": (at, at + 9),
        "nationality": (at + 10, at + 13),
        "birth": (at + 13, at + 19),
        "sex": (at + 20, at + 21),
        "expires": (at + 21, at + 27),
        "optional": (at + 28, at + 28 + optional),
    }
    checked = {"number": at + 9, "birth": at + 19, "expires": at + 27}
    end = at + 28 + optional
    if name == "TD3":
        checked["optional"] = end
        end += 1
    composite = () if visa else ((at, at + 10), (at + 13, at + 20), (at + 21, end))
    return Form(name, 2, width, spans, checked, composite, visa)


_TD1 = Form(
    "TD1",
    3,
    30,
    {
        "kind": (0, 2),
        "issuer": (2, 5),
        "number": (5, 14),
        "optional": (15, 30),
        "birth": (30, 36),
        "sex": (37, 38),
        "expires": (38, 44),
        "nationality": (45, 48),
        "more": (48, 59),
        "names": (60, 90),
    },
    {"number": 14, "birth": 36, "expires": 44},
    ((5, 30), (30, 37), (38, 45), (48, 59)),
)
FORMS = {
    form.name: form
    for form in (
        _TD1,
        _two_lines("TD2", 36, 7),
        _two_lines("TD3", 44, 14),
        _two_lines("MRV-A", 44, 16, visa=True),
        _two_lines("MRV-B", 36, 8, visa=True),
    )
}
_LAST = {"TD1": 59, "TD2": 71, "TD3": 87}


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a zone spells, fillers taken off.

    kind: one or two letters, `P`, `ID`, `V`. issuer, nationality: up to three letters. birth,
    expires: YYMMDD, unknown digits as `<`. sex: `M`, `F` or empty. optional, more: the fields
    that the issuing state fills as it likes. family, given: words in A to Z; a person of one
    name has it as family.
    """

    form: str
    kind: str
    issuer: str
    number: str
    nationality: str
    birth: str
    sex: str
    expires: str
    family: str
    given: str = ""
    optional: str = ""
    more: str = ""


def check_digit(text: str) -> str:
    """Weights 7, 3, 1; A to Z are 10 to 35, the filler is 0; modulo 10 (9303-3, 4.9)."""
    total = sum(
        _VALUES.get(letter, 0) * weight
        for letter, weight in zip(text, cycle(_WEIGHTS), strict=False)
    )
    return str(total % 10)


def read(text: str) -> Mrz:
    """Take a zone apart; its lines may stand apart or end to end.

    Refuses `mrz.malformed`, or `mrz.check-digit` with the part as place, never its content.
    """
    zone = "".join(text.split())
    form = _form_of(zone)
    parts = {name: zone[start:end] for name, (start, end) in form.spans.items()}
    checks = {name: zone[place] for name, place in form.checked.items()}
    _take_long_number(form, parts, checks)
    for name, given in checks.items():
        _prove(parts[name], given, name)
    if form.composite:
        _prove("".join(zone[a:b] for a, b in form.composite), zone[_LAST[form.name]], "composite")
    family, _, given_names = parts.pop("names").rstrip(FILLER).partition(FILLER * 2)
    if not family:
        raise _malformed("a zone holds a name")
    bare = {name: part.rstrip(FILLER) for name, part in parts.items()}
    return Mrz(
        **bare | {"birth": parts["birth"], "expires": parts["expires"]},
        form=form.name,
        family=_words(family),
        given=_words(given_names),
    )


def write(mrz: Mrz) -> str:
    """The lines of a zone, parted by line feeds; names that are too long are cut (9303-3, 4.6).

    Refuses `mrz.malformed` when a part cannot stand in its field.
    """
    form = FORMS[mrz.form]
    parts = _parts(mrz, form)
    zone = [FILLER] * (form.lines * form.width)
    checks = {name: check_digit(parts[name]) for name in form.checked}
    if len(mrz.number) > _NUMBER_DIGITS and form.name in _LONG_NUMBERS:
        head, tail = mrz.number[:_NUMBER_DIGITS], mrz.number[_NUMBER_DIGITS:]
        parts["optional"] = f"{tail}{check_digit(mrz.number)}<{mrz.optional}"
        parts["number"], checks["number"] = head, FILLER
    for name, (start, end) in form.spans.items():
        if len(parts[name]) > end - start:
            raise _malformed("a part is longer than its field", name)
        zone[start:end] = parts[name].ljust(end - start, FILLER)
    for name, place in form.checked.items():
        zone[place] = checks[name]
    if form.composite:
        whole = "".join(zone)
        zone[_LAST[form.name]] = check_digit("".join(whole[a:b] for a, b in form.composite))
    whole = "".join(zone)
    return "\n".join(whole[at : at + form.width] for at in range(0, len(whole), form.width))


def name_of(zone: Mrz) -> dict[str, Any]:
    """The name that a zone spells, as a `PersonName` of the form `mrz`.

    The given names of a zone hold the patronymic too and are not parted; a single name stands
    whole (R12). The other way, `transliteration.icao` spells what `family` and `given` take.
    """
    told = {"form": "mrz", "script": "Latn"}
    if not zone.given:
        return {**told, "full": zone.family, "noFamilyName": True}
    full = f"{zone.family} {zone.given}"
    return {**told, "family": zone.family, "given": zone.given, "full": full}


def _form_of(zone: str) -> Form:
    if not _ZONE.fullmatch(zone):
        raise _malformed("a zone holds A to Z, 0 to 9 and fillers only")
    visa = zone[0] == "V"
    for form in FORMS.values():
        if form.visa == visa and len(zone) == form.lines * form.width:
            return form
    raise _malformed("a zone has two lines of 44 or 36 letters, or three of 30")


def _take_long_number(form: Form, parts: dict[str, str], checks: dict[str, str]) -> None:
    # 9303-5 and -6, note j: a number of more than nine letters goes on in the optional field,
    # with its check digit behind it, and a filler stands where the check digit would.
    if checks["number"] != FILLER or form.name not in _LONG_NUMBERS:
        return
    tail, _, parts["optional"] = parts["optional"].partition(FILLER)
    if not tail:
        raise _malformed("a filler in place of the check digit needs a longer number", "number")
    parts["number"], checks["number"] = parts["number"] + tail[:-1], tail[-1]


def _prove(text: str, given: str, place: str) -> None:
    # 9303-4: the check digit of an empty optional field may be a filler.
    if given == FILLER and place == "optional" and not text.strip(FILLER):
        return
    if given != check_digit(text):
        raise Refusal(
            "mrz.check-digit", step="translate", rule="a check digit is wrong", place=place
        )


def _parts(mrz: Mrz, form: Form) -> dict[str, str]:
    if (mrz.kind[:1] == "V") != form.visa or mrz.sex not in {"M", "F", ""}:
        raise _malformed("the kind or the sex does not suit the form", "kind")
    parts = {name: getattr(mrz, name) for name in form.spans if name != "names"}
    for name, text in {**parts, "family": mrz.family, "given": mrz.given}.items():
        if not _RULES.get(name, _ANY).fullmatch(text):
            raise _malformed("a part holds what its field cannot", name)
    start, end = form.spans["names"]
    return {**parts, "names": _fitted(mrz.family, mrz.given, end - start)}


def _fitted(family: str, given: str, width: int) -> str:
    """Both names in a field; when they do not fit, something of each stays (9303-3, 4.6)."""
    first, second = (re.sub(r"[ -]", FILLER, name) for name in (family, given))
    if not second:
        return first[:width].rstrip(FILLER)
    first = first[: max(width - 3, 1)].rstrip(FILLER)
    return f"{first}{FILLER * 2}{second}"[:width].rstrip(FILLER)


def _words(text: str) -> str:
    return " ".join(word for word in text.split(FILLER) if word)


def _malformed(rule: str, place: str = "") -> Refusal:
    return Refusal("mrz.malformed", step="translate", rule=rule, place=place)
