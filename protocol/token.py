"""The token in a ticket's QR: 24 Crockford base32 characters only a kiosk can make.

120 bit: key id 16 · serial 40 · the first 8 bytes of HMAC-SHA256 over those 7 bytes
(big-endian) with the kiosk's `token_key`. The server verifies it before it has heard of
the ticket, so a visitor can register while the kiosk is offline.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_READ_AS = str.maketrans("OIL", "011")
LENGTH = 24
MAX_SERIAL = (1 << 40) - 1
MAX_KEY_ID = (1 << 16) - 1


class BadToken(ValueError):
    """Not a token this city issued: malformed, altered or forged."""


@dataclass(frozen=True, slots=True)
class Token:
    """What stands in a token before its signature is checked."""

    key_id: int
    serial: int
    mac: bytes


def make(key_id: int, serial: int, key: bytes) -> str:
    """The token of the ticket `serial` of the kiosk whose key is `key_id`, `key`."""
    if not 0 <= key_id <= MAX_KEY_ID or not 0 <= serial <= MAX_SERIAL:
        raise ValueError(f"key id {key_id} or serial {serial} does not fit the token")
    head = key_id.to_bytes(2, "big") + serial.to_bytes(5, "big")
    bits = int.from_bytes(head + _mac(head, key), "big")
    return "".join(_ALPHABET[(bits >> shift) & 31] for shift in range(115, -1, -5))


def read(text: str) -> Token:
    """Take a token apart, in any case; O is read as 0, I and L as 1."""
    letters = text.upper().translate(_READ_AS)
    if len(letters) != LENGTH or any(letter not in _VALUE for letter in letters):
        raise BadToken("a ticket token has 24 letters and digits")
    bits = 0
    for letter in letters:
        bits = bits << 5 | _VALUE[letter]
    raw = bits.to_bytes(15, "big")
    return Token(
        int.from_bytes(raw[:2], "big"), int.from_bytes(raw[2:7], "big"), raw[7:]
    )


def verify(token: Token, key: bytes) -> None:
    """Raise BadToken unless `key` signed this token."""
    head = token.key_id.to_bytes(2, "big") + token.serial.to_bytes(5, "big")
    if not hmac.compare_digest(token.mac, _mac(head, key)):
        raise BadToken("the token was not made by this city's kiosk")


def ticket_url(public_url: str, token: str) -> str:
    """The address in the QR, upper case so that the QR stays in alphanumeric mode."""
    return f"{public_url.rstrip('/')}/t/{token}".upper()


def _mac(head: bytes, key: bytes) -> bytes:
    return hmac.new(key, head, sha256).digest()[:8]
