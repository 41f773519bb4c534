"""The kiosk protocol, `/api/kiosk/v1`: see docs/protocol.md and `protocol.messages`."""

from asyncio import wrap_future
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from protocol.catalogue import Catalogue
from protocol.messages import (
    Acknowledged,
    Batch,
    Commands,
    Enrol,
    Enrolled,
    Figures,
    KioskState,
    Lease,
    LeaseRequest,
)
from server.bell import CLOSED
from server.hall import Hall
from server.offices import Office
from server.problems import Problem
from server.routes.documents import json_answer, sheet_answer
from server.routes.incoming import Incoming, body_of, incoming, keyed, read_body
from server.rules.numbering import SeriesExhausted
from server.sheets import Sheet
from server.store import kiosks, leasing, orders, states
from server.store.answers import once
from server.store.database import Transaction
from server.store.inbox import BadBatch, Sender, take
from server.store.kiosks import EnrolRefused, Kiosk

Keyed = Annotated[Incoming, Depends(keyed)]
Asked = Annotated[Incoming, Depends(incoming)]
_NOBODY = "this credential is unknown here or was withdrawn; enrol the kiosk again"


def kiosk_router(hall: Hall) -> APIRouter:
    """Enrolment, leases, events, catalogue, figures, commands, state."""
    router = APIRouter(prefix="/api/kiosk/v1", tags=["kiosk protocol"])

    @router.post("/enrol", response_model=Enrolled)
    def enrol(wish: Enrol, call: Keyed) -> Response:
        now = hall.now()
        hall.limits.enrol_failures.check(call.address, now)
        try:
            with hall.database.write(now) as tx:
                answer = kiosks.enrol(tx, wish.code, wish.agent_address, call.key or "")
        except EnrolRefused:
            hall.limits.enrol_failures.count(call.address, now)
            raise
        return json_answer(answer.model_dump_json().encode())

    @router.post("/leases", response_model=Lease)
    def take_lease(wanted: LeaseRequest, call: Keyed) -> Response:
        def work(tx: Transaction, kiosk: Kiosk, office: Office) -> bytes:
            share = hall.settings.run_share
            lease = leasing.lease(tx, office, kiosk, wanted, share=share)
            return lease.model_dump_json().encode()

        try:
            job = hall.together.submit(_change(hall, call, work))
            return json_answer(job.result())
        except SeriesExhausted as exc:
            kiosk, office = _asking(hall, call)
            with hall.database.write(hall.now()) as tx:
                orders.ask_back(tx, office.id, kiosk.id)
            raise Problem(409, str(exc)) from exc
        except leasing.UnknownSeries as exc:
            raise Problem(404, str(exc)) from exc

    # Read by hand: this is the address of the visitors' rush, and every step counts.
    @router.post("/events", response_model=Acknowledged, openapi_extra=body_of(Batch))
    async def take_events(request: Request) -> Response:
        call = await keyed(request)
        batch = read_body(Batch, call)

        def work(tx: Transaction, kiosk: Kiosk, office: Office) -> bytes:
            sender = Sender(kiosk, office, hall.press.forecast, call.key or "")
            return take(tx, sender, batch).model_dump_json().encode()

        try:
            job = hall.together.submit(_change(hall, call, work))
            return json_answer(await wrap_future(job))
        except BadBatch as exc:
            raise Problem(422, str(exc)) from exc

    @router.post("/state", status_code=204)
    def take_state(state: KioskState, call: Keyed) -> Response:
        document = state.model_dump(mode="json")
        with hall.database.write(hall.now()) as tx:
            kiosk = _known(kiosks.by_credential(tx.connection, call.need_bearer()))
            states.keep(tx, kiosk, states.Seen(document, None, None, sent=True))
        return Response(status_code=204)

    @router.get("/catalogue", response_model=Catalogue)
    def catalogue(call: Asked, request: Request) -> Response:
        office = _asking(hall, call)[1]
        sheet = Sheet(office.document, f'"{office.catalogue.version}"')
        return sheet_answer(request, sheet, "application/json", "private, no-cache")

    @router.get("/figures", response_model=Figures)
    def figures(call: Asked, request: Request) -> Response:
        office = _asking(hall, call)[1]
        sheet = hall.press.issue(office.id).kiosk
        return sheet_answer(request, sheet, "application/json", "private, no-cache")

    @router.get("/commands", response_model=Commands)
    async def commands(
        call: Asked, wait: Annotated[float, Query(ge=0, le=60)] = 25
    ) -> Response:
        kiosk, _ = await run_in_threadpool(_asking, hall, call)
        with hall.bell.listening(f"kiosk:{kiosk.id}") as listener:
            found = await run_in_threadpool(_open_orders, hall, kiosk.id)
            patience = min(wait, hall.settings.command_wait_seconds)
            if not found.commands and patience > 0:
                ring = await listener.next(patience)
                if ring is not None and ring is not CLOSED:
                    found = await run_in_threadpool(_open_orders, hall, kiosk.id)
        return json_answer(found.model_dump_json().encode())

    return router


def _change(
    hall: Hall, call: Incoming, work: Callable[[Transaction, Kiosk, Office], bytes]
) -> Callable[[Transaction], bytes]:
    """One change for the kiosk that asks; the first answer to every replay."""
    bearer = call.need_bearer()

    def change(tx: Transaction) -> bytes:
        kiosk = _known(kiosks.by_credential(tx.connection, bearer))
        office = hall.offices.of(kiosk.office)
        hall.days.begin(tx, office.id, office.day(tx.now))
        request = call.request(f"kiosk:{kiosk.id}")
        return once(tx, request, lambda: work(tx, kiosk, office))

    return change


def _asking(hall: Hall, call: Incoming) -> tuple[Kiosk, Office]:
    bearer = call.need_bearer()
    with hall.database.read() as connection:
        kiosk = _known(kiosks.by_credential(connection, bearer))
    return kiosk, hall.offices.of(kiosk.office)


def _known(kiosk: Kiosk | None) -> Kiosk:
    if kiosk is None:
        raise Problem(401, _NOBODY)
    return kiosk


def _open_orders(hall: Hall, kiosk: str) -> Commands:
    with hall.database.read() as connection:
        return Commands(commands=orders.open_orders(connection, kiosk))
