"""What the printer shows: lamps, sensors and faults as one document for JSON."""

from drivers.sim.engine import Engine
from drivers.sim.faults import Fault
from drivers.sim.marks import DOTS_PER_MM
from drivers.sim.wire import Wire


def panel(engine: Engine, wire: Wire) -> dict[str, object]:
    """The state of machine and wire, as `GET /state` tells it."""
    mechanism = engine.mechanism
    now = mechanism.condition
    paper = "end" if now.paper_end else "near_end" if now.near_end else "ok"
    return {
        "power": engine.powered,
        "online": engine.online,
        "connected": wire.link.connected,
        "link": "up" if wire.link.up else "down",
        "cover": "open" if now.cover_open else "closed",
        "paper": paper,
        "cutter": "error" if now.cutter_error else "ok",
        "printing": mechanism.moving,
        "roll_mm": max(mechanism.left, 0) // DOTS_PER_MM,
        "buffered": engine.buffered,
        "composing": engine.typesetter.composing,
        "asb": engine.asb,
        "received": wire.received,
        "sheets": engine.count,
        "in_mouth": engine.in_mouth.id if engine.in_mouth else None,
        "uncut": any(strip.line.ink for strip in mechanism.path.hanging),
        "faults": {str(fault): has(fault, engine, wire) for fault in Fault},
    }


def has(fault: Fault, engine: Engine, wire: Wire) -> bool:
    """Whether that fault is there, or armed to come."""
    mechanism = engine.mechanism
    return {
        Fault.PAPER_END: mechanism.paper_end or mechanism.end_expected,
        Fault.NEAR_END: mechanism.condition.near_end,
        Fault.COVER_OPEN: mechanism.cover_open,
        Fault.CUTTER_JAM: mechanism.cutter_blocked or mechanism.cutter_error,
        Fault.MUTE: engine.mute,
        Fault.SLOW: wire.slow,
        Fault.CUT_LINK: wire.cut,
        Fault.POWER_OFF: not engine.powered,
        Fault.LATE_REPLIES: wire.replies.late,
        Fault.DOUBLE_REPLIES: wire.replies.double,
        Fault.LOST_REPLIES: wire.replies.lossy,
    }[fault]
