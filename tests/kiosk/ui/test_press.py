"""When a finger counts as a touch."""

import pytest

from kiosk.ui.boxes import Layout, Target
from kiosk.ui.measures import Rect
from kiosk.ui.palette import MIST
from kiosk.ui.press import Finger, Touch, follow, pressed

ISSUE = Target("procedure:moving", "引っこし", Rect(10, 10, 40, 40))
CANCEL = Target("cancel", "とりけす", Rect(10, 60, 40, 30))
HOME = Layout("home", "ja", 100, 100, MIST, (), (ISSUE, CANCEL))
DONE = Layout("done", "ja", 100, 100, MIST, (), (CANCEL,))
ON = (0.3, 0.3)
ON_CANCEL = (0.3, 0.7)
BESIDE = (0.9, 0.3)


def play(*steps, press=None):
    """Touches that come of (kind, (x, y), finger id, layout, time)."""
    touches = []
    for kind, (x, y), id, layout, at in steps:
        press, touch = follow(press, Finger(kind, x, y, id), layout, at)
        if touch:
            touches.append(touch)
    return press, touches


def test_a_tap_counts_when_the_finger_is_lifted():
    press, touches = play(("down", ON, 1, HOME, 0.0))
    assert touches == []
    assert pressed(press, HOME) == "procedure:moving"
    press, touches = play(("up", ON, 1, HOME, 0.1), press=press)
    assert touches == [Touch("procedure:moving")]
    assert pressed(press, HOME) is None


def test_a_finger_that_slides_away_presses_nothing():
    press, touches = play(("down", ON, 1, HOME, 0), ("move", BESIDE, 1, HOME, 1))
    assert pressed(press, HOME) is None
    _, touches = play(("up", BESIDE, 1, HOME, 1), press=press)
    assert touches == []


def test_a_finger_that_slides_back_presses_after_all():
    press, _ = play(
        ("down", ON, 1, HOME, 0), ("move", BESIDE, 1, HOME, 1), ("move", ON, 1, HOME, 2)
    )
    assert pressed(press, HOME) == "procedure:moving"
    assert play(("up", ON, 1, HOME, 2), press=press)[1] == [Touch("procedure:moving")]


def test_a_finger_that_slides_to_another_button_presses_neither():
    assert play(("down", ON, 1, HOME, 0), ("up", ON_CANCEL, 1, HOME, 1))[1] == []


def test_a_touch_outside_every_button_is_reported_as_such():
    assert play(("down", BESIDE, 1, HOME, 0), ("up", BESIDE, 1, HOME, 1))[1] == [
        Touch(None)
    ]


def test_a_second_finger_changes_nothing():
    press, touches = play(
        ("down", ON, 1, HOME, 0),
        ("down", ON_CANCEL, 2, HOME, 0.1),
        ("up", ON_CANCEL, 2, HOME, 0.2),
    )
    assert touches == []
    assert pressed(press, HOME) == "procedure:moving"
    assert play(("up", ON, 1, HOME, 0.3), press=press)[1] == [Touch("procedure:moving")]


def test_a_press_does_not_reach_the_next_screen():
    steps = (("down", ON_CANCEL, 1, HOME, 0), ("up", ON_CANCEL, 1, DONE, 0.2))
    assert play(*steps)[1] == []
    press, _ = play(steps[0])
    assert pressed(press, DONE) is None


def test_a_press_survives_a_countdown_on_the_same_screen():
    later = Layout("done", "ja", 100, 100, MIST, (), (CANCEL,), ("changed",))
    steps = (("down", ON_CANCEL, 1, DONE, 0), ("up", ON_CANCEL, 1, later, 1.2))
    assert play(*steps)[1] == [Touch("cancel")]


def test_a_lifting_that_was_never_reported_does_not_deafen_the_kiosk():
    steps = (
        ("down", ON, 1, HOME, 0.0),
        ("down", ON_CANCEL, 2, HOME, 11.0),
        ("up", ON_CANCEL, 2, HOME, 11.1),
    )
    assert play(*steps)[1] == [Touch("cancel")]


@pytest.mark.parametrize("kind", ["up", "move"])
def test_a_finger_nobody_saw_go_down_is_ignored(kind):
    assert play((kind, ON, 1, HOME, 0)) == (None, [])


def test_closing_the_window_is_no_touch():
    press, touch = follow(None, Finger("quit"), HOME, 0.0)
    assert (press, touch) == (None, None)
