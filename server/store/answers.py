"""The first answer to every write that carried an Idempotency-Key.

Kept in the same transaction as the effect, so a replay has one effect and the first
answer, whenever the connection broke. A refusal has no effect and is not kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import bindparam, delete, insert, select

from server.store.database import Transaction
from server.tables import answers

KEPT_FOR = timedelta(hours=48)


class KeyReused(Exception):
    """The same Idempotency-Key came with another request: the caller has a fault."""


@dataclass(frozen=True, slots=True)
class Request:
    """What makes two requests the same: who sent it, its key, and what it asked."""

    scope: str
    key: str
    fingerprint: bytes

    @classmethod
    def of(cls, scope: str, key: str, method: str, path: str, body: bytes) -> "Request":
        head = f"{method} {path}\n".encode()
        return cls(scope, key, sha256(head + body).digest())


_EARLIER = select(answers.c.fingerprint, answers.c.body).where(
    answers.c.scope == bindparam("of_scope"), answers.c.key == bindparam("of_key")
)
_KEEP = insert(answers)


def once(tx: Transaction, request: Request, work: Callable[[], bytes]) -> bytes:
    """The first answer to `request` if there was one, else that of `work`, kept."""
    row = tx.connection.execute(
        _EARLIER, {"of_scope": request.scope, "of_key": request.key}
    ).one_or_none()
    if row is not None:
        if row.fingerprint != request.fingerprint:
            raise KeyReused(
                "this Idempotency-Key was used for another request; "
                "send every new request with a new key"
            )
        return bytes(row.body)
    body = work()
    tx.connection.execute(
        _KEEP,
        {
            "scope": request.scope,
            "key": request.key,
            "fingerprint": request.fingerprint,
            "body": body,
            "at": tx.now,
        },
    )
    return body


def forget_old(tx: Transaction) -> int:
    """Drop answers nobody will ask for again; how many."""
    done = tx.connection.execute(
        delete(answers).where(answers.c.at < tx.now - KEPT_FOR)
    )
    return done.rowcount
