"""HTML answers: the language of the request, and the headers that keep a page safe."""

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from language.words import Words, available, load
from server.pages import preference, render
from server.pages.view import Problem

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SAFE: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PRIVATE: Final = "no-store"
PUBLIC: Final = "public, max-age=5"


def words_for(request: Request, own: str | None = None) -> Words:
    """The words of the visitor's language; `own` is the ticket's, if unusual."""
    return load(
        preference.choose(
            available(),
            asked=request.query_params.get("lang"),
            remembered=preference.remembered_in(request.cookies),
            accepted=request.headers.get("accept-language", ""),
            own=own,
        )
    )


def page(
    request: Request, html: str, *, cache: str = PRIVATE, status: int = 200
) -> Response:
    """The HTML with its headers; a language asked for in the address is remembered."""
    headers = {**SAFE, "Cache-Control": cache, "Vary": "Cookie, Accept-Language"}
    answer = HTMLResponse(html, status, headers)
    asked = request.query_params.get("lang")
    if asked in available():
        # A cookie that belongs to one visitor must not be kept for others.
        answer.headers["Cache-Control"] = PRIVATE
        answer.set_cookie(
            preference.COOKIE,
            asked,
            max_age=preference.COOKIE_SECONDS,
            path="/",
            httponly=True,
            samesite="lax",
        )
    return answer


def problem(request: Request, status: int, what: Problem) -> Response:
    """A page that says in plain words why there is none."""
    return page(request, render.problem(what, words_for(request)), status=status)


def go_to(address: str) -> Response:
    """See other: what follows a form, so that reloading does not send it again."""
    return RedirectResponse(address, 303, {**SAFE, "Cache-Control": PRIVATE})
