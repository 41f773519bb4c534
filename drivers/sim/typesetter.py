"""Commands become lines on paper: the line buffer and the print modes at work.

`apply` takes one command and gives the movements it causes: most give none, LF gives
one line, a long text may give several. Pure.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Final

from drivers.sim import charset, graphics
from drivers.sim.charset import Character, Codes
from drivers.sim.language import TEXT, Command, word
from drivers.sim.marks import Cut, Glyph, Ink, Line, Picture, Style
from drivers.sim.modes import FONTS, KANJI_FONTS, Modes, changed

TO_CUTTER: Final = 96
"""12 mm from the print head to the knife: what is nearer is not yet past it."""
_TAB: Final = 8


class Typesetter:
    """`width` is the printable area in dots; `codes` what ESC @ sets back to."""

    def __init__(self, width: int, codes: Codes) -> None:
        self._width = width
        self._first = Modes(codes=codes)
        self.modes = self._first
        self._own: dict[int, bytes] = {}
        self._qr = graphics.QrMaker()
        self._graphics = graphics.Graphics()
        self.clear()

    def clear(self) -> None:
        """Forget the line that is being composed; modes stay."""
        self._ink: list[Ink] = []
        self._pen = 0
        self._half = b""

    def reset(self, *, power: bool = False) -> None:
        """ESC @; with `power` also what lives in RAM (logos survive)."""
        self.clear()
        self.modes = self._first
        if power:
            self._own.clear()
            self._qr = graphics.QrMaker()
            self._graphics.waiting = None

    @property
    def composing(self) -> str:
        """The characters waiting for a line feed."""
        return _spoken(self._ink)

    def apply(self, command: Command) -> list[Line | Cut]:
        """The movements this command causes, places in the stream not yet filled in."""
        if command.name == TEXT:
            return self._write(command.data)
        self._half = b""
        if (modes := changed(self.modes, command)) is not None:
            self.modes = modes
            return []
        return self._move(command) or self._draw(command)

    def _move(self, command: Command) -> list[Line | Cut]:
        n = command.data[0] if command.data else 0
        match command.name:
            case "LF" | "FF":
                return [self._flush(self.modes.spacing)]
            case "ESC d":
                return [self._flush(n * self.modes.spacing)]
            case "ESC J":
                return [self._flush(n)]
            case "ESC i" | "ESC m":
                return [*self._rest(), Cut(partial=command.name == "ESC m")]
            case "GS V":
                return self._cut(command.data)
            case "ESC @":
                self.reset()
            case "CAN":
                self.clear()
            case "HT":
                self._tab()
            case "ESC $":
                self._pen = word(command.data, 0)
            case "ESC \\":
                step = int.from_bytes(command.data, "little", signed=True)
                self._pen = max(0, self._pen + step)
        return []

    def _cut(self, data: bytes) -> list[Line | Cut]:
        """m: 0, 1 where the paper is; 65, 66 after feeding it past the knife and n."""
        partial = bool(data[0] in (1, 49, 66, 98, 104))
        feed = [self._flush(TO_CUTTER + data[1])] if len(data) == 2 else self._rest()
        return [*feed, Cut(partial=partial)]

    def _draw(self, command: Command) -> list[Line | Cut]:
        data = command.data
        match command.name:
            case "ESC *":
                self._place(graphics.columns(data))
                return []
            case "GS v":
                return self._alone(graphics.raster(data))
            case "GS (" if data[0:1] == b"k" and len(data) > 5:
                return self._alone(self._qr.take(data[1:]))
            case "GS (" if data[0:1] == b"L" and len(data) > 4:
                return self._alone(self._graphics.take(data[3:]))
            case "GS 8" if len(data) > 6:
                return self._alone(self._graphics.take(data[5:]))
            case "GS k":
                return self._barcode(data)
            case "FS 2":
                self._own[data[0] << 8 | data[1]] = data[2:]
        return []

    def _alone(self, picture: Picture | None) -> list[Line | Cut]:
        """A picture that takes its own place between the lines."""
        if picture is None:
            return []
        before = self._rest()
        self._place(picture)
        return [*before, self._flush(picture.height)]

    def _barcode(self, data: bytes) -> list[Line | Cut]:
        """Bars are not drawn; the content stands on the paper between signs."""
        content = data[1:-1] if data[0] <= 6 else data[2:]
        before = self._rest()
        for char in f"|{content.decode('ascii', errors='replace')}|":
            self._set(self._glyph(Character(char, wide=False)))
        return [*before, self._flush(self.modes.spacing)]

    def _rest(self) -> list[Line | Cut]:
        return [self._flush(0)] if self._ink else []

    def _write(self, data: bytes) -> list[Line | Cut]:
        characters, self._half = charset.read(self._half + data, self.modes.codes)
        full: list[Line | Cut] = []
        area = self._area
        for character in characters:
            glyph = self._glyph(character)
            if glyph.x + glyph.width > area and self._ink:
                full.append(self._flush(self.modes.spacing))
                glyph = self._glyph(character)
            self._set(glyph)
        return full

    @property
    def _area(self) -> int:
        room = max(self._width - self.modes.left, 0)
        return min(self.modes.area or room, room)

    def _glyph(self, character: Character) -> Glyph:
        """The character in its cell, where the pen is."""
        if character.wide:
            cell, style = KANJI_FONTS[self.modes.kanji_font], self.modes.kanji
            before, after = self.modes.kanji_gaps
        else:
            cell, style = FONTS[self.modes.font], self.modes.plain
            before, after = 0, self.modes.gap
        own = self._own.get(character.code, b"")
        x = self._pen + before * style.width
        return Glyph(x, character.text, *cell, style, own, after * style.width)

    def _set(self, glyph: Glyph) -> None:
        self._ink.append(glyph)
        self._pen = glyph.x + glyph.width + glyph.gap

    def _place(self, picture: Picture | None) -> None:
        if picture is not None:
            self._ink.append(replace(picture, x=self._pen))
            self._pen += picture.width

    def _tab(self) -> None:
        cell = FONTS[self.modes.font][0] * self.modes.plain.width
        stops = self.modes.tabs or tuple(range(_TAB, 256, _TAB))
        self._pen = next((s * cell for s in stops if s * cell > self._pen), self._pen)

    def _flush(self, feed: int) -> Line:
        """Print what is composed and feed; characters stand on a common base line."""
        wide = max((ink.x + ink.width for ink in self._ink), default=0)
        line = Line(
            height=max(feed, max((item.height for item in self._ink), default=0)),
            ink=tuple(self._ink),
            left=self.modes.left + max(self._area - wide, 0) * self.modes.align // 2,
            text=_spoken(self._ink),
            upside_down=self.modes.upside_down,
        )
        self.clear()
        return line


def _spoken(ink: list[Ink]) -> str:
    """The characters of a line as text; a gap on paper becomes spaces."""
    glyphs = sorted((g for g in ink if isinstance(g, Glyph)), key=lambda g: g.x)
    if not glyphs:
        return ""
    said = glyphs[0].char
    for left, right in pairwise(glyphs):
        gap = right.x - left.x - left.width
        said += " " * (gap // (12 * _narrowest(left.style, right.style))) + right.char
    return said.rstrip()


def _narrowest(left: Style, right: Style) -> int:
    return min(left.width, right.width)
