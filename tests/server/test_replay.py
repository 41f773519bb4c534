"""The tickets are what their events say, whatever happened."""

import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from server.rules.ticket import OPEN
from server.store import replay
from server.tables import events, tickets
from tests.server.house import (
    Clock,
    open_house,
    settings_for,
)

DEEDS = (
    "call", "recall", "appear", "absent", "return", "give_up", "hold", "resume",
    "transfer", "finish", "cancel", "leave", "undo", "reopen", "verify",
)  # fmt: skip
WITH = {
    "call": {"counter": "chuo_4"},
    "hold": {"reason": "form", "pool": True},
    "transfer": {"procedure": "insurance", "return": True},
    "cancel": {"reason": "mistake"},
    "verify": {"verified": False},
}


def compare(house, **how):
    with house.hall.database.write(house.clock()) as tx:
        return replay.replay(tx, **{"replace": False, **how})


class Office(RuleBasedStateMachine):
    """Anything staff and kiosk may do, in any order, over two days."""

    def __init__(self):
        super().__init__()
        self.folder = Path(mkdtemp(prefix="seiriken-"))
        shutil.copy(MOULD[0] / "server.sqlite3", self.folder)
        self.clock = Clock()
        self.opened = open_house(
            settings_for(self.folder, MOULD[0] / "city"), self.clock
        )
        self.house = self.opened.__enter__()
        self.kiosk = self.house.kiosk()
        self.clerk = self.house.chief()
        self.ids = []

    def teardown(self):
        self.opened.__exit__(None, None, None)
        shutil.rmtree(self.folder)

    @rule(procedure=st.sampled_from(["moving", "preapplied", "insurance"]))
    def issue(self, procedure):
        self.ids.append(self.kiosk.print(procedure)["ticket_id"])

    @rule(counter=st.sampled_from(["chuo_3", "chuo_5"]))
    def call_next(self, counter):
        self.clerk.next(counter)

    @rule(deed=st.sampled_from(DEEDS), which=st.integers(0, 5))
    def act(self, deed, which):
        if self.ids:
            id = self.ids[-1 - which % len(self.ids)]
            answer = self.clerk.act(id, deed, **WITH.get(deed, {}))
            assert answer.status_code in (200, 403, 409), answer.text

    @rule(which=st.integers(0, 5))
    def void(self, which):
        if self.ids:
            id = self.ids[-1 - which % len(self.ids)]
            self.kiosk.report(
                self.kiosk.event("ticket_voided", ticket_id=id, reason="visitor")
            )

    @rule(seconds=st.sampled_from([1, 11, 600]))
    def wait(self, seconds):
        self.clock.forward(seconds=seconds)

    @rule()
    def sleep_until_tomorrow(self):
        if self.clock.at.day == 1:
            self.clock.forward(days=1)
            self.kiosk.stock.clear()
            self.clerk = self.house.chief()

    @invariant()
    def the_rows_are_the_fold_of_the_events(self):
        assert compare(self.house).different == ()

    @invariant()
    def each_step_begins_where_the_last_ended(self):
        with self.house.hall.database.read() as connection:
            rows = connection.execute(
                select(events.c.ticket_id, events.c.from_state, events.c.to_state)
                .where(events.c.ticket_id.is_not(None))
                .order_by(events.c.seq)
            ).all()
        at = {}
        for row in rows:
            assert row.from_state == at.get(row.ticket_id)
            at[row.ticket_id] = row.to_state

    @invariant()
    def the_queue_in_memory_is_that_of_the_database(self):
        office = self.house.hall.offices["chuo"]
        scene = self.house.hall.live.scene(office, self.clock())
        with self.house.hall.database.read() as connection:
            kept = connection.execute(
                select(tickets.c.id, tickets.c.version).where(
                    tickets.c.day == scene.day, tickets.c.state.in_(sorted(OPEN))
                )
            )
            assert {(t.id, t.version) for t in scene.tickets} == {
                (row.id, row.version) for row in kept
            }


MOULD: list[Path] = []


def test_any_day_is_the_sum_of_its_events(mould):
    MOULD[:] = [mould]
    run_state_machine_as_test(
        Office,
        settings=hypothesis_settings(
            max_examples=5, stateful_step_count=25, deadline=None
        ),
    )


def test_a_row_that_was_tampered_with_is_found_and_put_right(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    for _ in range(3):
        kiosk.print()
    ticket = clerk.next()
    with house.hall.database.write(house.clock()) as tx:
        tx.connection.execute(
            update(tickets)
            .where(tickets.c.label == "B001")
            .values(state="done", order_key=house.clock() - timedelta(days=1))
        )
        tx.connection.execute(delete(tickets).where(tickets.c.label == "B002"))
    assert len(compare(house).different) == 2
    assert compare(house, replace=True).tickets == 3
    assert compare(house).different == ()
    assert clerk.ticket(ticket["id"])["state"] == "called"


@pytest.mark.parametrize(
    "change", ["UPDATE events SET reason = 'x'", "DELETE FROM events"]
)
def test_the_database_refuses_to_change_the_past(house, change):
    house.kiosk().print()
    with (
        pytest.raises(IntegrityError, match="never"),
        house.hall.database.write(house.clock()) as tx,
    ):
        tx.connection.execute(text(change))


def test_events_of_a_closed_day_may_be_removed(house):
    house.kiosk().print()
    house.clock.forward(days=1)
    house.kiosk().print()
    with house.hall.database.write(house.clock()) as tx:
        gone = tx.connection.execute(
            text("DELETE FROM events WHERE business_day = '2026-04-01'")
        )
        assert gone.rowcount == 3


def test_no_change_is_half_done(house):
    house.kiosk().print()
    database, live = house.hall.database, house.hall.live
    change = database.write(house.clock())
    change.__enter__().connection.execute(delete(tickets))
    assert change.__exit__(KeyError, KeyError(), None) is False
    office = house.hall.offices["chuo"]
    assert len(live.scene(office, house.clock()).tickets) == 1
    assert compare(house) == replay.Replayed(1, ())
