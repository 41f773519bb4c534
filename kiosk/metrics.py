"""The state as Prometheus text (pure)."""

from collections.abc import Iterator, Mapping

from protocol.messages import KioskState

_LEVEL = {"ok": 0, "warn": 1, "fault": 2, "unknown": 3}


def text_of(state: KioskState, counts: Mapping[str, int]) -> str:
    """Every figure with its help and type; `counts`: today's tickets by state."""
    return "".join(f"{line}\n" for line in _lines(state, counts))


def _lines(state: KioskState, counts: Mapping[str, int]) -> Iterator[str]:
    yield from _gauge("uptime_seconds", "Since the program started", state.uptime_s)
    yield from _gauge("online", "Whether the server answers", int(state.sync.online))
    yield from _gauge("sync_pending", "Events not yet acknowledged", state.sync.pending)
    yield from _gauge("sync_dead", "Events the server refused", state.sync.dead)
    yield from _gauge(
        "printer_level", "0 ok, 1 warn, 2 fault, 3 unknown", _LEVEL[state.printer.level]
    )
    yield from _family("tickets_today", "Tickets of the business day by print state")
    for what, count in sorted(counts.items()):
        yield f'seiriken_kiosk_tickets_today{{state="{what.lower()}"}} {count}'
    yield from _family("numbers_left", "Numbers that can still be issued today")
    for series, left in sorted(state.numbers.items()):
        yield f'seiriken_kiosk_numbers_left{{series="{series}"}} {left}'
    yield from _family("findings", "What a technician should know, by level")
    for level in ("info", "warn", "fault"):
        found = sum(f.level == level for f in state.findings)
        yield f'seiriken_kiosk_findings{{level="{level}"}} {found}'
    if state.cpu_temp_c is not None:
        yield from _gauge("cpu_celsius", "Processor temperature", state.cpu_temp_c)
    yield from _gauge("disk_free_mebibytes", "Data partition", state.disk_free_mb)
    yield from _gauge("resident_mebibytes", "Memory of the program", state.rss_mb)


def _family(name: str, help: str) -> Iterator[str]:
    yield f"# HELP seiriken_kiosk_{name} {help}"
    yield f"# TYPE seiriken_kiosk_{name} gauge"


def _gauge(name: str, help: str, value: float) -> Iterator[str]:
    yield from _family(name, help)
    yield f"seiriken_kiosk_{name} {value}"
