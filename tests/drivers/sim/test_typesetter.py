"""Commands become lines: where characters stand, how large, and what they say."""

import pytest

from drivers.sim.charset import Codes
from drivers.sim.language import take
from drivers.sim.marks import Cut, Glyph, Line, Picture
from drivers.sim.typesetter import TO_CUTTER, Typesetter

SJIS = b"\x1cC\x01"


def typeset(stream: bytes, width: int = 576) -> list[Line | Cut]:
    typesetter, found, at = Typesetter(width, Codes()), [], 0
    while (command := take(stream, at)) is not None:
        at += command.size
        found += typesetter.apply(command)
    return found


def lines(stream: bytes, width: int = 576) -> list[Line]:
    return [motion for motion in typeset(stream, width) if isinstance(motion, Line)]


def glyphs(line: Line) -> list[Glyph]:
    return [ink for ink in line.ink if isinstance(ink, Glyph)]


def test_a_line_moves_the_paper_by_the_line_spacing() -> None:
    assert [line.height for line in lines(b"a\n\n\x1b3\x50b\n\x1b2c\n")] == [
        30,
        30,
        80,
        30,
    ]


def test_large_characters_need_more_than_the_spacing() -> None:
    (line,) = lines(b"\x1d!\x32A\x1d!\x00b\n")
    large, small = glyphs(line)
    assert (large.width, large.height, small.x) == (48, 72, 48)
    assert line.height == 72


@pytest.mark.parametrize(("align", "x"), [(0, 0), (1, 252), (2, 504)])
def test_alignment(align: int, x: int) -> None:
    (line,) = lines(SJIS + b"\x1ba" + bytes([align]) + "千葉市".encode("cp932") + b"\n")
    assert line.left == x


def test_a_full_line_wraps_by_itself() -> None:
    full = lines(b"x" * 49 + b"\n")
    assert [line.text for line in full] == ["x" * 48, "x"]


def test_a_full_width_character_never_straddles_the_edge() -> None:
    text = "あ".encode("cp932") * 24
    assert [len(line.text) for line in lines(SJIS + b"x" + text + b"\n")] == [24, 1]


def test_positions_become_spaces_in_what_is_read() -> None:
    (line,) = lines(b"a\x1b$\x20\x01b\x1b\\\x18\x00c\n")
    assert [g.x for g in glyphs(line)] == [0, 288, 324]
    assert line.text == "a" + " " * 23 + "b  c"


def test_tabs_and_margins() -> None:
    (line,) = lines(b"\x1dL\x20\x00a\tb\n")
    assert [line.left + g.x for g in glyphs(line)] == [32, 32 + 96]
    (narrow, rest) = lines(b"\x1dW\x24\x00abcd\n")
    assert (narrow.text, rest.text) == ("abc", "d")


def test_kanji_have_their_own_size_until_gs_sets_both() -> None:
    stream = SJIS + b"\x1c!\x0c" + "漢a".encode("cp932") + b"\x1d!\x00"
    (line,) = lines(stream + "漢a".encode("cp932") + b"\n")
    assert [g.width for g in glyphs(line)] == [48, 12, 24, 12]


def test_styles_come_and_go() -> None:
    on = b"\x1bE\x01\x1b-\x02\x1dB\x01\x1db\x01"
    (line,) = lines(on + b"a\x1bE\x00\x1b-\x00\x1dB\x00\x1db\x00b\n")
    styled, plain = (g.style for g in glyphs(line))
    assert (styled.bold, styled.underline, styled.inverse, styled.smooth) == (
        True,
        2,
        True,
        True,
    )
    assert (plain.bold, plain.underline, plain.inverse, plain.smooth) == (
        False,
        0,
        False,
        False,
    )


def test_esc_bang_sets_font_and_size_at_once() -> None:
    (line,) = lines(b"\x1b!\x31a\x1b!\x00b\n")
    assert [(g.width, g.height) for g in glyphs(line)] == [(18, 34), (12, 24)]


def test_esc_at_returns_to_jis_and_normal_size() -> None:
    first, second = lines(SJIS + b"\x1d!\x11\x8a\xbf\n\x1b@\x8a\xbf\n")
    assert first.text == "漢"
    assert second.text != "漢"
    assert glyphs(second)[0].height == 24


def test_cancel_forgets_the_line() -> None:
    assert [line.text for line in lines(b"wrong\x18right\n")] == ["right"]


def test_a_native_qr_code_says_what_was_stored() -> None:
    url = b"HTTPS://EXAMPLE.JP/T/ABCDEFGH"
    store = b"\x1d(k" + bytes([len(url) + 3, 0]) + b"1P0" + url
    module, show = b"\x1d(k\x03\x001C\x05", b"\x1d(k\x03\x001Q0"
    (line,) = lines(b"\x1ba\x01" + module + store + show)
    assert line.qr == (url.decode(),)
    (code,) = line.ink
    assert code.width == code.height == line.height == 25 * 5
    assert line.left == (576 - 125) // 2
    assert not line.whole


def test_a_qr_code_too_large_to_exist_is_not_printed() -> None:
    data = b"\xff" * 3000
    store = b"\x1d(k" + (len(data) + 3).to_bytes(2, "little") + b"1P0" + data
    assert lines(store + b"\x1d(k\x03\x001Q0") == []


def test_a_picture_is_printed_after_the_text_that_waits() -> None:
    text, picture = lines(b"a\x1dv0\x03\x01\x00\x02\x00\xf0\x0f")
    assert text.text == "a"
    (dots,) = picture.ink
    assert isinstance(dots, Picture)
    assert (dots.width, dots.height) == (16, 4)
    assert dots.rows == b"\xff\x00" * 2 + b"\x00\xff" * 2


def test_graphics_are_stored_and_printed_once() -> None:
    body = b"0p0\x01\x011\x08\x00\x02\x00\xaa\x55"
    store = b"\x1d(L" + len(body).to_bytes(2, "little") + body
    show = b"\x1d(L\x02\x0002"
    (line,) = lines(store + show + show)
    assert line.ink[0].height == 2
    long = b"\x1d8L" + len(body).to_bytes(4, "little") + body
    assert lines(long + show)[0].ink == line.ink


def test_a_logo_is_kept_and_printed_by_its_key() -> None:
    body = b"0C0G1\x01\x08\x00\x02\x001\xaa\x55"
    define = b"\x1d(L" + len(body).to_bytes(2, "little") + body
    logo = b"\x1d(L\x06\x000EG1\x01\x02"
    (line,) = lines(define + b"\x1b@" + logo)
    assert line.ink[0].height == 4
    assert lines(define + b"\x1d(L\x04\x000BG1" + logo) == []


def test_column_graphics_stand_in_the_line() -> None:
    (line,) = lines(b"\x1b*\x21\x03\x00" + b"\x80\x00\x01" * 3 + b"a\n")
    dots, letter = line.ink
    assert (dots.width, dots.height, letter.x) == (3, 24, 3)
    assert isinstance(dots, Picture)
    assert dots.rows[0] == 0xE0
    assert dots.rows[-1] == 0xE0


def test_an_own_character_replaces_a_code() -> None:
    shape = b"\xff\x00\xff" * 24
    (line,) = lines(SJIS + b"\x1c2\xec\x40" + shape + b"\xec\x40\n")
    assert glyphs(line)[0].own_shape == shape


@pytest.mark.parametrize(
    ("cut", "partial"),
    [(b"\x1dV\x00", False), (b"\x1dV\x01", True), (b"\x1bi", False), (b"\x1bm", True)],
)
def test_cuts(cut: bytes, partial: bool) -> None:
    assert typeset(cut) == [Cut(partial=partial)]


def test_a_feeding_cut_brings_the_paper_past_the_knife() -> None:
    line, cut = typeset(b"\x1dV\x42\x10")
    assert line == Line(TO_CUTTER + 16)
    assert cut == Cut(partial=True)


def test_a_bar_code_is_shown_by_what_it_says() -> None:
    assert lines(b"\x1dk\x43\x0c490123456789")[0].text == "|490123456789|"
