"""Base64url without padding, in the one spelling that encoding gives (RFC 7515 section 2)."""

from binascii import a2b_base64, b2a_base64

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_STANDARD, _URL = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")
_PADS = (b"", b"", b"==", b"=")
# By a text's length modulo 4, how it may end: bits that are left over are zero (RFC 4648, 3.5).
_ENDS = (_ALPHABET, b"", b"AQgw", b"AEIMQUYcgkosw048")


def encode(octets: bytes) -> bytes:
    """Give the text, in ASCII."""
    return b2a_base64(octets, newline=False).rstrip(b"=").translate(_URL)


def decode(text: bytes) -> bytes:
    """Give the octets of a text that `encode` would write for them; ValueError for any other."""
    over = len(text) & 3
    if text.translate(None, _ALPHABET) or (text and text[-1] not in _ENDS[over]):
        raise ValueError("each octet sequence has one spelling in base64url")
    return a2b_base64(text.translate(_STANDARD) + _PADS[over])
