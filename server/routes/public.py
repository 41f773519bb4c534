"""Open data: the figures of every office, as JSON, CSV and a live stream.

Plain Starlette routes on finished bytes: what the whole city reads must cost nothing.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.bell import Ring
from server.hall import Hall
from server.problems import Problem
from server.routes.documents import event_stream, sheet_answer

_PREFIX = "/api/public/v1"
_CACHE = "public, max-age=5"


def public_routes(hall: Hall) -> list[Route]:
    """Congestion of the city, of one office, as CSV, and as server-sent events."""

    async def city(request: Request) -> Response:
        return _open(sheet_answer(request, hall.press.city(), _JSON, _CACHE))

    async def office(request: Request) -> Response:
        sheet = hall.press.sheet(_office(hall, request))
        return _open(sheet_answer(request, sheet, _JSON, _CACHE))

    async def table(request: Request) -> Response:
        id = _office(hall, request)
        answer = sheet_answer(request, hall.press.issue(id).csv, _CSV, _CACHE)
        answer.headers["Content-Disposition"] = f'inline; filename="{id}.csv"'
        return _open(answer)

    async def stream(request: Request) -> Response:
        id = _office(hall, request)
        first = [Ring("figures", hall.press.sheet(id).body.decode())]
        return _open(event_stream(hall.bell, (f"office:{id}",), first))

    base = f"{_PREFIX}/offices/{{office}}"
    return [
        Route(f"{_PREFIX}/congestion", city),
        Route(f"{base}/congestion", office),
        Route(f"{base}/congestion.csv", table),
        Route(f"{base}/stream", stream),
    ]


_JSON = "application/json"
_CSV = "text/csv; charset=utf-8"


def _office(hall: Hall, request: Request) -> str:
    id: str = request.path_params["office"]
    if id not in hall.offices:
        raise Problem(404, f"there is no office {id}")
    return id


def _open(answer: Response) -> Response:
    """Any web page may read it: it is open data."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
