"""Everything the kiosk did reaches the server once and in order, line or no line."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest

from drivers import Outcome
from kiosk.clock import Clock
from kiosk.exchange import Memory, exchange_once
from kiosk.line import CredentialRefused, Line, Unreachable
from kiosk.store import Store
from kiosk.sync import (
    CatalogueChanged,
    FiguresChanged,
    FindingsChanged,
    LeasesChanged,
    OnlineChanged,
    Sync,
)
from protocol.messages import KioskState
from tests.kiosk.office import (
    CATALOGUE,
    LEDGER,
    TUESDAY,
    at,
    grant,
    issue,
    stocked,
    touch,
)
from tests.kiosk.standin import StandIn


class Line_:
    """One kiosk and one server, and rounds between them."""

    def __init__(self, store: Store, server: StandIn) -> None:
        self.store, self.server = store, server
        self.line: Line = server.line()
        self.memory = Memory()
        self.now = at()
        self.news: list[object] = []

    def round(self, **other) -> list[object]:
        """One exchange; the news of it."""
        self.news = []
        self.memory = exchange_once(
            self.store,
            self.line,
            self.memory,
            lambda: self.now,
            self.news.append,
            **other,
        )
        return self.news

    def later(self, **by: float) -> None:
        at_ = self.now.at + timedelta(**by)
        self.now = type(self.now)(at_, self.now.trust)


@pytest.fixture
def server():
    return StandIn()


@pytest.fixture
def office(tmp_path, server):
    """A kiosk with numbers of its own, so that nothing has to be leased."""
    store = stocked(tmp_path, run=(801, 900))
    store.add_lease(grant(1, 30, series="fast"), touch(0), at())
    store.add_lease(grant(90, 99, "reserve", series="fast"), touch(0), at())
    yield Line_(store, server)
    store.close()


def test_a_new_kiosk_gets_catalogue_numbers_and_figures_in_its_first_round(
    tmp_path, server
):
    office = Line_(Store.open(tmp_path, now=at()), server)
    news = office.round()
    assert [type(n) for n in news] == [CatalogueChanged, LeasesChanged, FiguresChanged]
    assert office.store.catalogue() == CATALOGUE
    assert office.store.remaining(at()) == {"moving": 80, "fast": 24}
    assert issue(office.store, 1).label == "1"


def test_what_has_not_changed_is_not_told_again(office):
    office.round()
    office.later(minutes=1)
    assert office.round() == []
    office.server.figures = {"as_of": at().at.isoformat(), "procedures": {}}
    [news] = office.round()
    assert isinstance(news, FiguresChanged)


def test_the_server_hears_everything_once_and_in_order(office):
    for n in range(3):
        ticket = issue(office.store, n)
        office.store.record_outcome(ticket.ticket_id, Outcome.PRINTED, at())
    office.round()
    assert office.store.pending() == 0
    assert sorted(office.server.events) == [1, 2, 3, 4, 5, 6]
    assert office.server.tickets() == [str(touch(n)) for n in range(3)]
    assert office.store.sync_state(online=True).last_ack_at == at().at
    asked = len(office.server.asked)
    office.round()
    assert "POST events" not in office.server.asked[asked:]


def test_a_day_without_network_drains_by_itself_oldest_first(tmp_path, server):
    office = Line_(stocked(tmp_path, run=(1, 900), reserve=None), server)
    for n in range(300):
        ticket = issue(office.store, n)
        office.store.record_outcome(ticket.ticket_id, Outcome.PRINTED, at())
    server.fault["*"] = ["down"]
    with pytest.raises(Unreachable):
        office.round()
    assert office.store.pending() == 600
    office.round()
    assert office.store.pending() == 0
    assert server.tickets() == [str(touch(n)) for n in range(300)]
    assert server.asked.count("POST events") == 4


def test_a_lost_answer_makes_no_double(office):
    issue(office.store, 1)
    office.round()
    issue(office.store, 2)
    office.server.fault["events"] = ["lost"]
    with pytest.raises(Unreachable):
        office.round()
    issue(office.store, 3)
    office.round()
    assert office.server.tickets() == [str(touch(n)) for n in (1, 2, 3)]
    assert office.store.pending() == 0


def test_a_lost_lease_is_asked_for_under_the_same_name(tmp_path, server):
    office = Line_(Store.open(tmp_path, now=at()), server)
    server.fault["leases"] = ["lost"]
    with pytest.raises(Unreachable):
        office.round()
    office.round()
    assert len(server.leases) == 4
    assert server.next_number == {"moving": 81, "fast": 25}
    assert office.store.remaining(at()) == {"moving": 80, "fast": 24}


def test_a_refused_event_is_kept_apart_and_blocks_nothing(office):
    office.server.refuses = lambda event: event.get("number") == 802
    for n in range(3):
        issue(office.store, n)
    office.round()
    assert office.store.pending() == 0
    [dead] = office.store.dead_letters()
    assert (dead.seq, dead.kind, dead.title) == (2, "ticket_issued", "not like this")
    assert office.store.sync_state(online=True).dead == 1


def test_a_server_restored_from_a_backup_is_told_again(office):
    office.server.contiguous = True
    for n in range(6):
        issue(office.store, n)
    office.round()
    for seq in (4, 5, 6):
        del office.server.events[seq]
    issue(office.store, 7)
    office.round()
    assert sorted(office.server.events) == list(range(1, 8))
    assert office.store.pending() == 0


def test_a_server_that_waits_for_what_nobody_has_is_a_finding(office):
    issue(office.store, 1)
    office.round()
    office.server.contiguous = True
    office.server.refuses = lambda event: event["seq"] == 2
    issue(office.store, 2)
    office.round()
    del office.server.events[2]
    issue(office.store, 3)
    [news] = office.round()
    assert isinstance(news, FindingsChanged)
    assert [f.code for f in news.findings] == ["sync_gap"]


def test_a_rebuilt_ledger_is_not_mistaken_for_a_repetition(tmp_path, server):
    store = stocked(tmp_path)
    office = Line_(store, server)
    for n in range(4):
        issue(store, n)
    store.staff_called("button", at())
    office.round()
    store.close()
    (tmp_path / LEDGER).unlink()

    again = Line_(Store.open(tmp_path, now=at("11:00")), server)
    issue(again.store, 9, at("11:00"))
    again.round()
    assert again.store.pending() == 0
    assert server.tickets().count(str(touch(9))) == 1
    told = [e["kind"] for seq, e in server.events.items() if seq > 5]
    assert told[0] == "ledger_recovered"


def test_an_old_copy_of_the_whole_card_is_found_out_by_asking_the_server(
    tmp_path, server
):
    store = stocked(tmp_path / "old")
    store.close()
    office = Line_(stocked(tmp_path / "new"), server)
    for n in range(5):
        issue(office.store, n)
    office.round()
    old = Line_(Store.open(tmp_path / "old", now=at()), server)
    issue(old.store, 50)
    old.round()
    assert str(touch(50)) in server.tickets()


def test_a_refused_credential_is_a_finding_and_the_kiosk_goes_on(office):
    issue(office.store, 1)
    office.server.credential = "another"
    with pytest.raises(CredentialRefused):
        office.round()
    assert issue(office.store, 2).label == "802"
    assert office.store.pending() == 2


def test_a_bad_catalogue_does_not_keep_tickets_from_the_server(office):
    issue(office.store, 1)
    office.server.fault["catalogue"] = [404]
    news = office.round()
    assert office.store.pending() == 0
    [found] = [n for n in news if isinstance(n, FindingsChanged)]
    assert [f.code for f in found.findings] == ["server_answer"]
    office.later(minutes=1)
    assert FindingsChanged(()) in office.round()


def test_refused_numbers_are_a_finding_and_asked_for_again_later(tmp_path, server):
    office = Line_(Store.open(tmp_path, now=at()), server)
    server.fault["leases"] = [409, 409, 409, 409]
    news = office.round()
    [found] = [n for n in news if isinstance(n, FindingsChanged)]
    assert "lease_refused_run_moving" in {f.code for f in found.findings}
    office.round()
    assert server.asked.count("POST leases") == 4
    office.later(seconds=31)
    assert LeasesChanged() in office.round()
    assert office.store.remaining(at()) == {"moving": 80, "fast": 24}


def test_numbers_for_another_day_are_a_finding_and_no_endless_asking(tmp_path, server):
    office = Line_(Store.open(tmp_path, now=at()), server)
    server.lease_day = (TUESDAY + timedelta(days=1)).isoformat()
    news = office.round()
    [found] = [n for n in news if isinstance(n, FindingsChanged)]
    assert "lease_other_day" in {f.code for f in found.findings}
    asked = server.asked.count("POST leases")
    office.round()
    assert server.asked.count("POST leases") == asked


def test_numbers_are_topped_up_before_they_are_spent(tmp_path, server):
    office = Line_(Store.open(tmp_path, now=at()), server)
    office.round()
    for n in range(100):
        assert issue(office.store, n).number is not None
        office.round()
    used = {e["number"] for e in server.events.values() if e["kind"] == "ticket_issued"}
    reserve = next(
        r
        for r in server.leases.values()
        if r["kind"] == "reserve" and r["series"] == "moving"
    )
    assert not used & set(range(reserve["first"], reserve["last"] + 1))


def test_after_closing_the_rest_of_the_run_is_given_back_and_no_more_is_asked(office):
    issue(office.store, 1)
    office.now = at("17:01")
    office.round()
    assert office.store.remaining(at("17:01"))["moving"] == 119
    office.now = at("17:06")
    office.round()
    [run] = [
        e
        for e in office.server.events.values()
        if e["kind"] == "lease_returned" and e["first"] == 802
    ]
    assert run["last"] == 900
    assert office.store.remaining(at("17:06"))["moving"] == 20
    assert "POST leases" not in office.server.asked


def test_a_clock_that_is_not_trusted_gives_nothing_back(office):
    office.now = at("22:00", trust="saved")
    office.round()
    assert office.store.remaining(at())["moving"] == 120


def test_the_state_goes_along_where_the_server_cannot_poll(office, state):
    office.round(state=lambda: state)
    office.round(state=lambda: state)
    assert [KioskState.model_validate(s) for s in office.server.states] == [state]
    office.later(seconds=11)
    office.round(state=lambda: state)
    assert len(office.server.states) == 2


def test_a_connection_closed_in_the_wrong_moment_is_used_once_more(office):
    issue(office.store, 1)

    class Closing(StandIn):
        closed = 0

        def send(self, request, **how):
            if self.closed == 0:
                self.closed += 1
                import requests

                raise requests.ConnectionError("closed by the other side")
            return super().send(request, **how)

    office.line = Closing().line()
    office.round()
    assert office.store.pending() == 0


class Waiting:
    """Collects news and lets a test wait for one."""

    def __init__(self) -> None:
        self.news: list[object] = []
        self._changed = threading.Condition()

    def __call__(self, news: object) -> None:
        with self._changed:
            self.news.append(news)
            self._changed.notify_all()

    def until(self, wanted: object) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: wanted in self.news, timeout=10)


def test_the_thread_wakes_for_news_and_says_when_the_line_comes_and_goes(
    tmp_path, office, server
):
    heard = Waiting()
    pushed = threading.Event()
    clock = Clock(lambda: at().at, lambda: 0.0, tmp_path / "clock", lambda: None)
    line = server.line(on_date=clock.learn)
    beside = office.store.beside()
    sync = Sync(beside, line, clock, heard)
    office.store.when_journalled(sync.nudge)
    thread = threading.Thread(target=sync.run)
    thread.start()
    heard.until(OnlineChanged(True))
    assert clock.now().trust == "server"
    server.refuses = lambda event: bool(pushed.set())
    issue(office.store, 1)
    assert pushed.wait(10)
    server.fault["*"] = ["down"]
    sync.refresh()
    heard.until(OnlineChanged(False))
    sync.stop()
    thread.join(10)
    assert not thread.is_alive()
    beside.close_beside()


def test_a_refused_credential_takes_the_kiosk_off_line_with_a_finding(
    tmp_path, office, server
):
    heard = Waiting()
    clock = Clock(lambda: at().at, lambda: 0.0, tmp_path / "clock", lambda: None)
    line = server.line()
    server.credential = "another"
    sync = Sync(office.store, line, clock, heard)
    sync.turn()
    assert not sync.online
    [found] = [n for n in heard.news if isinstance(n, FindingsChanged)]
    assert [f.code for f in found.findings] == ["credential_refused"]
    assert "secret" not in found.findings[0].text
    server.credential = "secret"
    sync.turn()
    assert sync.online
    assert FindingsChanged(()) in heard.news


def test_a_kiosk_enrolled_anew_keeps_no_numbers_of_the_old_one(office):
    assert not office.store.belong_to("chuo-1", at())
    assert not office.store.belong_to("chuo-1", at())
    issue(office.store, 1)
    assert office.store.belong_to("chuo-2", at())
    assert office.store.remaining(at()) == {"moving": 0, "fast": 0}
    assert not office.store.aligned()
    assert UUID(office.store.unsent(1)[0]["ticket_id"]) == touch(1)
