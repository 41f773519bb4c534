"""The page about the rules says what the rules do."""

from pathlib import Path

from server.rules.edges import EDGES
from server.rules.ticket import State

PAGE = Path(__file__).parents[3] / "docs" / "queue-rules.md"
ALL_STATES = {"every state": ", ".join(State)}


def test_the_table_of_edges_is_the_one_that_decides() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    start = lines.index("| action | from | to | who | where | guard and effect |")
    told = set()
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        action, before, after, who, where, note = (
            cell.strip() for cell in line.strip("|").split("|")
        )
        for state in ALL_STATES.get(before, before).split(", "):
            told.add(
                (
                    action.strip("`"),
                    state,
                    {"unchanged": state}.get(after, after),
                    who,
                    where.replace(" ", "_"),
                    note.startswith("supervisor"),
                )
            )
    assert told == {
        (
            edge.action.value,
            edge.before or "–",
            edge.after or "as before",
            ", ".join(sorted(edge.who)),
            edge.where,
            edge.supervisor,
        )
        for edge in EDGES
    }
