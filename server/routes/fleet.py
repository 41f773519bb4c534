"""The fleet, for technicians: kiosks, their states, refused events, commands."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from server.hall import Hall
from server.listing import as_json, instant
from server.problems import Problem
from server.routes.documents import json_answer
from server.routes.incoming import Incoming, keyed
from server.routes.sessions import FLEET_ROLES, need, the_user
from server.store import kiosks, orders, states
from server.store.answers import once
from server.store.states import DeadLetter, FleetRow
from server.store.users import User

Keyed = Annotated[Incoming, Depends(keyed)]


class NewCommand(BaseModel):
    kind: Literal[
        "reprint", "void", "refresh_catalogue", "return_leases", "withdraw_reserve"
    ]
    ticket_id: UUID | None = None
    series: str | None = None


def fleet_router(hall: Hall) -> APIRouter:
    """`/api/staff/v1/fleet` and what a technician does there."""
    router = APIRouter(prefix="/api/staff/v1", tags=["fleet"])
    Somebody = Annotated[User, Depends(the_user(hall))]

    @router.get("/fleet")
    def fleet(user: Somebody) -> Response:
        need(user, FLEET_ROLES)
        with hall.database.read() as connection:
            rows = states.fleet(connection)
            letters = states.open_dead_letters(connection)
        return json_answer(
            as_json(
                {
                    "as_of": instant(hall.now()),
                    "kiosks": [_row(row) for row in rows if _sees(user, row)],
                    "dead_letters": [
                        _letter(letter)
                        for letter in letters
                        if user.works_at(letter.office)
                    ],
                }
            )
        )

    @router.post("/dead-letters/{letter}/settle", status_code=204)
    def settle(letter: int, user: Somebody, call: Keyed) -> Response:
        need(user, FLEET_ROLES)
        with hall.database.write(hall.now()) as tx:
            if not states.settle(tx, letter):
                raise Problem(404, f"there is no open dead letter {letter}")
        return Response(status_code=204)

    @router.post("/kiosks/{kiosk}/commands", status_code=202)
    def order(kiosk: str, wish: NewCommand, user: Somebody, call: Keyed) -> Response:
        need(user, FLEET_ROLES)
        command = orders.new_command(wish.kind, wish.ticket_id, wish.series)

        with hall.database.write(hall.now()) as tx:
            found = kiosks.by_id(tx.connection, kiosk)
            if found is None or not user.works_at(found.office):
                raise Problem(404, f"there is no kiosk {kiosk}")

            def work() -> bytes:
                orders.order(tx, kiosk, command, f"user:{user.name}")
                return command.model_dump_json().encode()

            body = once(tx, call.request(f"user:{user.name}"), work)
        return json_answer(body, 202)

    return router


def _sees(user: User, row: FleetRow) -> bool:
    return user.works_at(row.kiosk.office)


def _row(row: FleetRow) -> dict[str, Any]:
    return {
        "kiosk_id": row.kiosk.id,
        "office": row.kiosk.office,
        "agent_address": row.kiosk.agent_address,
        "enrolled_at": instant(row.kiosk.enrolled_at),
        "last_seen_at": instant(row.kiosk.last_seen_at),
        "last_ack": row.kiosk.last_ack,
        "reachable": row.reachable,
        "error": row.error,
        "asked_at": instant(row.asked_at),
        "round_trip_ms": row.round_trip_ms,
        "state": row.state,
        "state_at": instant(row.state_at),
    }


def _letter(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "kiosk": letter.kiosk,
        "office": letter.office,
        "seq": letter.seq,
        "received_at": instant(letter.received_at),
        "title": letter.title,
        "event": letter.event,
    }
