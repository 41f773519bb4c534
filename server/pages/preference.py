"""Which language a page is written in."""

from collections.abc import Mapping, Sequence
from typing import Final

COOKIE: Final = "lang"
COOKIE_SECONDS: Final = 365 * 24 * 3600


def choose(
    available: Sequence[str],
    *,
    asked: str | None,
    remembered: str | None,
    accepted: str,
    own: str | None = None,
) -> str:
    """The first that there are texts for; else the first available.

    `asked` stands in the address, `remembered` in the cookie, `own` is the language of
    the ticket if it was not the usual one, `accepted` the browser's Accept-Language.
    """
    for wanted in (asked, remembered, own, *by_preference(accepted)):
        if wanted is not None and wanted in available:
            return wanted
    return available[0]


def by_preference(accepted: str) -> list[str]:
    """The languages of an Accept-Language header, best first, each also without region.

    `en-GB,ja;q=0.8` gives `en-GB`, `en`, `ja`. What cannot be read is left out.
    """
    weighted: list[tuple[float, int, str]] = []
    for index, part in enumerate(accepted.split(",")[:20]):
        tag, _, rest = part.strip().partition(";")
        weight = _weight(rest)
        if tag and weight > 0:
            weighted.append((-weight, index, tag.strip()))
    return [
        name
        for *_, tag in sorted(weighted)
        for name in dict.fromkeys(_with_parent(tag))
    ]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _with_parent(tag: str) -> tuple[str, str]:
    return tag, tag.partition("-")[0].lower()


def remembered_in(cookies: Mapping[str, str]) -> str | None:
    """What the visitor chose before, if anything."""
    return cookies.get(COOKIE)
