"""What the print head puts on paper, looked at dot by dot and by a QR reader."""

from io import BytesIO
from math import inf

import pytest
import zxingcpp
from PIL import Image

from drivers.sim import render
from drivers.sim.engine import Engine
from drivers.sim.paper import Sheet

FEED_AND_CUT = b"\x1bd\x04\x1dV\x01"
SJIS = b"\x1cC\x01"
TOP = 96  # blank paper between head and knife


def printed(stream: bytes) -> Sheet:
    engine = Engine(width=576, speed=inf, roll=60_000)
    engine.receive(stream + FEED_AND_CUT, 0)
    return engine.sheets[0]


def ink(stream: bytes) -> Image.Image:
    """The ink of the first lines, without the blank beginning."""
    image = render.paint(printed(stream).strips, 576)
    return image.crop((0, TOP, image.width, image.height))


def dots(image: Image.Image) -> int:
    return image.convert("L").histogram()[255]


def shown(sheet: Sheet) -> Image.Image:
    return Image.open(BytesIO(render.png(sheet, 576)))


def test_a_sheet_is_as_wide_as_the_paper_and_as_long_as_it_came_out() -> None:
    sheet = printed(b"A\n")
    assert shown(sheet).size == (640, 30 + 120)
    assert sheet.length_mm == 18.8


def test_a_character_stays_in_its_cell() -> None:
    box = ink(SJIS + "漢".encode("cp932") + b"\n").getbbox()
    assert box is not None
    assert box[0] >= 0
    assert box[2] <= 24
    assert box[3] <= 24


def test_japanese_is_really_drawn() -> None:
    shapes = {
        ink(SJIS + char.encode("cp932") + b"\n").tobytes() for char in "千葉市髙﨑ｱあ"
    }
    assert len(shapes) == 7


def test_enlarged_characters_are_made_of_whole_dots() -> None:
    small = ink(b"A\n").crop((0, 0, 12, 24))
    large = ink(b"\x1d!\x77A\n").crop((0, 0, 96, 192))
    assert large.tobytes() == small.resize((96, 192)).tobytes()


def test_smoothing_makes_better_shapes_of_the_same_size() -> None:
    plain, smooth = ink(b"\x1d!\x77A\n"), ink(b"\x1d!\x77\x1db\x01A\n")
    assert plain.tobytes() != smooth.tobytes()
    assert dots(smooth) == pytest.approx(dots(plain), rel=0.3)


def test_inverse_turns_the_cell_around() -> None:
    plain = ink(b"A\n").crop((0, 0, 12, 24))
    inverse = ink(b"\x1dB\x01A\n").crop((0, 0, 12, 24))
    assert dots(plain) + dots(inverse) == 12 * 24


def test_bold_is_thicker_and_underline_is_a_line() -> None:
    plain = dots(ink(b"A\n"))
    assert plain < dots(ink(b"\x1bE\x01A\n")) < 2 * plain
    under = ink(b"\x1b-\x02A\n").crop((0, 22, 12, 24))
    assert dots(under) == 24


def test_a_picture_is_printed_dot_by_dot() -> None:
    image = ink(b"\x1ba\x02\x1dv0\x00\x01\x00\x02\x00\xf0\x01")
    assert image.crop((568, 0, 576, 2)).tobytes() == b"\xf0\x01"


def test_upside_down_turns_the_line() -> None:
    plain, turned = ink(b"A\n"), ink(b"\x1b{\x01A\n")
    top = plain.crop((0, 0, 576, 24)).rotate(180)
    assert turned.crop((0, 0, 576, 24)).tobytes() == top.tobytes()


def test_an_own_character_is_drawn_from_its_columns() -> None:
    shape = b"\x80\x00\x00" + bytes(69) + b"\x00\x00\x01"[:0]
    image = ink(SJIS + b"\x1c2\xec\x40" + shape + b"\xec\x40\n")
    assert image.getbbox() == (0, 0, 1, 1)


@pytest.mark.parametrize("module", [3, 4, 5, 8])
def test_a_printed_qr_code_can_be_read_from_the_paper(module: int) -> None:
    url = "HTTPS://SEIRIKEN.EXAMPLE.JP/T/0123456789ABCDEFGHJKMNPQ"
    size = b"\x1d(k\x03\x001C" + bytes([module])
    store = b"\x1d(k" + bytes([len(url) + 3, 0]) + b"1P0" + url.encode()
    sheet = printed(b"\x1ba\x01" + size + store + b"\x1d(k\x03\x001Q0")
    found = zxingcpp.read_barcodes(shown(sheet).convert("RGB"))
    assert [code.text for code in found] == [url]
    assert sheet.qr == (url,)


def test_torn_paper_ends_in_teeth_and_cut_paper_does_not() -> None:
    engine = Engine(width=576, speed=inf, roll=60_000)
    engine.receive(b"A\n" * 9, 0)
    engine.take_paper(0)
    torn = shown(engine.sheets[0]).convert("RGBA")
    cut = shown(printed(b"A\n")).convert("RGBA")
    clear = [
        sum(pixels.getpixel((x, pixels.height - 4))[3] == 0 for x in range(640))
        for pixels in (torn, cut)
    ]
    assert clear[0] > 100
    assert clear[1] == 0
