"""The city of a proof: the shipped procedures, one office with longer series."""

import shutil
from pathlib import Path

SHIPPED = Path(__file__).parents[2] / "config" / "city"
OFFICE = "chuo"

_SERIES = {
    "certificates": "A",
    "moving": "B",
    "mynumber": "C",
    "insurance": "D",
    "preapplied": "F",
    "consult": "E",
}
LABEL = r"[A-F]\d{4}"
"""What a number looks like on this city's paper, and nothing else does."""


def write_city(directory: Path, *, last: int = 9999) -> Path:
    """A catalogue directory whose office's series each run from 1 to `last`."""
    (directory / "offices").mkdir(parents=True)
    for name in ("city.toml", "procedures.toml"):
        shutil.copy(SHIPPED / name, directory / name)
    (directory / "offices" / f"{OFFICE}.toml").write_text(_office(last), "utf-8")
    return directory


def _office(last: int) -> str:
    """The shipped office with other series; a rest day of the city is none here."""
    shipped = (SHIPPED / "offices" / f"{OFFICE}.toml").read_text("utf-8")
    head, _, rest = shipped.partition("[series.certificates]")
    _, _, rest = rest.partition("[groups.certificates]")
    series = "\n".join(
        f'[series.{name}]\nprefix = "{prefix}"\nfirst = 1\nlast = {last}\n'
        for name, prefix in _SERIES.items()
    )
    return f"{head}{series}\n[groups.certificates]{rest}"
