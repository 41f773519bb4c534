"""The server put together: its parts, its addresses, and how it starts and stops."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from server import catalogue_files
from server.bell import Bell, Ring
from server.hall import Hall
from server.listing import as_json, instant
from server.live import Announcement, Live
from server.night import Night
from server.offices import Offices
from server.poller import Poller
from server.press import Press
from server.problems import answer_problems
from server.routes.fleet import fleet_router
from server.routes.help import help_router
from server.routes.kiosk import kiosk_router
from server.routes.operations import operation_routes
from server.routes.pages import pages_router
from server.routes.pages.errors import answer_browsers
from server.routes.public import public_routes
from server.routes.staff import staff_router
from server.settings import Settings
from server.store import schema
from server.store.database import Database, Transaction
from server.store.days import Days
from server.store.together import Together


def create_app(settings: Settings, *, now: Callable[[], datetime]) -> FastAPI:
    """The application; the database must be at this version's last step."""
    hall = open_hall(settings, now)
    poller = Poller(hall)
    night = Night(hall)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        hall.bell.attach(asyncio.get_running_loop())
        await run_in_threadpool(hall.press.start)
        hall.together.start()
        poller.start()
        night.start()
        try:
            yield
        finally:
            hall.bell.close()
            hall.bell.detach()
            await run_in_threadpool(hall.together.stop)
            await run_in_threadpool(night.stop)
            await run_in_threadpool(poller.stop)
            await run_in_threadpool(hall.press.stop)
            hall.database.close()

    app = FastAPI(
        title="Seiriken",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.hall = hall
    answer_problems(app)
    answer_browsers(app)
    app.router.routes += [*public_routes(hall), *operation_routes(hall)]
    app.include_router(kiosk_router(hall))
    app.include_router(staff_router(hall))
    app.include_router(help_router(hall))
    app.include_router(fleet_router(hall))
    app.include_router(pages_router(hall))
    app.add_middleware(AnyCase)
    return app


def open_hall(settings: Settings, now: Callable[[], datetime]) -> Hall:
    """The parts of a server, joined; WrongSchema if the database is not ready."""
    offices = offices_of(settings)
    database = Database(settings.database)
    schema.check(database.engine)
    bell = Bell()
    live = Live(offices)
    live.load(database, now())
    press = Press(offices, live, bell, now, settings.figures_seconds)
    database.on_commit(_tell(offices, live, press, bell))
    days = Days()
    database.on_commit(days.follow)
    together = Together(database, now)
    return Hall(settings, offices, database, together, live, press, bell, days, now)


def offices_of(settings: Settings) -> Offices:
    """The offices of the catalogue directory; BadCatalogue if one cannot be used."""
    return Offices(
        catalogue_files.load(
            settings.catalogue,
            public_url=settings.public_url,
            always_open=settings.always_open,
        )
    )


def _tell(
    offices: Offices, live: Live, press: Press, bell: Bell
) -> Callable[[Transaction], None]:
    """What follows a commit: memory, boards and phones at once, figures soon."""

    def tell(tx: Transaction) -> None:
        for call in live.follow(tx):
            name = "over" if call.kind == "over" else "call"
            ring = Ring(name, _call(offices, call))
            bell.ring(f"office:{call.office}", ring)
        for kiosk in tx.kiosks_ordered:
            bell.ring(f"kiosk:{kiosk}", Ring("command", ""))
        for office in tx.help_changed:
            bell.ring(f"staff:{office}", Ring("help", "{}"))
        press.mark(tx.offices_changed)

    return tell


def _call(offices: Offices, call: Announcement) -> str:
    number = offices[call.office].counter(call.counter).number
    return as_json(
        {
            "kind": call.kind,
            "label": call.label,
            "counter": call.counter,
            "number": number,
            "procedure": call.procedure,
            "at": instant(call.at),
            "seq": call.seq,
        }
    ).decode()


class AnyCase:
    """`/T/TOKEN` from the QR, which is upper case throughout, is `/t/TOKEN`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"][:3] == "/T/":
            head, _, rest = scope["path"][3:].partition("/")
            path = f"/t/{head}/{rest.lower()}" if rest else f"/t/{head}"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self._app(scope, receive, send)
