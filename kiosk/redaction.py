"""Takes secrets and personal data out of texts that leave the machine (pure).

Twice over: the secrets this machine knows, by their value wherever they stand, and what
looks like one, by its shape.
"""

import re
from collections.abc import Iterable
from typing import Final

REMOVED: Final = "[removed]"

_SHAPES: Final = (
    # A ticket's token, in an address or alone: it opens the visitor's page.
    re.compile(r"(?<![0-9A-Za-z])[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{24}(?![0-9A-Za-z])"),
    re.compile(r"(?<=bearer )\S+", re.IGNORECASE),
    re.compile(r"scrypt:\S+"),
    # Name and password in an address.
    re.compile(r"(?<=://)[^\s/@]+(?=@)"),
    re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    # A PIN in a settings file that is too damaged to be read.
    re.compile(r"(?<=pin)(?P<q>\s*[=:]\s*)[^\s,}]+", re.IGNORECASE),
)


class Redaction:
    """Removes `secrets` and everything of their shapes from a text.

    Empty secrets are left out; short ones are too: three letters stand everywhere.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {secret for secret in secrets if len(secret) >= 4}
        # The longest first: one may be a part of another.
        self._known = sorted(known, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for secret in self._known:
            text = text.replace(secret, REMOVED)
        for shape in _SHAPES:
            text = shape.sub(_removed, text)
        return text


def _removed(found: re.Match[str]) -> str:
    return found.groupdict().get("q", "") + REMOVED
