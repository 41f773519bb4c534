"""What a run found, as a plain table and as a page of the documentation (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from bench.measures.figures import Measure, figure

_HEAD = ("", "found", "goal", "", "")


@dataclass(frozen=True, slots=True)
class Chapter:
    """The measures of one part of the product, and what a reader must know of them."""

    title: str
    measures: tuple[Measure, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and when it was measured; `load` is the run queue before and after."""

    machine: str
    date: str
    command: str
    version: str
    seconds: float
    load: tuple[float, float]

    def lines(self) -> tuple[str, ...]:
        before, after = self.load
        return (
            f"Machine: {self.machine}",
            f"Date: {self.date}",
            f"Program: {self.version}",
            f"Command: {self.command} ({self.seconds:.0f} s)",
            f"Load average of one minute: {before:.2f} before, {after:.2f} after",
        )


def plain(chapters: Sequence[Chapter]) -> str:
    """For a terminal: one table, its columns as wide as their longest cell."""
    rows = [_HEAD, *(_cells(m) for c in chapters for m in c.measures)]
    widths = [max(_width(row[i]) for row in rows) for i in range(4)]
    lines: list[str] = []
    for chapter in chapters:
        lines += ["", chapter.title]
        lines += [_padded(_cells(m), widths) for m in chapter.measures]
        lines += [f"    {note}" for note in chapter.notes]
    return "\n".join([*lines, ""])


def markdown(chapters: Sequence[Chapter], where: Circumstances) -> str:
    """The page `docs/measured/bench.md`."""
    lines = [
        "# What `make bench` measured",
        "",
        "Written by the program; do not edit. `make bench ARGS=--write` measures anew.",
        "How each figure is taken stands at the head of its file in `bench/measures/`.",
        "",
        *(f"- {line}" for line in where.lines()),
        "",
    ]
    for chapter in chapters:
        lines += [f"## {chapter.title}", ""]
        lines += ["| | found | goal | | |", "|---|---|---|---|---|"]
        lines += [f"| {' | '.join(_cells(m))} |" for m in chapter.measures]
        lines += ["", *(f"{note}\n" for note in chapter.notes)]
    return "\n".join(lines).rstrip("\n") + "\n"


def summary(chapters: Sequence[Chapter]) -> str:
    """One line: how many goals were met, and which were not."""
    judged = [m for c in chapters for m in c.measures if m.goal is not None]
    missed = [m.what for m in judged if m.verdict != "met"]
    met = f"{len(judged) - len(missed)} of {len(judged)} goals met"
    return f"{met}; missed: {'; '.join(missed)}" if missed else met


def _cells(measure: Measure) -> tuple[str, str, str, str, str]:
    return (
        measure.what,
        f"{figure(measure.found)} {measure.unit}".strip(),
        "" if measure.goal is None else str(measure.goal).strip(),
        measure.verdict,
        measure.note,
    )


def _padded(cells: tuple[str, ...], widths: list[int]) -> str:
    what, found, *others = cells
    row = [
        what + " " * (widths[0] - _width(what)),
        " " * (widths[1] - _width(found)) + found,
        *(
            text + " " * (width - _width(text))
            for text, width in zip(others, widths[2:], strict=False)
        ),
        others[-1],
    ]
    return ("  " + "  ".join(row)).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)
