"""Calls for help at the kiosks: the list, who has seen to one, the staff's stream."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from server.bell import Ring
from server.hall import Hall
from server.listing import as_json, instant
from server.routes.documents import event_stream, json_answer
from server.routes.incoming import Incoming, keyed
from server.routes.sessions import FLEET_ROLES, QUEUE_ROLES, need, the_user
from server.store import help as calls
from server.store.answers import once
from server.store.help import HelpCall
from server.store.log import Cause
from server.store.users import User

HELPERS = QUEUE_ROLES | FLEET_ROLES
ALIVE_SECONDS = 5.0

Keyed = Annotated[Incoming, Depends(keyed)]


def help_router(hall: Hall) -> APIRouter:
    """For everybody who works at the office, technicians too."""
    router = APIRouter(prefix="/api/staff/v1", tags=["help"])
    Somebody = Annotated[User, Depends(the_user(hall))]

    @router.get("/offices/{office}/help")
    def wanted(office: str, user: Somebody) -> Response:
        hall.offices.of(office)
        need(user, HELPERS, office)
        with hall.database.read() as connection:
            found = calls.open_calls(connection, frozenset({office}), hall.now())
        return json_answer(as_json({"calls": [_row(one) for one in found]}))

    @router.post("/help/{call_id}/seen")
    def seen(call_id: int, user: Somebody, call: Keyed) -> Response:
        with hall.database.read() as connection:
            office = calls.read_call(connection, call_id).office
        need(user, HELPERS, office)
        who = f"user:{user.name}"
        with hall.database.write(hall.now()) as tx:

            def work() -> bytes:
                cause = Cause(who, key=call.key)
                done = calls.seen(tx, hall.offices.of(office), call_id, cause)
                return as_json({"call": _ended(done)})

            return json_answer(once(tx, call.request(who), work))

    @router.get("/offices/{office}/stream")
    async def stream(office: str, user: Somebody) -> Response:
        hall.offices.of(office)
        need(user, HELPERS, office)
        topics = (f"office:{office}", f"staff:{office}")
        first = [Ring("help", "{}")]
        return event_stream(hall.bell, topics, first, alive=ALIVE_SECONDS)

    return router


def _row(one: HelpCall) -> dict[str, Any]:
    return {
        "id": one.id,
        "kiosk": one.kiosk,
        "reason": one.reason,
        "at": instant(one.at),
    }


def _ended(one: HelpCall) -> dict[str, Any]:
    return {**_row(one), "seen_by": one.ended_by, "seen_at": instant(one.ended_at)}
