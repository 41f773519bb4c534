"""What anybody may read: congestion pages, boards, and the pages' static files."""

from fastapi import APIRouter, Request, Response

from language.words import available, load
from server.hall import Hall
from server.offices import UnknownPlace
from server.pages import render, static_files
from server.pages.source import board_page, congestion_page
from server.pages.view import Problem
from server.routes.pages.answers import PRIVATE, PUBLIC, page, problem, words_for

_FOR_EVER = "public, max-age=31536000, immutable"
NO_OFFICE = Problem("pages.problem.title", "pages.problem.unknown_office")


def public_router(hall: Hall) -> APIRouter:
    """`/`, `/o/{office}`, `/board/{office}`, `/static/…`."""
    router = APIRouter()

    @router.get("/")
    def all_offices(request: Request) -> Response:
        return _congestion(hall, request, None)

    @router.get("/o/{office}")
    def one_office(office: str, request: Request) -> Response:
        return _congestion(hall, request, office)

    @router.get("/board/{office}")
    def board(office: str, request: Request) -> Response:
        try:
            model = board_page(hall, office, hall.now())
        except UnknownPlace:
            return problem(request, 404, NO_OFFICE)
        # A screen for everybody follows its office, not the browser that shows it.
        wanted = request.query_params.get("lang", "")
        usual = hall.offices.of(office).catalogue.languages[0]
        words = load(next(one for one in (wanted, usual, "ja") if one in available()))
        return page(request, render.board(model, words), cache=PRIVATE)

    @router.get("/static/{fingerprint}/{name:path}")
    def static(fingerprint: str, name: str) -> Response:
        file = static_files.files().get(name)
        if file is None:
            return Response("there is no such file", 404, media_type="text/plain")
        same = fingerprint == static_files.fingerprint()
        headers = {
            "Cache-Control": _FOR_EVER if same else "no-cache",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(file.body, headers=headers, media_type=file.media_type)

    return router


def _congestion(hall: Hall, request: Request, chosen: str | None) -> Response:
    try:
        model = congestion_page(hall, chosen, hall.now())
    except UnknownPlace:
        return problem(request, 404, NO_OFFICE)
    html = render.congestion(model, words_for(request))
    return page(request, html, cache=PUBLIC)
