"""What a proof found, as a page of docs/measured/: written by the program alone.

A page says with which command, on which machine and when it was made.
"""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

PLACE: Final = Path(__file__).parents[2] / "docs" / "measured"


def write(
    name: str, title: str, command: str, made: datetime, parts: Iterable[str]
) -> Path:
    """The page `docs/measured/NAME.md`; `parts` are its paragraphs and tables."""
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / f"{name}.md"
    head = (
        f"# {title}",
        table(
            ("", ""),
            [
                ("command", f"`{command}`"),
                ("machine", machine()),
                ("made", f"{made:%Y-%m-%d %H:%M} UTC"),
            ],
        ),
    )
    path.write_text("\n\n".join((*head, *parts)) + "\n", "utf-8")
    return path


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [_row(head), _row(["---"] * len(head))]
    return "\n".join([*lines, *(_row(row) for row in rows)])


def verdict(faults: Sequence[str]) -> str:
    """Whether every promise was kept, and if not which were not."""
    if not faults:
        return "**Every promise was kept.**"
    listed = "\n".join(f"- {fault}" for fault in faults[:50])
    return f"**{len(faults)} promises were broken:**\n\n{listed}"


def machine() -> str:
    """Cores, processor, system and Python of this machine."""
    return (
        f"{os.cpu_count()} cores, {_processor()}, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"
