"""For whoever runs the server: is it alive, is it ready, how does it fare."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.hall import Hall
from server.metrics import metrics_text
from server.problems import problem_response


def operation_routes(hall: Hall) -> list[Route]:
    """`/healthz` `/readyz` `/metrics`."""

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(request: Request) -> Response:
        trouble = await run_in_threadpool(hall.database.trouble)
        if trouble:
            return problem_response(503, f"the database does not answer: {trouble}")
        return PlainTextResponse("ready\n")

    async def metrics(request: Request) -> Response:
        text = await run_in_threadpool(metrics_text, hall)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
