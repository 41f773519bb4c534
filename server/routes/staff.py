"""The staff API, `/api/staff/v1`: log in, see the queue, call, and all that follows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from server.hall import Hall
from server.listing import as_json, instant, row, rows
from server.offices import Office, UnknownPlace
from server.problems import Problem
from server.routes.documents import json_answer
from server.routes.incoming import SESSION_COOKIE, Incoming, incoming, keyed
from server.routes.sessions import QUEUE_ROLES, need, the_user
from server.rules.lifecycle import Action, Forbidden, ReturnPolicy
from server.rules.ticket import State, Ticket
from server.store import counters, desk, queue, users
from server.store.answers import once
from server.store.database import Transaction
from server.store.desk import Clerk, Order
from server.store.log import Stale, read_ticket
from server.store.queue import Listed
from server.store.users import BadLogin, User

Asked = Annotated[Incoming, Depends(incoming)]
Keyed = Annotated[Incoming, Depends(keyed)]


class Login(BaseModel):
    user: str = Field(max_length=80)
    password: str = Field(max_length=200)


class Deed(BaseModel):
    """The body of a ticket action; each action reads what belongs to it."""

    model_config = ConfigDict(frozen=True)

    version: int | None = None
    counter: str | None = None
    reason: str = Field("", max_length=500)
    pool: bool = False
    minutes: float | None = Field(None, gt=0, le=600)
    procedure: str | None = None
    note: str = Field("", max_length=500)
    back: bool = Field(False, alias="return")
    verified: bool | None = None


class Seat(BaseModel):
    """The body of an action at a counter.

    `by_hand`: a person pressed it, who may press twice or sit at the wrong counter.
    `take_over`: they mean it though another works there.
    """

    model_config = ConfigDict(frozen=True)

    by_hand: bool = False
    take_over: bool = False


def staff_router(hall: Hall) -> APIRouter:
    """Everything but the fleet."""
    router = APIRouter(prefix="/api/staff/v1", tags=["staff"])
    Somebody = Annotated[User, Depends(the_user(hall))]

    @router.post("/login")
    def log_in(who: Login, call: Asked, request: Request) -> Response:
        token = open_session(hall, who.user, who.password, call.address)
        answer = json_answer(as_json({"token": token}))
        set_session_cookie(hall, answer, token)
        return answer

    @router.post("/logout", status_code=204)
    def log_out(call: Asked) -> Response:
        with hall.database.write(hall.now()) as tx:
            users.close_session(tx, call.bearer or "")
        answer = Response(status_code=204)
        answer.delete_cookie(SESSION_COOKIE, path="/")
        return answer

    @router.get("/me")
    def me(user: Somebody) -> Response:
        with hall.database.read() as connection:
            taken = sorted(counters.taken_by(connection, user.name))
        about = {
            "user": user.name,
            "role": user.role,
            "office": user.office,
            "counters": taken,
        }
        return json_answer(as_json(about))

    @router.get("/offices/{office}/tickets")
    def tickets(
        office: str,
        user: Somebody,
        state: Annotated[list[State] | None, Query()] = None,
        counter: str | None = None,
    ) -> Response:
        place = hall.offices.of(office)
        need(user, QUEUE_ROLES, office)
        return json_answer(as_json({"tickets": _listed(hall, place, state, counter)}))

    @router.get("/offices/{office}/counters")
    def posts(office: str, user: Somebody) -> Response:
        place = hall.offices.of(office)
        need(user, QUEUE_ROLES, office)
        with hall.database.read() as connection:
            found = counters.posts(connection, place)
        about = [
            {
                "id": counter.id,
                "number": counter.number,
                "procedures": list(counter.procedures),
                "open": found[counter.id].open,
                "user": found[counter.id].user,
            }
            for counter in place.catalogue.counters
        ]
        return json_answer(as_json({"counters": about}))

    @router.post("/counters/{counter}/next")
    def call_next(
        counter: str, user: Somebody, call: Keyed, seat: Seat | None = None
    ) -> Response:
        how = seat or Seat()

        def work(tx: Transaction, clerk: Clerk) -> bytes:
            called = desk.call_next(
                tx, clerk, counter, by_hand=how.by_hand, take_over=how.take_over
            )
            if called is None:
                return _one(None)
            return _one(queue.as_listed(tx.connection, called))

        return _at(hall, user, call, hall.offices.of_counter(counter), work)

    @router.post("/counters/{counter}/open")
    def open_counter(
        counter: str, user: Somebody, call: Keyed, seat: Seat | None = None
    ) -> Response:
        how = seat or Seat()

        def work(tx: Transaction, clerk: Clerk) -> bytes:
            desk.open_counter(
                tx, clerk, counter, by_hand=how.by_hand, take_over=how.take_over
            )
            return as_json({"counter": counter, "open": True})

        return _at(hall, user, call, hall.offices.of_counter(counter), work)

    @router.post("/counters/{counter}/close")
    def close_counter(counter: str, user: Somebody, call: Keyed) -> Response:
        def work(tx: Transaction, clerk: Clerk) -> bytes:
            desk.close_counter(tx, clerk, counter)
            return as_json({"counter": counter, "open": False})

        return _at(hall, user, call, hall.offices.of_counter(counter), work)

    @router.get("/tickets/{ticket}")
    def one_ticket(ticket: UUID, user: Somebody) -> Response:
        with hall.database.read() as connection:
            found = read_ticket(connection, ticket)
            need(user, QUEUE_ROLES, found.office)
            clerk = _clerk(hall, user, found.office, None)
            could = desk.possible(connection, hall.now(), clerk, found)
            allowed = [action.value for action in could]
            listed = queue.as_listed(connection, found)
        return json_answer(_one(listed, allowed=allowed))

    @router.post("/tickets/{ticket}/{action}")
    def act(
        ticket: UUID, action: Action, deed: Deed, user: Somebody, call: Keyed
    ) -> Response:
        order = _order(action, deed)
        found = _ticket(hall, ticket)

        def work(tx: Transaction, clerk: Clerk) -> bytes:
            now = read_ticket(tx.connection, ticket)
            done = desk.act(tx, clerk, now, order)
            return _one(queue.as_listed(tx.connection, done))

        return _at(hall, user, call, hall.offices.of(found.office), work)

    return router


def open_session(hall: Hall, name: str, password: str, address: str) -> str:
    """Log in; TooMany and BadLogin as they fall. For the API and for the pages."""
    now = hall.now()
    hall.limits.login_failures.check(address, now)
    hall.limits.login.spend(name, now)
    try:
        with hall.database.read() as connection:
            user = users.check_password(connection, name, password)
    except BadLogin:
        hall.limits.login_failures.count(address, now)
        raise
    with hall.database.write(now) as tx:
        return users.open_session(tx, user, hall.settings.session_hours)


def set_session_cookie(hall: Hall, answer: Response, token: str) -> None:
    """For browsers; a strange page can neither read it nor have it sent along."""
    answer.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(hall.settings.session_hours * 3600),
        path="/",
        httponly=True,
        samesite="strict",
        secure=hall.settings.public_url.lower().startswith("https://"),
    )


def _clerk(hall: Hall, user: User, office: str, key: str | None) -> Clerk:
    policy = ReturnPolicy(max_calls=hall.settings.max_calls)
    same_press = timedelta(seconds=hall.settings.same_press_seconds)
    return Clerk(user, hall.offices.of(office), policy, key, same_press)


def _at(
    hall: Hall,
    user: User,
    call: Incoming,
    office: Office,
    work: Callable[[Transaction, Clerk], bytes],
) -> Response:
    """One durable change by this person at that office; refusals as problems."""
    need(user, QUEUE_ROLES, office.id)
    now = hall.now()
    clerk = _clerk(hall, user, office.id, call.key)
    try:
        with hall.database.write(now) as tx:
            hall.days.begin(tx, office.id, office.day(now))
            request = call.request(f"user:{user.name}")
            body = once(tx, request, lambda: work(tx, clerk))
    except Forbidden as exc:
        raise Problem(403, str(exc)) from exc
    except desk.Taken as exc:
        taken = {"user": exc.user, "since": instant(exc.since)}
        raise _conflict(str(exc), exc.ticket, exc.allowed, taken_by=taken) from exc
    except desk.Refused as exc:
        raise _conflict(str(exc), exc.ticket, exc.allowed) from exc
    except Stale as exc:
        raise _conflict(
            str(exc), exc.ticket, _possible(hall, clerk, exc.ticket)
        ) from exc
    return json_answer(body)


def _conflict(
    sentence: str, ticket: Ticket, allowed: tuple[Action, ...], **more: Any
) -> Problem:
    return Problem(
        409,
        sentence,
        ticket=str(ticket.id),
        state=ticket.state.value,
        version=ticket.version,
        allowed=[action.value for action in allowed],
        **more,
    )


def _possible(hall: Hall, clerk: Clerk, ticket: Ticket) -> tuple[Action, ...]:
    with hall.database.read() as connection:
        return desk.possible(connection, hall.now(), clerk, ticket)


def _ticket(hall: Hall, id: UUID) -> Ticket:
    with hall.database.read() as connection:
        return read_ticket(connection, id)


def _one(listed: Listed | None, **more: Any) -> bytes:
    return as_json({"ticket": listed and row(listed), **more})


def _listed(
    hall: Hall, office: Office, states: list[State] | None, counter: str | None
) -> list[dict[str, Any]]:
    now = hall.now()
    day = office.day(now)
    if counter is None:
        served = frozenset(p.id for p in office.catalogue.issuable())
    else:
        served = frozenset(hall.offices.of_counter(counter).counter(counter).procedures)
    with hall.database.read() as connection:
        found = queue.listed(connection, office.id, day, states)
        runs = queue.runs(connection, office.id, day)
    return rows(found, served=served, runs=runs, rules=office.rules, now=now)


def _order(action: Action, deed: Deed) -> Order:
    """The action with what it needs; 404 if not for staff, 422 if a part lacks."""
    if action not in desk.ACTIONS:
        raise UnknownPlace(f"there is no action {action} for staff")
    needed = {
        Action.CALL: ("counter", deed.counter),
        Action.TRANSFER: ("procedure", deed.procedure),
        Action.HOLD: ("reason", deed.reason),
        Action.CANCEL: ("reason", deed.reason),
        Action.VERIFY: ("verified", deed.verified),
    }
    if action in needed and needed[action][1] in (None, ""):
        raise Problem(422, f"{action} needs {needed[action][0]}")
    return Order(
        action,
        deed.version,
        deed.counter if action is Action.CALL else None,
        deed.reason,
        deed.pool,
        deed.minutes,
        deed.procedure if action is Action.TRANSFER else None,
        deed.note,
        deed.back,
        deed.verified,
    )
