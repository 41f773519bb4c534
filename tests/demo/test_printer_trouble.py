"""What a visitor and the counter see when the printer does not do its part."""

from tests.demo.house import soon


def press(house, procedure="moving"):
    house.press(f"procedure:{procedure}")


def of_state(house, label, state="waiting"):
    found = [t for t in house.staff().tickets(state) if t["label"] == label]
    return found[0] if found else None


def test_paper_out_in_mid_ticket_ends_in_exactly_one_whole_ticket(house):
    before = len(house.papers())
    house.fault("paper_end", on=True, after_bytes=200)
    press(house)
    soon(lambda: house.stands_on("paper"), "the screen says that paper is out")
    house.fault("paper_end", on=False)
    soon(lambda: house.stands_on("done"), "the whole ticket comes")
    torn, whole = house.papers()[before:]
    label = whole["text"][2]
    assert torn["torn"]
    assert torn["qr"] == []
    assert not whole["torn"]
    assert whole["text"][1] == "再発行 整理券"
    assert label in torn["text"]
    printed = soon(
        lambda: (t := of_state(house, label)) and t["print"] == "printed" and t,
        "the counter sees it printed",
    )
    everyone = [t for t in house.staff().tickets() if t["label"] == label]
    assert everyone == [printed]


def test_without_paper_the_number_can_be_taken_on_the_screen(house):
    before = len(house.papers())
    house.fault("paper_end", on=True)
    press(house)
    soon(lambda: house.stands_on("paper"), "the screen says that paper is out")
    house.press("accept")
    soon(lambda: house.stands_on("done"), "the number is on the screen")
    assert len(house.papers()) == before
    tickets = soon(
        lambda: [t for t in house.staff().tickets() if t["print"] == "not_required"],
        "the counter sees a ticket without paper",
    )
    assert tickets
    house.press("cancel")


def test_without_paper_and_without_wish_nobody_waits(house):
    waiting = {t["id"] for t in house.staff().tickets()}
    house.fault("cover_open", on=True)
    press(house)
    soon(lambda: house.stands_on("paper"), "the screen says why")
    house.press("back")
    soon(lambda: house.state()["sync"]["pending"] == 0, "the server has heard")
    assert {t["id"] for t in house.staff().tickets()} <= waiting


def test_a_printer_that_answers_nothing_is_sent_nothing(
    house,
):
    before = len(house.papers())
    house.fault("mute", on=True)
    press(house)
    soon(lambda: house.stands_on("paper"), "the screen says that no ticket came")
    house.press("accept")
    soon(lambda: house.stands_on("done"), "the number is on the screen")
    house.fault("mute", on=False)
    soon(lambda: house.state()["sync"]["pending"] == 0, "the server has heard")
    youngest = max(house.staff().tickets(), key=lambda t: t["issued_at"])
    assert youngest["print"] == "not_required"
    assert len(house.papers()) == before


def test_the_state_document_names_the_printers_fault(house):
    house.fault("cover_open", on=True)
    soon(
        lambda: house.state()["printer"]["code"] == "cover_open",
        "the open cover is noticed unasked",
    )
    house.fault("cover_open", on=False)
    soon(lambda: house.state()["printer"]["level"] == "ok", "and that it was closed")
