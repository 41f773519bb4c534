"""The server's own figures, as Prometheus text: counts of things, never of persons."""

from collections import Counter
from collections.abc import Iterable, Mapping

from server.hall import Hall
from server.store import states


def metrics_text(hall: Hall) -> str:
    """Everything at once; costs one short look at the database."""
    with hall.database.read() as connection:
        fleet = states.fleet(connection)
        letters = states.open_dead_letters(connection)
    now = hall.now()
    lines: list[str] = []
    waiting: dict[tuple[str, str], int] = {}
    age: dict[str, float] = {}
    for id in hall.offices:
        issue = hall.press.issue(id)
        age[id] = (now - issue.as_of).total_seconds()
        for procedure, view in issue.views.items():
            waiting[id, procedure] = view.waiting
    lines += _metric(
        "seiriken_waiting",
        "gauge",
        "Callable tickets that wait",
        (
            ({"office": office, "procedure": procedure}, count)
            for (office, procedure), count in waiting.items()
        ),
    )
    lines += _metric(
        "seiriken_figures_age_seconds",
        "gauge",
        "Age of the published figures",
        (({"office": office}, seconds) for office, seconds in age.items()),
    )
    lines += _metric(
        "seiriken_kiosk_reachable",
        "gauge",
        "Whether the kiosk answered the last time it was asked",
        (
            ({"kiosk": row.kiosk.id, "office": row.kiosk.office}, int(row.reachable))
            for row in fleet
        ),
    )
    by_kiosk = Counter(letter.kiosk for letter in letters)
    lines += _metric(
        "seiriken_dead_letters",
        "gauge",
        "Refused events nobody has settled",
        (({"kiosk": row.kiosk.id}, by_kiosk[row.kiosk.id]) for row in fleet),
    )
    lines += _metric(
        "seiriken_commits_total",
        "counter",
        "Transactions committed since the start",
        [({}, hall.database.commits)],
    )
    lines += _metric(
        "seiriken_listeners",
        "gauge",
        "Open live streams and long polls",
        [({}, hall.bell.listeners())],
    )
    return "\n".join(lines) + "\n"


def _metric(
    name: str,
    kind: str,
    help: str,
    samples: Iterable[tuple[Mapping[str, str], float]],
) -> list[str]:
    lines = [f"# HELP {name} {help}", f"# TYPE {name} {kind}"]
    for labels, value in samples:
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        lines.append(f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}")
    return lines


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
