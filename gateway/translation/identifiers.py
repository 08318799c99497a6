"""Identifier schemes: patterns and check digits (country-formats 1.1, R13).

Two tiers. `structure_of` proves the published build, for numbers that a register keeps already.
`state_of` is strict, for numbers that come in: it says `checked` (check digit right) or
`structural` (built right, no check digit exists), or raises. Nothing is ever derived from a
number (R7).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
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


def kz_check_digit(body: str) -> int | None:
    """The twelfth digit of eleven, in two passes modulo 11; None when no such number is issued."""
    check = _weighted(body, KZ_FIRST) % 11
    if check == 10:
        check = _weighted(body, KZ_SECOND) % 11
    return None if check == 10 else check


def kz_check_right(number: str) -> bool:
    """The check digit of an IIN; a BIN has the same by practice, though the order is silent."""
    return kz_check_digit(number[:11]) == int(number[11])


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

    pattern: the published build. possible: what a number that comes in must meet beyond it.
    holder: `person`, `organisation` or `either`. trader: a sole trader gives this personal number
    where an organisation's is asked. build, checked_by: the words of the reference page.
    """

    name: str
    issuer: str
    lengths: tuple[int, ...]
    pattern: re.Pattern[str]
    holder: str
    build: str
    check: Callable[[str], bool] | None = None
    checked_by: str = "none published"
    possible: re.Pattern[str] | None = None
    trader: bool = False


_DAY = r"(0[1-9]|[12]\d|3[01])"
_MONTH = r"(0[1-9]|1[0-2])"
_KZ_CHECK = "weights 1 to 11, modulo 11; on 10 again with 3 to 11, 1, 2; on 10 again never issued"

SCHEMES: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        # The number and the birth date were untied in 2013, so no date is demanded of an IIN.
        Scheme(
            "KZ-IIN",
            "KAZ",
            (12,),
            re.compile(r"\d{12}"),
            "person",
            "YYMMDD; century and sex (odd male); 4 serial; check. Foreigners have one too",
            kz_check_right,
            _KZ_CHECK,
            trader=True,
        ),
        Scheme(
            "KZ-BIN",
            "KAZ",
            (12,),
            re.compile(rf"\d\d{_MONTH}[456][0-4]\d{{6}}"),
            "organisation",
            "YYMM; 4 resident, 5 non-resident, 6 joint sole traders; 0 head office, 1 branch, "
            "2 representative office, 4 farm (3 in old ones); 5 serial; check",
            kz_check_right,
            f"by practice: {_KZ_CHECK}",
        ),
        Scheme(
            "KG-PIN",
            "KGZ",
            (14,),
            # The pattern of the government's own log scanner.
            re.compile(r"[012][0-3]\d[01]\d[12]\d{3}\d{5}"),
            "either",
            "1 female, 2 male, 0 organisation; DDMMYYYY; 5 digits",
            possible=re.compile(rf"[012]{_DAY}{_MONTH}[12]\d{{8}}"),
        ),
        Scheme(
            "UZ-PINFL",
            "UZB",
            (14,),
            re.compile(rf"[1-6]{_DAY}{_MONTH}\d{{9}}"),
            "person",
            "century and sex (odd male); DDMMYY; 3 territory of birth; 3 serial; check",
            uz_check_right,
            "weights 7, 3, 1 repeated over 13 digits, modulo 10",
        ),
        Scheme(
            "UZ-TIN",
            "UZB",
            (9,),
            re.compile(r"[2-6]\d{8}"),
            "either",
            "serial; 2, 3 organisations, 4 to 6 persons",
        ),
        Scheme(
            "TJ-TIN",
            "TJK",
            (9,),
            re.compile(r"\d{9}"),
            "either",
            "no agreed build; a short one is padded with zeros and `TIN-PADDED`",
        ),
        Scheme("TJ-EIN", "TJK", (10,), re.compile(r"\d{10}"), "organisation", "no agreed build"),
        Scheme(
            "RU-INN",
            "RUS",
            (10, 12),
            re.compile(r"\d{10}(\d\d)?"),
            "either",
            "region, office, serial, check; 10 digits organisations, 12 persons",
            ru_inn_right,
            "weights 2, 4, 10, 3, 5, 9, 4, 6, 8, before them 7 and 3, 7 for persons; "
            "modulo 11 modulo 10",
        ),
        Scheme(
            "RU-SNILS",
            "RUS",
            (11,),
            re.compile(r"\d{11}"),
            "person",
            "9 serial, 2 check",
            snils_right,
            "weights 9 to 1, modulo 101; 100 becomes 00",
        ),
    )
}
NEVER_ISSUED = "no number with these first eleven digits is ever issued"


class WrongIdentifier(Exception):
    """A number that is not one of its scheme; `code` is the refusal code."""

    def __init__(self, code: str, rule: str) -> None:
        """code: `identifier.length`, `identifier.pattern` or `identifier.check-digit`."""
        super().__init__(code)
        self.code = code
        self.rule = rule


def structure_of(scheme_name: str, number: str) -> Scheme:
    """The scheme whose published build the number has, for numbers kept already.

    Raises WrongIdentifier and never repeats the number.
    """
    scheme = SCHEMES[scheme_name]
    if len(number) not in scheme.lengths:
        wanted = " or ".join(str(n) for n in scheme.lengths)
        raise WrongIdentifier("identifier.length", f"{scheme_name} has {wanted} digits")
    if not (number.isascii() and scheme.pattern.fullmatch(number)):
        raise WrongIdentifier("identifier.pattern", f"the number is not built like a {scheme_name}")
    return scheme


def state_of(scheme_name: str, number: str) -> str:
    """`checked` or `structural`; raises WrongIdentifier and never repeats the number."""
    scheme = structure_of(scheme_name, number)
    if scheme.possible is not None and not scheme.possible.fullmatch(number):
        raise WrongIdentifier("identifier.pattern", f"a {scheme_name} holds a day and a month")
    if scheme.check is None:
        return "structural"
    if not scheme.check(number):
        never = scheme.issuer == "KAZ" and kz_check_digit(number[:11]) is None
        rule = NEVER_ISSUED if never else f"{scheme_name} check digit is wrong"
        raise WrongIdentifier("identifier.check-digit", rule)
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
    two equals nothing is guessed (R35). Where a named country's organisation is asked for, a sole
    trader's own number stands too. A number that fits nothing, of a named country with one scheme
    for such holders, is of that scheme and will be rated as failed.
    """
    issuer = alpha_3(country) if country else None
    possible, trading = _possible(holder, issuer, "" if home_too else home)
    fitting = [s for s in possible if _fits(s, number)]
    for candidates in (
        [s for s in fitting if s.check is not None],
        [s for s in fitting if s.issuer == home],
        fitting,
        [s for s in trading if _fits(s, number)],
        possible if issuer is not None else (),
    ):
        if len(candidates) == 1:
            return candidates[0].name
        if candidates:
            return None
    return None


@cache
def _possible(
    holder: str, issuer: str | None, other_than: str
) -> tuple[tuple[Scheme, ...], tuple[Scheme, ...]]:
    """Schemes that a holder's number may be of, and those of sole traders, outside one country."""
    abroad = [s for s in SCHEMES.values() if s.issuer != other_than]
    told = [s for s in abroad if issuer is None or s.issuer == issuer]
    trading = [s for s in abroad if s.trader and holder == "organisation" and s.issuer == issuer]
    return tuple(s for s in told if s.holder in (holder, "either")), tuple(trading)


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
