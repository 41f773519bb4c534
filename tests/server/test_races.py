"""Many hands at once: nobody gets what another has."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.server.house import Clerk


def together(*works):
    """Let all works begin at the same moment; their results."""
    gate = Barrier(len(works))

    def begin(work):
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [f.result() for f in [pool.submit(begin, work) for work in works]]


CLERKS = ("hana", "ken", "chief")
COUNTERS = ("chuo_3", "chuo_4", "chuo_5")


def test_clerks_who_press_at_once_never_get_the_same_ticket(house):
    kiosk = house.kiosk()
    issued = {kiosk.print()["ticket_id"] for _ in range(30)}
    clerks = [house.clerk(name) for name in CLERKS]

    def press_ten(clerk, counter):
        return lambda: [clerk.next(counter)["id"] for _ in range(10)]

    got = together(*map(press_ten, clerks, COUNTERS))
    called = [id for some in got for id in some]
    assert len(called) == len(set(called)) == 30
    assert set(called) == issued


def test_one_ticket_called_directly_by_two_goes_to_one(house):
    id = house.kiosk().print()["ticket_id"]
    clerks = [house.clerk(name) for name in CLERKS]

    def call(clerk: Clerk, counter: str):
        return lambda: clerk.act(id, "call", counter=counter).status_code

    assert sorted(together(*map(call, clerks, COUNTERS))) == [200, 409, 409]


def test_one_press_sent_twice_at_once_is_one_press(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    kiosk.print()
    kiosk.print()
    same = {"Idempotency-Key": "one-press"}

    def press():
        return clerk.post("/counters/chuo_3/next", **same).json()["ticket"]["id"]

    assert len(set(together(press, press, press, press))) == 1
    assert house.figures()["waiting"] == 1


def test_kiosks_of_one_series_never_print_the_same_number(house):
    kiosks = [house.kiosk() for _ in range(4)]

    def work(kiosk):
        return lambda: [kiosk.print()["label"] for _ in range(25)]

    labels = [label for some in together(*map(work, kiosks)) for label in some]
    assert len(labels) == len(set(labels)) == 100
    assert house.figures()["waiting"] == 100


def test_a_batch_sent_twice_at_once_is_applied_once(house):
    kiosk = house.kiosk()
    batch = [kiosk.issued() for _ in range(10)]
    answers = together(*[lambda: kiosk.report(*batch)] * 4)
    assert answers == [{"ack": 10, "refused": []}] * 4
    assert len(house.clerk().tickets()) == 10
