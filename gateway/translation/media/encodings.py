"""Encodings of foreign text: decided for a whole file by dictionary words, never by letter.

Profiles are data of the countries (`country.toml`): a codec, letters to replace, and words.
"""

import codecs
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.model.refusal import Refusal

_UTF_8 = "utf-8-sig"
# Titles and headings hold the words; a file is judged by its head.
_HEAD = 65_536
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
class Decoding:
    """How a file's bytes become text: a codec, letters to replace, the profile's name."""

    codec: str
    letters: dict[int, str]
    name: str | None

    def lines(self, data: bytes) -> Iterator[str]:
        """The text line by line, line ends kept, never held as a whole."""
        text = io.TextIOWrapper(io.BytesIO(data), encoding=self.codec, newline="")
        return (line.translate(self.letters) for line in text) if self.letters else iter(text)


@dataclass(frozen=True, slots=True)
class _Attempt:
    score: int
    text: str
    decoding: Decoding


@dataclass(frozen=True, slots=True)
class _Words:
    """The letters and the casefolded words of texts: most profiles leave a text as it is."""

    known: dict[str, tuple[frozenset[int], Counter[str]]]

    def count(self, text: str, profile: EncodingProfile) -> tuple[int, str]:
        """Give how many words of the text are the profile's, and the text in its letters."""
        if not self._of(text)[0].isdisjoint(profile.letters):
            text = text.translate(profile.letters)
        words = self._of(text)[1]
        return sum(words[one] for one in profile.words & words.keys()), text

    def _of(self, text: str) -> tuple[frozenset[int], Counter[str]]:
        if text not in self.known:
            letters = frozenset(map(ord, set(text)))
            self.known[text] = letters, Counter(_WORD.findall(text.casefold()))
        return self.known[text]


def told(data: bytes, profiles: Sequence[EncodingProfile]) -> Decoding:
    """The decoding of a file, told by the words at its head; the rest must be readable by it.

    UTF-8, and UTF-16 that says its byte order, are taken as they are; any other encoding must be
    proved by words, and two readings that are equally good are refused: `text.encoding`.
    """
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    head = data[:_HEAD]
    if len(data) > _HEAD and not wide:
        head = head.rpartition(b"\n")[0]
    decoding = _by_words(head, profiles, "utf-16" if wide else _UTF_8)
    if len(head) < len(data):
        # The head was read by it.
        require_readable(data, decoding.codec)
    return decoding


def _by_words(head: bytes, profiles: Sequence[EncodingProfile], unicode: str) -> Decoding:
    plain = _decode(head, unicode)
    read = _Words({})
    attempts = [
        attempt
        for profile in profiles
        for codec in ((unicode,) if plain is not None else profile.codecs)
        if (attempt := _attempt(head, codec, profile, read)) is not None
    ]
    best = max((attempt.score for attempt in attempts), default=0)
    if best == 0:
        if plain is None:
            raise _unsure("no dictionary word proves the encoding")
        return Decoding(unicode, {}, None)
    winners = [attempt for attempt in attempts if attempt.score == best]
    # A font's letters are proved only by more words than the letters have as they stand.
    winners = [winner for winner in winners if winner.text == plain] or winners
    if len({winner.text for winner in winners}) > 1:
        raise _unsure("two encodings read the file equally well")
    real = next((winner for winner in winners if winner.decoding.name is None), winners[0])
    return real.decoding


def require_readable(data: bytes, codec: str) -> None:
    """Refuse `text.encoding` when a codec does not read the whole file."""
    reader = codecs.getincrementaldecoder(codec)()
    try:
        for start in range(0, len(data), _HEAD):
            reader.decode(data[start : start + _HEAD])
        reader.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _unsure("the file leaves the encoding in which it begins") from None


def _attempt(head: bytes, codec: str, profile: EncodingProfile, read: _Words) -> _Attempt | None:
    text = _decode(head, codec)
    if text is None:
        return None
    found, text = read.count(text, profile)
    return _Attempt(found, text, Decoding(codec, profile.letters, profile.name))


def _decode(head: bytes, codec: str) -> str | None:
    try:
        return head.decode(codec)
    except UnicodeDecodeError:
        return None


def _unsure(rule: str) -> Refusal:
    return Refusal("text.encoding", step="translate", rule=rule)
