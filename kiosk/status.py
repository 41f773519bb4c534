"""The state document as a technician reads it on a terminal (pure)."""

from collections.abc import Iterator
from datetime import timedelta

from protocol.messages import KioskState


def text_of(state: KioskState) -> str:
    """A line for each thing, the findings last."""
    return "\n".join(_lines(state))


def _lines(state: KioskState) -> Iterator[str]:
    up = timedelta(seconds=int(state.uptime_s))
    printer, sync = state.printer, state.sync
    yield f"{state.kiosk_id} in {state.office}, version {state.version}, up {up}"
    yield _line("screen", state.screen)
    code = f" {printer.code}" if printer.code else ""
    since = f"{printer.since:%Y-%m-%d %H:%M:%S %Z}"
    yield _line(
        "printer", f"{printer.level}{code}, paper {printer.paper}, since {since}"
    )
    yield _line("scanner", state.scanner)
    reached = "reached" if sync.online else "not reached"
    ack = f"{sync.last_ack_at:%Y-%m-%d %H:%M:%S %Z}" if sync.last_ack_at else "never"
    yield _line(
        "server",
        f"{reached}, {sync.pending} events to tell, {sync.dead} refused, "
        f"last heard {ack}",
    )
    numbers = ", ".join(f"{name} {left}" for name, left in state.numbers.items())
    yield _line("numbers", numbers or "none")
    yield _line("tickets", f"{state.tickets_today} today")
    yield _line("clock", state.clock_trust)
    heat = "" if state.cpu_temp_c is None else f", {state.cpu_temp_c:.0f} °C"
    power = "" if state.throttled is None else f", throttle flags {state.throttled}"
    yield _line(
        "machine",
        f"{state.disk_free_mb:.0f} MiB of disk free, {state.rss_mb:.0f} MiB of memory "
        f"used{heat}{power}",
    )
    for finding in state.findings:
        yield _line(finding.level, f"{finding.code}: {finding.text}")


def _line(name: str, text: str) -> str:
    return f"{name:<9} {text}"
