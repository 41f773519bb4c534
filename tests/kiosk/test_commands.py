"""What the server wants is done once and answered, whatever happens in between."""

import threading
from uuid import UUID

import pytest

from kiosk.clock import Clock
from kiosk.commands import CommandLine, ask_once, carry_out_alone
from kiosk.line import Unreachable
from kiosk.store import Store
from protocol.messages import Command
from tests.kiosk.office import at, issue, kinds, stocked, touch
from tests.kiosk.standin import StandIn

ORDER = UUID(int=4711)


def order(kind: str, **more: str) -> dict[str, str]:
    return {"command_id": str(ORDER), "kind": kind, **more}


@pytest.fixture
def store(tmp_path):
    store = stocked(tmp_path)
    yield store
    store.close()


@pytest.fixture
def server():
    return StandIn()


def answers(store: Store) -> list[tuple[bool, str]]:
    return [
        (bool(e["ok"]), str(e["detail"]))
        for e in store.unsent(100)
        if e["kind"] == "command_done"
    ]


def test_a_command_is_handed_over_once(store, server):
    server.commands = [order("reprint", ticket_id=str(touch(1)))]
    line = server.line()
    new, sent = ask_once(store, line, at)
    assert ([c.kind for c in new], sent) == (["reprint"], 1)
    assert ask_once(store, line, at) == ((), 1)
    store.command_done(ORDER, at(), ok=True)
    store.command_done(ORDER, at(), ok=False, detail="again")
    assert answers(store) == [(True, "")]
    assert ask_once(store, line, at) == ((), 1)


def test_a_command_begun_before_a_crash_is_answered_and_not_done_again(
    tmp_path, server
):
    store = stocked(tmp_path / "kiosk")
    server.commands = [order("reprint")]
    ask_once(store, server.line(), at)
    store.close()
    store = Store.open(tmp_path / "kiosk", now=at("10:05"))
    assert answers(store) == [
        (False, "the kiosk restarted while carrying it out"),
    ]
    assert ask_once(store, server.line(), at) == ((), 1)
    store.close()


def test_the_loop_gets_only_what_needs_screen_or_printer(store):
    reprint = Command.model_validate(order("reprint", ticket_id=str(touch(1))))
    assert not carry_out_alone(reprint, store, at(), lambda: None)
    assert answers(store) == []


def do(store: Store, **wanted: str) -> list[str]:
    """Carry one command out; what was refreshed by it."""
    command = Command.model_validate(order(**wanted))
    refreshed: list[str] = []
    assert store.begin_command(command, at())
    assert carry_out_alone(command, store, at(), lambda: refreshed.append("catalogue"))
    return refreshed


def test_a_new_catalogue_is_fetched_at_once(store):
    assert do(store, kind="refresh_catalogue") == ["catalogue"]
    assert answers(store) == [(True, "")]


def test_the_runs_are_given_back_on_request(store):
    issue(store, 1)
    do(store, kind="return_leases")
    assert kinds(store) == ["ticket_issued", "lease_returned", "command_done"]
    assert answers(store) == [(True, "29 numbers returned")]
    assert store.remaining(at())["moving"] == 20


def test_a_withdrawn_reserve_is_not_asked_for_again_today(store):
    do(store, kind="withdraw_reserve", series="moving")
    assert answers(store) == [(True, "20 numbers returned")]
    asked = {(r.series, r.kind) for r in store.lease_requests(at())}
    assert ("moving", "reserve") not in asked
    assert ("fast", "reserve") in asked


def test_a_ticket_is_voided_for_the_staff(store):
    issue(store, 1)
    do(store, kind="void", ticket_id=str(touch(1)))
    assert store.ticket(touch(1)).voided == "staff"
    assert answers(store) == [(True, "")]


@pytest.mark.parametrize(
    ("more", "detail"),
    [
        ({}, "the command names no ticket"),
        ({"ticket_id": str(touch(9))}, f"the ledger has no ticket {touch(9)}"),
    ],
)
def test_what_cannot_be_voided_is_said(store, more, detail):
    do(store, kind="void", **more)
    assert answers(store) == [(False, detail)]


def test_without_a_line_the_kiosk_goes_on(store, server):
    server.fault["commands"] = ["down"]
    with pytest.raises(Unreachable):
        ask_once(store, server.line(), at)
    assert issue(store, 1).label == "1"


def test_the_thread_hands_commands_over_and_survives_a_bad_line(
    tmp_path, store, server
):
    server.fault["commands"] = ["down"]
    server.commands = [order("reprint")]
    handed = threading.Event()
    got: list[Command] = []

    def take(command: Command) -> None:
        got.append(command)
        commands.stop()
        handed.set()

    clock = Clock(lambda: at().at, lambda: 0.0, tmp_path / "clock", lambda: None)
    commands = CommandLine(store, server.line(), clock, take)
    thread = threading.Thread(target=commands.run)
    thread.start()
    assert handed.wait(10)
    thread.join(10)
    assert [c.command_id for c in got] == [ORDER]
