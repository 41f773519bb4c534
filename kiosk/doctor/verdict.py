"""What a check finds, and how a list of it is told to people and to machines (pure)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final, Literal

from pydantic import JsonValue

Level = Literal["ok", "warn", "fault"]
_ORDER: Final[tuple[Level, ...]] = ("ok", "warn", "fault")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`name` is stable, `text` a sentence for people: what is so, and what to do.

    `fault`: no tickets, or not for long. `warn`: tickets go on, somebody should look.
    """

    name: str
    level: Level
    text: str


def ok(name: str, text: str) -> Verdict:
    return Verdict(name, "ok", text)


def warn(name: str, text: str) -> Verdict:
    return Verdict(name, "warn", text)


def fault(name: str, text: str) -> Verdict:
    return Verdict(name, "fault", text)


def worst(verdicts: Iterable[Verdict]) -> Level:
    return max((v.level for v in verdicts), key=_ORDER.index, default="ok")


def faults_in(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """The names of the checks that found a fault."""
    return tuple(v.name for v in verdicts if v.level == "fault")


def text_of(verdicts: Iterable[Verdict]) -> str:
    """A line for each verdict."""
    return "\n".join(f"{v.level.upper():<5}  {v.name:<12} {v.text}" for v in verdicts)


def document_of(
    verdicts: tuple[Verdict, ...], *, kiosk_id: str, version: str, running: bool
) -> dict[str, JsonValue]:
    """For machines. `level` is that of the worst verdict."""
    checks: list[JsonValue] = [asdict(verdict) for verdict in verdicts]
    return {
        "kiosk_id": kiosk_id,
        "version": version,
        "running": running,
        "level": worst(verdicts),
        "checks": checks,
    }
