"""Sheets become pictures: what the print head puts on paper, dot by dot.

Characters are drawn as the ROM would: one bit deep, in their cell, enlarged by whole
dots (or smoothed after GS b 1). The picture is as wide as the paper, one pixel a dot.
"""

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFont

from assets import find
from drivers.sim.charset import MISSING
from drivers.sim.marks import Glyph, Line, Picture
from drivers.sim.paper import How, Sheet, Strip

PAPER_MARGIN: Final = 32
"""80 mm paper is 640 dots wide, of which 576 can be printed."""
_PAPER, _INK, _NOTHING = 0, 1, 2
_COLOURS: Final = (253, 252, 248, 38, 36, 44, 255, 255, 255)
_TEETH: Final = 10


def png(sheet: Sheet, width: int) -> bytes:
    """The sheet as a PNG, `width` the printable dots; what was torn off is clear."""
    ink = paint(sheet.strips, width)
    shown = Image.new("P", (ink.width + 2 * PAPER_MARGIN, max(ink.height, 1)), _PAPER)
    shown.putpalette(_COLOURS)
    shown.paste(_INK, (PAPER_MARGIN, 0), ink)
    _edge(shown, sheet.how)
    out = BytesIO()
    shown.save(out, "PNG", transparency=_NOTHING, optimize=False)
    return out.getvalue()


def paint(strips: Iterable[Strip], width: int) -> Image.Image:
    """The ink of these strips, one bit deep, one below the other."""
    strips = tuple(strips)
    canvas = Image.new("1", (width, sum(strip.height for strip in strips)), 0)
    y = 0
    for strip in strips:
        if strip.line.ink:
            drawn = _line(strip.line, width)
            canvas.paste(drawn.crop((0, strip.top, width, strip.bottom)), (0, y))
        y += strip.height
    return canvas


def _line(line: Line, width: int) -> Image.Image:
    image = Image.new("1", (width, line.height), 0)
    base = line.tallest
    for ink in line.ink:
        drawn = _glyph(ink) if isinstance(ink, Glyph) else _picture(ink)
        where = (line.left + ink.x, base - ink.height)
        beneath = image.crop((*where, where[0] + drawn.width, base))
        image.paste(ImageChops.logical_or(beneath, drawn), where)
    if line.upside_down:
        printed = image.crop((0, 0, width, base)).rotate(180)
        image.paste(printed, (0, 0))
    return image


def _picture(picture: Picture) -> Image.Image:
    stride = len(picture.rows) // picture.height * 8
    whole = Image.frombytes("1", (stride, picture.height), picture.rows)
    return whole.crop((0, 0, picture.width, picture.height))


def _glyph(glyph: Glyph) -> Image.Image:
    style, size = glyph.style, (glyph.width, glyph.height)
    if glyph.own_shape:
        cell = _own(glyph.own_shape).resize(size)
    elif style.smooth:
        cell = _cell(glyph.char, *size)
    else:
        cell = _cell(glyph.char, glyph.cell_width, glyph.cell_height).resize(size)
    if style.bold:
        thick = ImageChops.offset(cell, style.width, 0)
        thick.paste(0, (0, 0, style.width, size[1]))
        cell = ImageChops.logical_or(cell, thick)
    if style.underline:
        cell = cell.copy()
        cell.paste(255, (0, size[1] - style.underline, *size))
    return ImageChops.invert(cell) if style.inverse else cell


@lru_cache(maxsize=4096)
def _cell(char: str, width: int, height: int) -> Image.Image:
    """One character filling its cell: squeezed if its natural shape is wider."""
    font = _font(height)
    if _is_missing(char, font):
        char = MISSING
    natural = max(round(font.getlength(char)), 1)
    cell = Image.new("1", (natural, height), 0)
    pen = ImageDraw.Draw(cell)
    pen.fontmode = "1"
    ascent, descent = font.getmetrics()
    pen.text((0, height - ascent - descent), char, fill=255, font=font)
    return cell if natural == width else _squeezed(char, width, height)


def _squeezed(char: str, width: int, height: int) -> Image.Image:
    """Drawn four times as large and brought to the cell's shape by halves of dots."""
    font = _font(height * 4)
    natural = max(round(font.getlength(char)), 1)
    large = Image.new("L", (natural, height * 4), 0)
    ascent, descent = font.getmetrics()
    where = (0, height * 4 - ascent - descent)
    ImageDraw.Draw(large).text(where, char, fill=255, font=font)
    small = large.resize((width, height), Image.Resampling.BOX)
    return small.point(lambda value: 255 if value > 110 else 0).convert("1")


@lru_cache(maxsize=16)
def _font(height: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(find("fonts/BIZUDGothic-Regular.ttf"), height)


def _is_missing(char: str, font: ImageFont.FreeTypeFont) -> bool:
    """The font has no shape for it: it draws the same box as for a non-character."""
    return bytes(font.getmask(char)) == bytes(font.getmask("\ufffe"))


def _own(columns: bytes) -> Image.Image:
    """外字: 24 columns of three bytes, top dot in the highest bit."""
    rows = Image.frombytes("1", (24, len(columns) // 3), columns)
    return rows.transpose(Image.Transpose.TRANSPOSE)


def _edge(paper: Image.Image, how: How) -> None:
    """The lower edge: straight from the knife, one point uncut, or torn to teeth."""
    pen = ImageDraw.Draw(paper)
    width, bottom = paper.width, paper.height - 1
    match how:
        case How.CUT:
            return
        case How.PARTIAL:
            middle = width // 2
            pen.line([(0, bottom), (middle - 7, bottom)], fill=_NOTHING)
            pen.line([(middle + 7, bottom), (width, bottom)], fill=_NOTHING)
        case How.TORN:
            depths = (3, 9, 5, 1, 7, 4, 10, 2, 8, 6)
            points = [
                (x, bottom - depths[x // _TEETH * 7 % len(depths)])
                for x in range(0, width + _TEETH, _TEETH)
            ]
            pen.polygon([*points, (width, bottom), (0, bottom)], fill=_NOTHING)
