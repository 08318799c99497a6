"""Time and randomness as arguments: the two protocols every step takes instead of reading them."""

from collections.abc import Callable
from datetime import datetime

# Gives the present instant, always timezone-aware UTC.
Clock = Callable[[], datetime]

# Gives `n` unpredictable bytes (n >= 1).
Entropy = Callable[[int], bytes]
