"""Secrets: made once, handed out once, kept as hashes wherever that is possible.

Codes, credentials and session tokens are long and random, so one SHA-256 keeps them;
passwords are chosen by people, so scrypt does.
"""

import hmac
import secrets
from hashlib import scrypt, sha256
from typing import Final

_N, _R, _P = 2**14, 8, 1
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_token() -> str:
    """256 random bits as text for a URL or a header."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A one-time code people type: 4 groups of 4, about 78 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def same_code(code: str) -> str:
    """The code as it is compared: capitals, no hyphens or spaces."""
    return code.upper().replace("-", "").replace(" ", "")


def kept(secret: str) -> bytes:
    """What is stored of a long random secret."""
    return sha256(secret.encode()).digest()


def hash_password(password: str, salt: bytes) -> bytes:
    """What is stored of a password, besides its `salt`."""
    return scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P, dklen=32)


def new_salt() -> bytes:
    return secrets.token_bytes(16)


def same(one: bytes, other: bytes) -> bool:
    """Compare without telling by time how much was right."""
    return hmac.compare_digest(one, other)
