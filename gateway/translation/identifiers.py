"""Identifier schemes: patterns and check digits (country-formats 1.1, R13).

`state_of` says `checked` (check digit right), `structural` (pattern right, no check digit exists)
or raises; nothing is ever derived from a number (R7).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import mul

from gateway.translation.codes import alpha_3

KZ_FIRST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
KZ_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
RU_ENTITY = (2, 4, 10, 3, 5, 9, 4, 6, 8)
RU_PERSON_11 = (7, *RU_ENTITY)
RU_PERSON_12 = (3, *RU_PERSON_11)
RU_PERSON_DIGITS = 12


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(map(mul, map(int, digits), weights))


def kz_check_right(number: str) -> bool:
    """Two passes modulo 11; when the second gives 10 too, the number is never issued."""
    check = _weighted(number, KZ_FIRST) % 11
    if check == 10:
        check = _weighted(number, KZ_SECOND) % 11
    return check == int(number[11])


def uz_check_right(number: str) -> bool:
    """Weights 7, 3, 1 repeated over thirteen digits, modulo 10."""
    return _weighted(number[:13], (7, 3, 1) * 5) % 10 == int(number[13])


def ru_inn_right(number: str) -> bool:
    """Ten digits with one check digit (organisations) or twelve with two (persons)."""
    if len(number) == RU_PERSON_DIGITS:
        first = _weighted(number[:10], RU_PERSON_11) % 11 % 10
        second = _weighted(number[:11], RU_PERSON_12) % 11 % 10
        return number[10:] == f"{first}{second}"
    return _weighted(number[:9], RU_ENTITY) % 11 % 10 == int(number[9])


def snils_right(number: str) -> bool:
    """Weights 9 to 1, modulo 101; 100 becomes 00."""
    return _weighted(number[:9], (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 101 % 100 == int(number[9:])


@dataclass(frozen=True, slots=True)
class Scheme:
    """One identifier scheme: who issues it, how long it is, what it looks like.

    dated: where the number holds a birth date (and a sex digit), for comparison only.
    """

    name: str
    issuer: str
    lengths: tuple[int, ...]
    pattern: re.Pattern[str]
    holder: str
    check: Callable[[str], bool] | None = None


_DAY = r"(0[1-9]|[12]\d|3[01])"
_MONTH = r"(0[1-9]|1[0-2])"

SCHEMES: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        Scheme("KZ-IIN", "KAZ", (12,), re.compile(r"\d{12}"), "person", kz_check_right),
        Scheme(
            "KZ-BIN",
            "KAZ",
            (12,),
            re.compile(rf"\d\d{_MONTH}[456][0-4]\d{{6}}"),
            "organisation",
            kz_check_right,
        ),
        Scheme("KG-PIN", "KGZ", (14,), re.compile(rf"[012]{_DAY}{_MONTH}[12]\d{{8}}"), "either"),
        Scheme(
            "UZ-PINFL",
            "UZB",
            (14,),
            re.compile(rf"[1-6]{_DAY}{_MONTH}\d{{9}}"),
            "person",
            uz_check_right,
        ),
        Scheme("UZ-TIN", "UZB", (9,), re.compile(r"[2-6]\d{8}"), "either"),
        Scheme("TJ-TIN", "TJK", (9,), re.compile(r"\d{9}"), "either"),
        Scheme("TJ-EIN", "TJK", (10,), re.compile(r"\d{10}"), "organisation"),
        Scheme("RU-INN", "RUS", (10, 12), re.compile(r"\d{10}(\d\d)?"), "either", ru_inn_right),
        Scheme("RU-SNILS", "RUS", (11,), re.compile(r"\d{11}"), "person", snils_right),
    )
}


class WrongIdentifier(Exception):
    """A number that is not one of its scheme; `code` is the refusal code."""

    def __init__(self, code: str, rule: str) -> None:
        """code: `identifier.length`, `identifier.pattern` or `identifier.check-digit`."""
        super().__init__(code)
        self.code = code
        self.rule = rule


def state_of(scheme_name: str, number: str) -> str:
    """`checked` or `structural`; raises WrongIdentifier and never repeats the number."""
    scheme = SCHEMES[scheme_name]
    if len(number) not in scheme.lengths:
        wanted = " or ".join(str(n) for n in scheme.lengths)
        raise WrongIdentifier("identifier.length", f"{scheme_name} has {wanted} digits")
    if not (number.isascii() and scheme.pattern.fullmatch(number)):
        raise WrongIdentifier("identifier.pattern", f"the number is not built like a {scheme_name}")
    if scheme.check is None:
        return "structural"
    if not scheme.check(number):
        raise WrongIdentifier("identifier.check-digit", f"{scheme_name} check digit is wrong")
    return "checked"


def _fits(scheme: Scheme, number: str) -> bool:
    built = len(number) in scheme.lengths and scheme.pattern.fullmatch(number) is not None
    return built and number.isascii() and (scheme.check is None or scheme.check(number))


def scheme_of(
    number: str, *, holder: str, country: str | None, home: str, home_too: bool
) -> str | None:
    """The one scheme that an unlabelled number can belong to, else None.

    holder: `person` or `organisation`. country: any ISO 3166-1 code, when the layout names the
    issuing country. home: alpha-3 of the layout's own country, whose numbers stand here only if
    home_too. A right check digit outweighs a mere pattern, then the home country rules; between
    two equals nothing is guessed (R35). A number that fits nothing, of a named country with one
    scheme of that length, is of that scheme and will be rated as failed.
    """
    issuer = alpha_3(country) if country else None
    possible = [
        scheme
        for scheme in SCHEMES.values()
        if scheme.holder in (holder, "either")
        and (home_too or scheme.issuer != home)
        and (issuer is None or scheme.issuer == issuer)
    ]
    fitting = [s for s in possible if _fits(s, number)]
    for candidates in (
        [s for s in fitting if s.check is not None],
        [s for s in fitting if s.issuer == home],
        fitting,
        possible if issuer is not None else [],
    ):
        if len(candidates) == 1:
            return candidates[0].name
        if candidates:
            return None
    return None


def birth_and_sex_agree(
    scheme_name: str, number: str, birth_date: str | None, sex: str | None
) -> tuple[bool, bool]:
    """Compare a number with a full birth date (ISO) and sex (`1`, `2`) that are given (R17)."""
    spelled = _spelled(scheme_name, number)
    if spelled is None:
        return True, True
    day_month_year, male = spelled
    date_agrees = birth_date is None or birth_date.replace("-", "").endswith(day_month_year)
    sex_agrees = sex not in ("1", "2") or male is None or (sex == "1") == male
    return date_agrees, sex_agrees


def _spelled(scheme_name: str, number: str) -> tuple[str, bool | None] | None:
    """The date digits as YYMMDD (or YYYYMMDD) and whether the sex digit says male."""
    if scheme_name == "KZ-IIN":
        return number[:6], int(number[6]) % 2 == 1 if number[6] in "123456" else None
    if scheme_name == "UZ-PINFL":
        return number[5:7] + number[3:5] + number[1:3], int(number[0]) % 2 == 1
    if scheme_name == "KG-PIN" and number[0] in "12":
        return number[5:9] + number[3:5] + number[1:3], number[0] == "2"
    return None
