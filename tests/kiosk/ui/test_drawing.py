"""Colours, pictograms and pixels."""

from io import BytesIO

import pygame
import pytest
import zxingcpp
from PIL import Image

import assets
from kiosk.ui import pictograms
from kiosk.ui.boxes import Picture
from kiosk.ui.gallery import CATALOGUE, URL
from kiosk.ui.layout import lay_out
from kiosk.ui.palette import EDGE_PAIRS, NIGHT, SKY, TEXT_PAIRS, WHITE, contrast
from kiosk.ui.render import render

PROCEDURES = [
    "document",
    "moving",
    "card",
    "insurance",
    "preapplied",
    "question",
    "card_pickup",
    "card_renewal",
    "card_apply",
]
SIGNS = [
    "language",
    "staff",
    "back",
    "ticket",
    "paper",
    "clock",
    "wrench",
    "phone",
    "check",
    "warning",
]


def test_contrast_is_that_of_wcag():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    assert contrast(WHITE, NIGHT) == contrast(NIGHT, WHITE)


@pytest.mark.parametrize("pair", TEXT_PAIRS, ids=str)
def test_text_reaches_seven_to_one(pair):
    assert contrast(*pair) >= 7


@pytest.mark.parametrize("pair", EDGE_PAIRS, ids=str)
def test_edges_of_buttons_reach_three_to_one(pair):
    assert contrast(*pair) >= 3


@pytest.mark.parametrize("name", PROCEDURES + SIGNS)
def test_every_pictogram_is_drawn_in_the_colours_asked_for(name):
    picture = pictograms.load(name, 96, (200, 0, 0), (0, 200, 0))
    colours = {
        tuple(picture.get_at((x, y)))[:3]
        for x in range(96)
        for y in range(96)
        if picture.get_at((x, y)).a == 255
    }
    assert (200, 0, 0) in colours
    assert not any(blue > 60 for _, _, blue in colours), "a colour was not exchanged"


def test_every_pictogram_on_a_screen_exists(layouts):
    names = {
        box.name
        for layout in layouts.values()
        for box in layout.boxes
        if isinstance(box, Picture)
    }
    for name in names | {p.pictogram for p in CATALOGUE.procedures}:
        assert assets.find(f"pictograms/{name}.svg")


def test_an_unknown_pictogram_is_an_error():
    with pytest.raises(FileNotFoundError):
        pictograms.load("unheard_of", 96, NIGHT, SKY)


@pytest.mark.parametrize("name", ["done", "done_on_screen"])
def test_a_phone_reads_the_code_on_the_screen(samples, painter, name):
    picture = Image.open(BytesIO(render(samples[name], painter)))
    codes = zxingcpp.read_barcodes(picture)
    assert [code.text for code in codes] == [URL]


def test_a_frame_has_the_panels_pixels(samples, painter, panel):
    picture = Image.open(BytesIO(render(samples["home"], painter)))
    assert picture.size == (panel.width_px, panel.height_px)


def drawn(scene, painter, pressed=None):
    surface = pygame.Surface((scene.panel.width_px, scene.panel.height_px), depth=32)
    painter.draw(surface, lay_out(scene), pressed)
    return surface


def pixels(surface):
    return pygame.image.tobytes(surface, "RGB")


def test_a_pressed_button_looks_pressed_and_nothing_else_changes(samples, painter):
    scene = samples["home"]
    id = "procedure:moving"
    plain, down = drawn(scene, painter), drawn(scene, painter, pressed=id)
    rect = next(t.rect for t in lay_out(scene).targets if t.id == id)
    box = (rect.x, rect.y, rect.w, rect.h)
    assert pixels(plain.subsurface(box)) != pixels(down.subsurface(box))
    for surface in (plain, down):
        surface.fill((0, 0, 0), box)
    assert pixels(plain) == pixels(down)


def test_the_same_scene_gives_the_same_picture(samples, painter):
    scene = samples["done"]
    assert pixels(drawn(scene, painter)) == pixels(drawn(scene, painter))


def test_the_veil_dims_what_lies_below(samples, painter):
    clear = drawn(samples["choose"], painter)
    dimmed = drawn(samples["choose_still_there"], painter)
    spot = (4, clear.get_height() // 3)
    assert sum(dimmed.get_at(spot)[:3]) < sum(clear.get_at(spot)[:3]) - 240


def test_corners_are_smooth():
    corner = pictograms.rounded(40, 20, WHITE, None, 0)
    shades = {corner.get_at((x, y)).a for x in range(20) for y in range(20)}
    assert len(shades) > 10
    assert isinstance(corner, pygame.Surface)
