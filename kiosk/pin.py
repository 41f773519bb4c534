"""The staff PIN is kept as a scrypt hash: a stolen card does not tell it.

A PIN has few digits, so the hash only slows guessing down; the kiosk itself rests after
wrong tries, and the PIN opens nothing but the staff menu on the machine.
"""

import base64
import binascii
import hashlib
import hmac

_N, _R, _P = 1 << 14, 8, 1
"""16 MiB and some tens of milliseconds on a Raspberry Pi 4, to be confirmed there."""


class BadPinHash(ValueError):
    """Not what `hash_pin` makes."""


def hash_pin(pin: str, salt: bytes) -> str:
    """The hash for the settings: `scrypt:SALT:HASH`, both base64."""
    if not (pin.isdigit() and pin.isascii() and 4 <= len(pin) <= 8):
        raise ValueError("the PIN has 4 to 8 digits")
    return f"scrypt:{_text(salt)}:{_text(_derive(pin, salt))}"


def check_hash(kept: str) -> None:
    """BadPinHash unless it is one, or empty: no PIN at all."""
    if kept:
        _parts(kept)


def is_right(pin: str, kept: str) -> bool:
    """Whether the PIN belongs to that hash, in constant time; never to an empty one."""
    if not kept:
        return False
    salt, derived = _parts(kept)
    return hmac.compare_digest(_derive(pin, salt), derived)


def _derive(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_N, r=_R, p=_P, dklen=32)


def _parts(kept: str) -> tuple[bytes, bytes]:
    try:
        scheme, salt, derived = kept.split(":")
        if scheme != "scrypt":
            raise BadPinHash("a PIN hash starts with scrypt:")
        return (
            base64.b64decode(salt, validate=True),
            base64.b64decode(derived, validate=True),
        )
    except (ValueError, binascii.Error) as exc:
        raise BadPinHash(
            "not a PIN hash: make one with seiriken-kiosk provision --pin"
        ) from exc


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
