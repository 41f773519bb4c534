"""Pages behind a log-in: the staff console and the fleet."""

from collections.abc import Callable
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Form, Request, Response

from server.hall import Hall
from server.limits import TooMany
from server.offices import UnknownPlace
from server.pages import render
from server.pages.fleet_source import fleet_page
from server.pages.staff_source import staff_page, staff_panel
from server.pages.view import LoginPage, Problem
from server.routes.incoming import SESSION_COOKIE
from server.routes.pages.answers import go_to, page, problem, words_for
from server.routes.sessions import FLEET_ROLES, QUEUE_ROLES, user_of
from server.routes.staff import open_session, set_session_cookie
from server.store import users
from server.store.users import BadLogin, User

COUNTER_COOKIE = "seiriken_counter"
NOT_ALLOWED = Problem(
    "pages.login.not_allowed_title",
    "pages.login.not_allowed",
    "/login",
    "pages.login.title",
)


def desk_router(hall: Hall) -> APIRouter:
    """`/login`, `/logout`, `/staff`, `/fleet`."""
    router = APIRouter()

    @router.get("/login")
    def login_form(request: Request, onward: str = "") -> Response:
        return _form(request, LoginPage(_local(onward)))

    @router.post("/login")
    def log_in(
        request: Request,
        user: Annotated[str, Form(max_length=80)],
        password: Annotated[str, Form(max_length=200)],
        onward: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        address = request.client.host if request.client else ""
        try:
            token = open_session(hall, user, password, address)
        except BadLogin:
            return _form(request, LoginPage(_local(onward), "wrong", user), 401)
        except TooMany:
            return _form(request, LoginPage(_local(onward), "too_many", user), 429)
        answer = go_to(_local(onward) or _home(user_of(hall, token)))
        set_session_cookie(hall, answer, token)
        return answer

    @router.post("/logout")
    def log_out(request: Request) -> Response:
        token = request.cookies.get(SESSION_COOKIE)
        if token:
            with hall.database.write(hall.now()) as tx:
                users.close_session(tx, token)
        answer = go_to("/login")
        answer.delete_cookie(SESSION_COOKIE, path="/")
        return answer

    @router.get("/staff")
    def console(request: Request, choose: bool = False) -> Response:
        def show(user: User) -> Response:
            counter = None if choose else _counter(hall, request, user)
            model = staff_page(hall, user, counter, hall.now())
            return page(request, render.staff(model, words_for(request)))

        return _inside(hall, request, QUEUE_ROLES, show)

    @router.post("/staff")
    def sit_down(
        request: Request, counter: Annotated[str, Form(max_length=40)]
    ) -> Response:
        def seat(_user: User) -> Response:
            answer = go_to("/staff")
            answer.set_cookie(
                COUNTER_COOKIE,
                counter,
                max_age=365 * 24 * 3600,
                path="/staff",
                httponly=True,
                samesite="strict",
            )
            return answer

        return _inside(hall, request, QUEUE_ROLES, seat)

    @router.get("/staff/panel")
    def panel(request: Request, counter: str) -> Response:
        user = user_of(hall, request.cookies.get(SESSION_COOKIE))
        if user is None or not _may_sit(hall, user, counter):
            return Response(status_code=401, headers={"Cache-Control": "no-store"})
        model = staff_panel(hall, user, counter, hall.now())
        return page(request, render.staff_panel(model, words_for(request)))

    @router.get("/fleet")
    def fleet(request: Request) -> Response:
        def show(user: User) -> Response:
            model = fleet_page(hall, user, hall.now())
            return page(request, render.fleet(model, words_for(request)))

        return _inside(hall, request, FLEET_ROLES, show)

    return router


def _inside(
    hall: Hall,
    request: Request,
    roles: frozenset[str],
    show: Callable[[User], Response],
) -> Response:
    """What is shown to somebody of these roles; others see the log-in, or why not."""
    token = request.cookies.get(SESSION_COOKIE)
    user = user_of(hall, token)
    if user is None:
        return go_to(f"/login?onward={request.url.path}")
    if user.role not in roles:
        return problem(request, 403, NOT_ALLOWED)
    return show(user)


def _counter(hall: Hall, request: Request, user: User) -> str | None:
    """The counter this browser sat at last, if this person may sit there."""
    counter = request.cookies.get(COUNTER_COOKIE, "")
    return counter if _may_sit(hall, user, counter) else None


def _may_sit(hall: Hall, user: User, counter: str) -> bool:
    try:
        office = hall.offices.of_counter(counter)
    except UnknownPlace:
        return False
    return user.role in QUEUE_ROLES and user.works_at(office.id)


def _form(request: Request, model: LoginPage, status: int = 200) -> Response:
    return page(request, render.login(model, words_for(request)), status=status)


def _local(onward: str) -> str:
    """Only our own pages: a log-in must not lead to a stranger's."""
    known = cast(tuple[Literal["/staff", "/fleet"], ...], ("/staff", "/fleet"))
    return next((path for path in known if path == onward), "")


def _home(user: User | None) -> str:
    return "/fleet" if user is not None and user.role == "technician" else "/staff"
