"""What every request brings along: who asks, its key, the raw body."""

from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from protocol.messages import sentence_of
from server.problems import Problem
from server.store import answers

SESSION_COOKIE = "seiriken_session"

AnyModel = TypeVar("AnyModel", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Incoming:
    """`bearer` is the credential or session shown, `key` the Idempotency-Key."""

    method: str
    path: str
    body: bytes
    bearer: str | None
    key: str | None
    address: str

    def request(self, scope: str) -> answers.Request:
        """This request as the store of first answers knows it."""
        if self.key is None:
            raise Problem(
                400,
                "this request needs an Idempotency-Key header, new for every request",
            )
        return answers.Request.of(scope, self.key, self.method, self.path, self.body)

    def need_bearer(self) -> str:
        if self.bearer is None:
            raise Problem(401, "this address needs an Authorization: Bearer header")
        return self.bearer


async def incoming(request: Request) -> Incoming:
    """Any request; a browser's session cookie counts as its bearer."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else None
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= 200:
        raise Problem(400, "an Idempotency-Key has 1 to 200 characters")
    return Incoming(
        request.method,
        request.url.path,
        await request.body(),
        bearer or request.cookies.get(SESSION_COOKIE),
        key,
        request.client.host if request.client else "",
    )


async def keyed(request: Request) -> Incoming:
    """A request that must carry an Idempotency-Key."""
    found = await incoming(request)
    found.request("")
    return found


def read_body(kind: type[AnyModel], call: Incoming) -> AnyModel:
    """The body as this message, or a problem that says what is wrong with it."""
    try:
        return kind.model_validate_json(call.body)
    except ValidationError as exc:
        raise Problem(422, f"body: {sentence_of(exc)}") from exc


def body_of(kind: type[BaseModel]) -> dict[str, Any]:
    """What OpenAPI says about a body that the route reads by itself."""
    schema = {"schema": kind.model_json_schema()}
    return {"requestBody": {"content": {"application/json": schema}, "required": True}}
