"""Every text is there, is shown somewhere, can be drawn and fits the shipped city."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import assets
from drivers import Cause, Outcome
from kiosk.core.screens import Choose, Closed, Done, Home
from kiosk.core.world import Offer, World
from kiosk.ui.boxes import Text
from kiosk.ui.fonts import FILES
from kiosk.ui.gallery import CATALOGUE, NOON, screens, ticket
from kiosk.ui.layout import lay_out
from kiosk.ui.measures import LANDSCAPE_10
from kiosk.ui.scene import Scene
from kiosk.ui.staff_pages import ANSWERS
from kiosk.ui.ticket_pages import CAUSES
from language.words import Words, available, differences, load
from protocol.catalogue import Procedure, Series

CITY = Path(__file__).parents[3] / "config" / "city"


class Heard(dict):
    """Templates that remember which of them were asked for."""

    def __init__(self, templates):
        super().__init__(templates)
        self.keys_read = set()

    def get(self, key, default=None):
        self.keys_read.add(key)
        return super().get(key, default)


@pytest.fixture(scope="module")
def shapes():
    """The characters each font has."""
    known = {}
    for name in FILES.values():
        with TTFont(assets.find(name), lazy=True) as font:
            known[name] = set(font.getBestCmap())
    return known


def city_texts():
    for path in CITY.rglob("*.toml"):
        yield from strings(tomllib.loads(path.read_text(encoding="utf-8")))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_all_languages_say_the_same_things():
    kiosk = [d for d in differences(load("ja"), load("en")) if "kiosk." in d]
    assert kiosk == []


def rarer_screens():
    """What the samples leave out: the rest of the staff menu, of closed, of done."""
    samples = dict(screens("ja"))
    menu, done = samples["staff_menu"], samples["done"]
    stopped = replace(menu.world, trouble="staff")
    for answer in ANSWERS:
        yield replace(menu, answer=answer, world=stopped, last=None)
    yield replace(menu, busy=True)
    for state in ("before", "after", "closed_today", "suspended"):
        offer = Offer("moving", state=state, opens="09:00", closes="12:00")
        world = World(online=True, offers=(offer,))
        yield Home(world, "ja")
        yield Closed(world, "ja", "moving")
    yield replace(done, ticket=replace(ticket(), low=None, high=None))
    yield replace(done, ticket=ticket("dropped_since"))


def test_the_menu_has_words_for_every_outcome_of_the_printer():
    assert {outcome.value for outcome in Outcome} <= set(ANSWERS)


def test_every_cause_of_the_printer_has_its_page(fonts, panel):
    held = dict(screens("ja"))["paper_paper_end_held"]
    for cause in Cause:
        shown = replace(held, cause=cause.value)
        scene = Scene(shown, CATALOGUE, load("ja"), NOON, panel, fonts)
        assert lay_out(scene).too_long == (), cause
    assert set(CAUSES) <= {cause.value for cause in Cause}


def test_every_text_is_shown_on_some_screen(fonts):
    heard = Heard(load("ja").templates)
    words = Words("ja", heard)
    for screen in (*dict(screens("ja")).values(), *rarer_screens()):
        lay_out(Scene(screen, CATALOGUE, words, NOON, LANDSCAPE_10, fonts))
    kiosk = {key for key in heard if key.startswith("kiosk.")}
    assert kiosk - heard.keys_read == set()


def test_the_rarer_screens_fit_too(fonts, panel, case):
    for screen in rarer_screens():
        shown = replace(screen, language=case[1])
        scene = Scene(shown, CATALOGUE, load(case[1]), NOON, panel, fonts)
        assert lay_out(scene).too_long == (), screen


def test_every_text_can_be_drawn(shapes):
    texts = [
        template.text
        for language in available()
        for template in load(language).templates.values()
    ]
    texts += city_texts()
    texts += strings(CATALOGUE.model_dump(mode="json"))
    texts += ["0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "●", "…"]
    for name, known in shapes.items():
        missing = {c for text in texts for c in text if c.isprintable()}
        missing = {c for c in missing if ord(c) not in known}
        assert missing == set(), name


def test_a_character_no_font_has_would_be_found(shapes):
    """𠮷 is drawn as an empty box; the check above must see that."""
    assert all(0x20BB7 not in known for known in shapes.values())


def city_catalogue():
    """The shipped procedures as an office offers them."""
    path = CITY / "procedures.toml"
    shipped = tomllib.loads(path.read_text(encoding="utf-8"))["procedures"]
    procedures, series = [], {}
    for id, table in shipped.items():
        table.pop("hours", None)
        if "series" in table:
            series.setdefault(table["series"], len(series))
            table["group"] = "main"
        procedures.append(Procedure.model_validate({"id": id, **table}))
    letters = "ABCDEFGHIJKLMNOP"
    return CATALOGUE.model_copy(
        update={
            "procedures": tuple(procedures),
            "series": tuple(
                Series(id=id, prefix=letters[at], first=1, last=499)
                for id, at in series.items()
            ),
        }
    )


def test_the_shipped_city_fits_every_panel(fonts, case, panel):
    catalogue = city_catalogue()
    language = case[1]

    def offer(procedure):
        inner = tuple(offer(p) for p in catalogue.choices(procedure.id))
        return Offer(procedure.id, waiting=123, low=95, high=115, choices=inner)

    offers = tuple(offer(p) for p in catalogue.buttons())
    world = World(online=True, offers=offers)
    seen = [Home(world, language)]
    seen += [Choose(world, language, o.procedure) for o in offers if o.choices]
    for procedure in catalogue.issuable():
        shown = ticket(procedure.id, "A499")
        seen += [
            Done(world, language, shown, paper, 0.0, 20)
            for paper in ("printed", "unknown", "on_screen")
        ]
    for screen in seen:
        scene = Scene(screen, catalogue, load(language), None, panel, fonts)
        assert lay_out(scene).too_long == (), screen


def test_every_example_line_of_the_shipped_city_is_on_its_button(fonts, case, panel):
    catalogue = city_catalogue()
    language = case[1]
    offers = tuple(
        Offer(
            button.id,
            waiting=23,
            low=95,
            high=115,
            choices=tuple(
                Offer(choice.id, waiting=7, low=20, high=35)
                for choice in catalogue.choices(button.id)
            ),
        )
        for button in catalogue.buttons()
    )
    world = World(online=True, offers=offers)
    for screen, procedures in (
        (Home(world, language), catalogue.buttons()),
        (Choose(world, language, "mynumber"), catalogue.choices("mynumber")),
    ):
        scene = Scene(screen, catalogue, load(language), None, panel, fonts)
        shown = {
            "".join(line.text for line in box.lines)
            for box in lay_out(scene).boxes
            if isinstance(box, Text)
        }
        assert {p.example[language] for p in procedures} <= shown
