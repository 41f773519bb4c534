"""Which counters are open, and who sits there."""

from sqlalchemy import Connection, insert, select, update

from server.offices import Office
from server.store.database import Post, Transaction
from server.store.log import Cause, append
from server.tables import counters


def posts(connection: Connection, office: Office) -> dict[str, Post]:
    """Every counter of the office by id; one nobody ever opened is closed."""
    rows = connection.execute(select(counters).where(counters.c.office == office.id))
    known = {
        row.id: Post(row.id, row.office, row.open, row.user, row.changed_at)
        for row in rows
    }
    return {
        counter.id: known.get(
            counter.id, Post(counter.id, office.id, False, None, None)
        )
        for counter in office.catalogue.counters
    }


def taken_by(connection: Connection, user: str) -> set[str]:
    """The counters this person opened or called at last."""
    return set(
        connection.execute(
            select(counters.c.id).where(counters.c.user == user, counters.c.open)
        ).scalars()
    )


def sitting_at(connection: Connection, counter: str) -> str | None:
    """Who opened that counter or called to it at last; None if it is closed."""
    return connection.execute(
        select(counters.c.user).where(counters.c.id == counter, counters.c.open)
    ).scalar_one_or_none()


def set_open(
    tx: Transaction, office: Office, counter: str, *, open: bool, cause: Cause
) -> None:
    """Open or close the counter, and note who sits there; an event if it changed."""
    row = tx.connection.execute(
        select(counters).where(counters.c.id == counter)
    ).one_or_none()
    same = row is not None and row.open == open
    post = Post(
        counter,
        office.id,
        open,
        _person(cause) if open else None,
        row.changed_at if row is not None and same else tx.now,
    )
    if row is None or (row.open, row.user) != (post.open, post.user):
        _put(tx, post, known=row is not None)
    if same:
        return
    append(
        tx,
        "counter_opened" if open else "counter_closed",
        cause,
        office=office.id,
        day=office.day(tx.now),
        counter=counter,
        payload={},
    )


def _put(tx: Transaction, post: Post, *, known: bool) -> None:
    columns = {
        "office": post.office,
        "open": post.open,
        "user": post.user,
        "changed_at": post.changed_at,
    }
    if known:
        tx.connection.execute(
            update(counters).where(counters.c.id == post.id).values(columns)
        )
    else:
        tx.connection.execute(insert(counters), {"id": post.id, **columns})
    tx.posts_changed.append(post)


def _person(cause: Cause) -> str | None:
    kind, _, name = cause.actor.partition(":")
    return name if kind == "user" else None
