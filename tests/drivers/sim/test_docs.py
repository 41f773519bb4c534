"""The printer's page in docs/ names everything there is."""

from dataclasses import fields
from pathlib import Path

import pytest

from drivers.sim import __main__ as command
from drivers.sim import web
from drivers.sim.faults import Fault, Quirks

DOCS = Path(__file__).parents[3] / "docs" / "printer-simulator.md"
OPTIONS = [
    option
    for action in command._parser()._actions
    for option in action.option_strings
    if option.startswith("--") and option != "--help"
]
PATHS = web._actions(None, {}).keys()  # type: ignore[arg-type]  # only their names


@pytest.mark.parametrize(
    "name", [*OPTIONS, *PATHS, *Fault, *(quirk.name for quirk in fields(Quirks))]
)
def test_it_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCS.read_text(encoding="utf-8").replace("GET ", "").replace(
        "POST ", ""
    )


def test_the_help_names_every_quirk() -> None:
    assert all(quirk.name in command._EPILOG for quirk in fields(Quirks))
