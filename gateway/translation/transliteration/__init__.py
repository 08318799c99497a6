"""Kazakh, Kyrgyz, Tajik, Uzbek and Russian names in Latin letters, and keys to find them by."""

from gateway.translation.transliteration.keys import (
    consonants,
    degraded,
    folded,
    stems,
    without_ezafe,
)
from gateway.translation.transliteration.spelling import (
    could_be,
    icao,
    transliterate,
    transliterated,
    variants,
)

__all__ = [
    "consonants",
    "could_be",
    "degraded",
    "folded",
    "icao",
    "stems",
    "transliterate",
    "transliterated",
    "variants",
    "without_ezafe",
]
