"""What every screen owes to fingers and eyes."""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from kiosk.core.screens import Choose, Home
from kiosk.core.world import Offer
from kiosk.ui.boxes import Plate, QrCode, Text, hit
from kiosk.ui.gallery import OPEN, URL
from kiosk.ui.layout import lay_out
from kiosk.ui.measures import CAP_OF_EM, Area, Panel, Rect
from kiosk.ui.palette import TEXT_PAIRS

CONTRACT = {
    "home": {"language", "call_staff", "staff", "procedure:moving"},
    "offline": {"language", "call_staff", "staff", "procedure:moving"},
    "choose": {"language", "call_staff", "back", "procedure:card_pickup"},
    "choose_still_there": {"language", "call_staff", "back", "more_time"},
    "issuing": set(),
    "done": {"language", "call_staff", "cancel"},
    "done_unknown": {"language", "call_staff", "cancel", "again"},
    "done_on_screen": {"language", "call_staff", "cancel"},
    "cancelled": {"back"},
    "paper_paper_end_held": {"language", "call_staff", "back", "accept"},
    "paper_no_link_not_sent": {"language", "call_staff", "back", "accept"},
    "closed_before": {"language", "call_staff", "staff"},
    "closed_one_after": {"language", "call_staff", "back"},
    "out_of_service_storage": {"language", "call_staff", "staff"},
    "staff_called": {"back"},
    "staff_pin": {"back", "clear", "enter", *(f"digit:{d}" for d in range(10))},
    "staff_menu": {"back", "reprint", "test_print", "service"},
}


def targets(layout):
    return {target.id: target.rect for target in layout.targets}


def pressable(layout):
    """Everything but the hidden corner."""
    return [target for target in layout.targets if target.id != "staff"]


def distance(one: Rect, other: Rect) -> int:
    """Free pixels between two rectangles."""
    across = max(one.x - other.x - other.w, other.x - one.x - one.w)
    down = max(one.y - other.y - other.h, other.y - one.y - one.h)
    return max(across, down)


@pytest.mark.parametrize("name", CONTRACT)
def test_each_screen_offers_what_the_contract_says(layouts, name):
    assert CONTRACT[name] <= set(targets(layouts[name]))


def test_everything_to_press_is_large_enough(layouts, panel):
    for name, layout in layouts.items():
        for target in layout.targets:
            least = 15 if target.id == "staff" else 20
            high = 30 if target.id.startswith("procedure:") else least
            assert target.rect.w >= int(least * panel.px_per_mm), (name, target)
            assert target.rect.h >= int(high * panel.px_per_mm), (name, target)


def test_neighbours_are_three_millimetres_apart(layouts, panel):
    for name, layout in layouts.items():
        for one, other in combinations(pressable(layout), 2):
            apart = distance(one.rect, other.rect)
            assert apart >= int(3 * panel.px_per_mm), (name, one, other)


def test_what_gives_a_number_back_keeps_its_distance(layouts, panel):
    for name, layout in layouts.items():
        if not name.startswith(("done", "paper")):
            continue
        for destructive in pressable(layout):
            if destructive.id not in ("cancel", "back"):
                continue
            for other in pressable(layout):
                if other.id != destructive.id:
                    apart = distance(destructive.rect, other.rect)
                    assert apart >= int(8 * panel.px_per_mm) - 1, (name, other)


def test_the_hidden_corner_covers_no_button(layouts):
    for name, layout in layouts.items():
        corner = targets(layout).get("staff")
        for target in pressable(layout):
            assert corner is None or not corner.meets(target.rect), (name, target)


def test_everything_stands_on_the_panel(layouts, panel):
    whole = Rect(0, 0, panel.width_px, panel.height_px)
    for name, layout in layouts.items():
        for part in (*layout.boxes, *layout.targets):
            assert part.rect.within(whole), (name, part)


def test_no_text_is_too_long(layouts):
    assert {name: layout.too_long for name, layout in layouts.items()} == {
        name: () for name in layouts
    }


def test_no_text_is_too_small(layouts, panel):
    for name, layout in layouts.items():
        for box in layout.boxes:
            if isinstance(box, Text):
                capital = box.size_px * CAP_OF_EM / panel.px_per_mm
                assert capital >= 4.8, (name, box)


def test_no_text_runs_into_another_or_over_an_edge(layouts):
    for name, layout in layouts.items():
        texts = upper_texts(layout)
        for one, other in combinations(texts, 2):
            assert not one.rect.meets(other.rect), (name, one, other)
        for text in texts:
            ground = ground_of(layout, text)
            grounds = [
                box.rect
                for box in layout.boxes
                if isinstance(box, Plate) and ground and box.fill == ground.fill
            ]
            assert not ground or any(text.rect.within(g) for g in grounds), (name, text)


def test_text_stands_on_the_ground_its_contrast_was_computed_for(layouts):
    for name, layout in layouts.items():
        for text in upper_texts(layout):
            ground = ground_of(layout, text)
            fill = ground.fill if ground else layout.ground
            assert text.ground == fill, (name, text)
            assert (text.colour, text.ground) in TEXT_PAIRS, (name, text)


def test_a_pressed_button_stays_readable(layouts):
    for name, layout in layouts.items():
        plates = [b for b in layout.boxes if isinstance(b, Plate) and b.pressed]
        for text in upper_texts(layout):
            ground = ground_of(layout, text)
            if ground in plates:
                assert (text.colour, ground.pressed) in TEXT_PAIRS, (name, text)


def test_a_second_tap_meets_nothing_on_the_next_screen(layouts):
    """A double tap on a procedure must not cancel, accept or go back."""
    buttons = [
        target.rect
        for name in ("home", "offline", "choose", "choose_offline")
        for target in layouts[name].targets
        if target.id.startswith("procedure:")
    ]
    for name, layout in layouts.items():
        if name.startswith(("done", "paper", "issuing")):
            for target in layout.targets:
                if target.id != "staff":
                    assert not any(target.rect.meets(b) for b in buttons), name


def test_back_language_and_staff_stand_at_one_place(layouts):
    for id in ("back", "language", "call_staff"):
        places = {
            target.rect
            for layout in layouts.values()
            for target in layout.targets
            if target.id == id
        }
        assert len(places) == 1, id


def test_a_changing_figure_moves_no_button(samples):
    scene = samples["home"]
    crowded = replace(
        OPEN,
        offers=tuple(
            replace(o, state="open", waiting=123, low=100, high=115)
            for o in OPEN.offers
        ),
    )
    language = scene.words.language
    quiet = lay_out(scene)
    full = lay_out(replace(scene, screen=Home(crowded, language)))
    offline = lay_out(
        replace(scene, screen=Home(replace(OPEN, online=False), language))
    )
    assert targets(quiet) == targets(full) == targets(offline)
    assert full.too_long == ()


def test_the_countdown_moves_nothing(samples):
    scene = samples["done"]
    layouts = [
        lay_out(replace(scene, screen=replace(scene.screen, left=left)))
        for left in (20, 10, 9, 1)
    ]
    for one, other in pairwise(layouts):
        assert targets(one) == targets(other)
        changed = set(one.boxes) ^ set(other.boxes)
        assert len(changed) == 4, "the text and the bar, before and after"


@pytest.mark.parametrize("count", [1, 2, 4, 5, 7, 8])
def test_one_to_eight_buttons_fit(samples, panel, count):
    ids = ("document", "moving", "card_apply", "preapplied", "question", "card_pickup")
    ids += ("card_renewal", "insurance")
    world = replace(OPEN, offers=tuple(Offer(id, waiting=5) for id in ids[:count]))
    scene = samples["home"]
    layout = lay_out(replace(scene, screen=Home(world, scene.words.language)))
    buttons = [t for t in layout.targets if t.id.startswith("procedure:")]
    assert [t.id for t in buttons] == [f"procedure:{id}" for id in ids[:count]]
    for side in ({t.rect.w for t in buttons}, {t.rect.h for t in buttons}):
        assert max(side) - min(side) <= 1
    for one, other in combinations(buttons, 2):
        assert distance(one.rect, other.rect) >= int(3 * panel.px_per_mm)


def test_an_untrusted_clock_shows_no_time(samples):
    scene = samples["home"]
    words = [line.text for text in upper_texts(lay_out(scene)) for line in text.lines]
    assert "9:41" in words
    without = lay_out(replace(scene, now=None))
    assert "9:41" not in [
        line.text for text in upper_texts(without) for line in text.lines
    ]


def test_offline_shows_no_figures_but_the_same_buttons(layouts):
    def shown(name):
        return "".join(
            line.text for text in upper_texts(layouts[name]) for line in text.lines
        )

    assert "10–20" in shown("home") or "10〜20" in shown("home")
    assert "10–20" not in shown("offline")
    assert "10〜20" not in shown("offline")
    assert targets(layouts["home"]) == targets(layouts["offline"])


def test_the_code_for_the_phone_is_thirty_millimetres(layouts, panel):
    for name in ("done", "done_uncut", "done_unknown", "done_on_screen"):
        codes = [b for b in layouts[name].boxes if isinstance(b, QrCode)]
        assert [code.data for code in codes] == [URL]
        # Version 4 has 33 modules; 41 with the quiet zone.
        module = min(codes[0].rect.w, codes[0].rect.h) // 41
        assert module * 33 >= 30 * panel.px_per_mm


def test_a_ticket_without_an_address_shows_no_code(layouts):
    assert not any(isinstance(b, QrCode) for b in layouts["done_without_qr"].boxes)


def test_the_fast_lane_looks_like_nothing_else(layouts):
    home = layouts["home"]
    fills = {
        box.target: box.fill
        for box in home.boxes
        if isinstance(box, Plate) and box.target.startswith("procedure:")
    }
    fast = fills.pop("procedure:preapplied")
    assert fast not in fills.values()


def test_a_touch_finds_its_target_or_none(layouts):
    home = layouts["home"]
    rect = targets(home)["procedure:moving"]
    assert hit(home, rect.x, rect.y) == "procedure:moving"
    assert hit(home, rect.x + rect.w - 1, rect.y + rect.h - 1) == "procedure:moving"
    assert hit(home, rect.x + rect.w // 2, rect.y - 2) is None
    assert hit(home, 1, 1) == "staff"
    assert hit(home, -5, -5) is None


def test_a_procedure_the_catalogue_dropped_has_no_button(samples):
    scene = samples["home"]
    world = replace(OPEN, offers=(Offer("unheard_of"), Offer("moving")))
    language = scene.words.language
    layout = lay_out(replace(scene, screen=Home(world, language)))
    assert "procedure:unheard_of" not in targets(layout)
    gone = lay_out(replace(scene, screen=Choose(OPEN, language, "unheard_of")))
    assert "back" in targets(gone)


def test_labels_say_what_is_to_be_read_there(layouts, case):
    labels = {t.id: t.label for t in layouts["home"].targets}
    if case[1] == "ja":
        assert labels["procedure:moving"] == "引っこし・住所変更"
        assert labels["language"] == "English"
        assert labels["call_staff"] == "係員を呼ぶ"
    else:
        assert labels["procedure:moving"] == "Moving, change of address"
        assert labels["language"] == "日本語"
        assert labels["call_staff"] == "Call staff"


def test_millimetres_become_pixels_without_gaps():
    panel = Panel(1080, 1920, 4.03)
    cells = [cell.on(panel) for cell in Area(0.3, 0, 100, 10).grid(7, 1, 0)]
    for one, other in pairwise(cells):
        assert one.x + one.w == other.x


def veil(layout) -> int:
    """Where the dimmed picture below a message ends."""
    for index, box in enumerate(layout.boxes):
        if isinstance(box, Plate) and len(box.fill) == 4:
            return index
    return -1


def upper_texts(layout):
    after = veil(layout)
    return [
        box
        for index, box in enumerate(layout.boxes)
        if isinstance(box, Text) and index > after
    ]


def ground_of(layout, text):
    """The plate right below the middle of a text."""
    x, y = text.rect.x + text.rect.w / 2, text.rect.y + text.rect.h / 2
    ground = None
    for index, box in enumerate(layout.boxes):
        if box is text:
            return ground
        if isinstance(box, Plate) and index > veil(layout) and box.rect.contains(x, y):
            ground = box
    raise AssertionError("the text is not in the layout")
