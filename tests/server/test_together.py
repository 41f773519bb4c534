"""Changes that share a transaction: each fails alone, none is answered too early."""

from threading import Event

import pytest
from sqlalchemy import func, insert, select

from server.store.together import Closed, Together
from server.tables import answers


def keep(name):
    def work(tx):
        row = {"scope": "t", "key": name, "fingerprint": b"", "body": b"", "at": tx.now}
        tx.connection.execute(insert(answers), row)
        return name.encode()

    return work


def kept(house):
    with house.hall.database.read() as connection:
        count = select(func.count()).where(answers.c.scope == "t")
        return connection.execute(count).scalar_one()


@pytest.fixture
def together(house):
    found = Together(house.hall.database, house.clock)
    found.start()
    yield found
    found.stop()


def test_many_changes_share_one_commit(house, together):
    gate, inside = Event(), Event()

    def hold(tx):
        inside.set()
        assert gate.wait(10)
        return b"first"

    first = together.submit(hold)
    assert inside.wait(10)
    before = house.hall.database.commits
    others = [together.submit(keep(str(n))) for n in range(20)]
    gate.set()
    assert first.result(10) == b"first"
    assert [job.result(10) for job in others] == [b"%d" % n for n in range(20)]
    assert house.hall.database.commits == before + 2


def test_one_that_fails_undoes_only_itself(house, together):
    def half(tx):
        keep("half")(tx)
        raise ZeroDivisionError

    jobs = [together.submit(work) for work in (keep("a"), half, keep("b"))]
    assert jobs[0].result(10) == b"a"
    assert isinstance(jobs[1].exception(10), ZeroDivisionError)
    assert jobs[2].result(10) == b"b"
    assert kept(house) == 2


def test_an_answer_is_durable(house, together):
    for n in range(5):
        together.submit(keep(str(n))).result(10)
        assert kept(house) == n + 1


def test_what_was_submitted_is_finished_and_nothing_after(house, together):
    jobs = [together.submit(keep(str(n))) for n in range(50)]
    together.stop()
    assert [job.result(0) for job in jobs] == [b"%d" % n for n in range(50)]
    with pytest.raises(Closed, match="stopping"):
        together.submit(keep("late"))
