"""Real-time commands: recognised the moment they arrive, ahead of everything queued.

A real printer looks for these byte strings in whatever comes in, also inside the
parameters of another command: there they are cut out and executed, and the outer
command then eats what follows. So does this one. Pure: bytes in, parts out.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final

DLE: Final = 0x10


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """DLE EOT n."""

    n: int


@dataclass(frozen=True, slots=True)
class Recover:
    """DLE ENQ 1 or 2: go on after an error; 2 throws the buffers away first."""

    clear: bool


@dataclass(frozen=True, slots=True)
class ClearBuffers:
    """DLE DC4 fn 8."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A real-time command this printer takes and does nothing about (drawer, FEED)."""


Realtime = StatusRequest | Recover | ClearBuffers | Ignored

_EVERY: Final = range(256)
_SHAPES: Final[tuple[tuple[Container[int], ...], ...]] = (
    ((DLE,), (0x04,), range(1, 7)),
    ((DLE,), (0x04,), (0x07, 0x08, 0x12), _EVERY),
    ((DLE,), (0x05,), range(3)),
    ((DLE,), (0x14,), (0x01,), (0, 1), range(1, 9)),
    ((DLE,), (0x14,), (0x02,), (0x01,), (0x08,)),
    tuple((byte,) for byte in bytes.fromhex("10140801031401060208")),
)


class Arrivals:
    """Splits what arrives into bytes for the queue and real-time commands, in order."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> Iterator[bytes | Realtime]:
        """The parts of `data`; a possible beginning of a command waits for its rest."""
        data = self._held + data
        self._held = b""
        plain = at = 0
        while (at := data.find(DLE, at)) >= 0:
            length = _match(data, at)
            if length is None:  # may yet become one
                break
            if length == 0:
                at += 1
                continue
            if plain < at:
                yield data[plain:at]
            yield _meaning(data[at : at + length])
            plain = at = at + length
        end = len(data) if at < 0 else at
        self._held = data[end:]
        if plain < end:
            yield data[plain:end]

    def forget(self) -> None:
        """Drop a half-received command (the printer was switched off)."""
        self._held = b""


def _match(data: bytes, at: int) -> int | None:
    """Length of the command at `at`; 0 if it is none, None if it is not complete."""
    undecided = False
    for shape in _SHAPES:
        here = data[at : at + len(shape)]
        if all(byte in allowed for byte, allowed in zip(here, shape, strict=False)):
            if len(here) == len(shape):
                return len(shape)
            undecided = True
    return None if undecided else 0


def _meaning(command: bytes) -> Realtime:
    match command[1], command[2]:
        case 0x04, n:
            return StatusRequest(n)
        case 0x05, (1 | 2) as n:
            return Recover(clear=n == 2)
        case 0x14, 0x08:
            return ClearBuffers()
        case _:
            return Ignored()
