"""The HTML pages: read the request, build the page's model, answer its HTML."""

from fastapi import APIRouter

from server.hall import Hall
from server.routes.pages.desk import desk_router
from server.routes.pages.own_ticket import ticket_router
from server.routes.pages.public import public_router


def pages_router(hall: Hall) -> APIRouter:
    """Every page and what belongs to it: static files, ticket stream, log-in forms."""
    router = APIRouter(include_in_schema=False)
    router.include_router(public_router(hall))
    router.include_router(ticket_router(hall))
    router.include_router(desk_router(hall))
    return router
