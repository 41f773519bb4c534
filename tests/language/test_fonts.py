"""The fonts that ship: what a Japanese ticket machine has to draw, and may."""

import pytest
from fontTools.ttLib import TTFont

from assets import find

FONTS = [
    f"BIZUD{kind}Gothic-{weight}.ttf"
    for kind in ("", "P")
    for weight in ("Regular", "Bold")
]
MEGABYTE = 1_000_000


def cp932() -> set[str]:
    """Every character of code page 932 save the private area."""
    found = set()
    for lead in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for trail in range(0x40, 0xFD):
            try:
                found.add(bytes([lead, trail]).decode("cp932"))
            except UnicodeDecodeError:
                continue
    singles = (*range(0x20, 0x7F), *range(0xA1, 0xE0))
    found |= {bytes([byte]).decode("cp932") for byte in singles}
    return {character for character in found if not "\ue000" <= character <= "\uf8ff"}


@pytest.fixture(params=FONTS)
def font(request: pytest.FixtureRequest):
    with TTFont(find(f"fonts/{request.param}")) as opened:
        yield opened


def test_a_font_draws_whatever_a_printer_can_print(font: TTFont) -> None:
    repertoire = cp932()
    assert len(repertoire) > 7000
    assert {c for c in repertoire if ord(c) not in font.getBestCmap()} == set()


@pytest.mark.parametrize("character", "髙﨑德①㈱№é–·〜←→℃")
def test_a_font_has_the_characters_names_and_texts_are_known_to_need(
    font: TTFont, character: str
) -> None:
    assert ord(character) in font.getBestCmap()


def test_a_font_says_who_made_it_and_under_which_licence(font: TTFont) -> None:
    copyright_, licence = (str(font["name"].getDebugName(id)) for id in (0, 13))
    text = find("fonts/LICENSE-BIZ-UDGothic.txt").read_text(encoding="utf-8")
    assert "SIL Open Font License, Version 1.1" in licence
    assert text.startswith(copyright_ + "\n")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text


@pytest.mark.parametrize("name", FONTS)
def test_a_font_stays_small_enough_to_ship(name: str) -> None:
    assert find(f"fonts/{name}").stat().st_size < 4 * MEGABYTE


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_print_head_font_keeps_half_and_full_width(weight: str) -> None:
    with TTFont(find(f"fonts/BIZUDGothic-{weight}.ttf")) as font:
        cmap, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        assert {widths[cmap[ord(c)]][0] for c in "0A5Z-:ｱ"} == {em // 2}
        assert {widths[cmap[ord(c)]][0] for c in "整理券あ（"} == {em}
