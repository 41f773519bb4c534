"""Enrolment: a one-time code from a technician becomes the kiosk's identity."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from kiosk import identity
from kiosk.files import write_whole
from kiosk.identity import Identity
from kiosk.line import BadAnswer, Line, read
from protocol.messages import Enrol, Enrolled

ATTEMPT = "enrolment-attempt.json"


class EnrolmentRefused(Exception):
    """The server did not accept the code; the sentence says what to do."""


def provision(
    directory: Path,
    line: Line,
    code: str,
    agent_address: str,
    new_key: Callable[[], str],
) -> Identity:
    """Enrol this kiosk and keep its identity in the data directory.

    `line` needs no credential; `agent_address` is where the server finds this kiosk's
    agent; `new_key` makes an unguessable key. If the answer is lost on the way, trying
    again with the same code gets it. Unreachable, EnrolmentRefused, BadIdentity.
    """
    key = _attempt(directory, code.strip(), new_key)
    kept = identity.keep(directory, enrol(line, code.strip(), agent_address, key))
    (directory / ATTEMPT).unlink(missing_ok=True)
    return kept


def enrol(line: Line, code: str, agent_address: str, key: str) -> Enrolled:
    """Present the code under the idempotency key."""
    wanted = Enrol(code=code, agent_address=agent_address)
    try:
        return read(line.post("enrol", wanted.model_dump_json(), key), Enrolled)
    except BadAnswer as exc:
        raise EnrolmentRefused(
            f"{exc}: make a new code with seiriken-server enrol and try again"
        ) from exc


def _attempt(directory: Path, code: str, new_key: Callable[[], str]) -> str:
    """The key of this machine's attempt with this code, kept until it succeeds.

    It must not follow from the code: whoever finds a used code could fetch the kiosk's
    identity with it.
    """
    path = directory / ATTEMPT
    named = hashlib.sha256(code.encode()).hexdigest()
    try:
        kept = json.loads(path.read_bytes())
        if kept["code"] == named:
            return str(kept["key"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        pass  # a first attempt, or one whose record was cut off before it was sent
    key = new_key()
    write_whole(path, json.dumps({"code": named, "key": key}).encode())
    return key
