"""Encodings of foreign text: decided for a whole file by dictionary words, never by letter.

Profiles are data of the countries (`country.toml`): a codec, letters to replace, and words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.model.refusal import Refusal

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class EncodingProfile:
    """One way in which texts of a country get written.

    name: None for real letters. codecs: Python codecs that may hold it. letters: what replaces
    what after decoding. words: dictionary words as they must then read, casefolded.
    """

    name: str | None
    codecs: tuple[str, ...]
    letters: dict[int, str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Attempt:
    score: int
    text: str
    name: str | None


def decoded(data: bytes, profiles: Sequence[EncodingProfile]) -> tuple[str, str | None]:
    """The text and the name of its encoding profile (None: real letters).

    UTF-8 without dictionary words is taken as it is; any other encoding must be proved by words,
    and two readings that are equally good are refused: `text.encoding`.
    """
    plain = _decode(data, "utf-8-sig")
    attempts = [
        attempt
        for profile in profiles
        for codec in (("utf-8-sig",) if plain is not None else profile.codecs)
        if (attempt := _attempt(data, codec, profile)) is not None
    ]
    best = max((attempt.score for attempt in attempts), default=0)
    if best == 0:
        if plain is None:
            raise _unsure("no dictionary word proves the encoding")
        return plain, None
    winners = [attempt for attempt in attempts if attempt.score == best]
    if len({winner.text for winner in winners}) > 1:
        raise _unsure("two encodings read the file equally well")
    real = next((winner for winner in winners if winner.name is None), winners[0])
    return real.text, real.name


def _attempt(data: bytes, codec: str, profile: EncodingProfile) -> _Attempt | None:
    text = _decode(data, codec)
    if text is None:
        return None
    text = text.translate(profile.letters)
    found = sum(word in profile.words for word in _WORD.findall(text.casefold()))
    return _Attempt(found, text, profile.name)


def _decode(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _unsure(rule: str) -> Refusal:
    return Refusal("text.encoding", step="translate", rule=rule)
