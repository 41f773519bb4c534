"""Enrolment: a one-time code from a technician becomes the kiosk's identity."""

import hashlib

from kiosk.line import BadAnswer, Line, read
from protocol.messages import Enrol, Enrolled


class EnrolmentRefused(Exception):
    """The server did not accept the code; the sentence says what to do."""


def enrol(line: Line, code: str, agent_address: str) -> Enrolled:
    """Present the code and the address this kiosk's agent answers at, once.

    `line` needs no credential. The same code is sent under the same idempotency key: if
    the answer is lost on the way, trying again gets it. Unreachable if nobody answers.
    """
    wanted = Enrol(code=code.strip(), agent_address=agent_address)
    key = "enrol-" + hashlib.sha256(wanted.code.encode()).hexdigest()[:32]
    try:
        return read(line.post("enrol", wanted.model_dump_json(), key), Enrolled)
    except BadAnswer as exc:
        raise EnrolmentRefused(
            f"{exc}: make a new code with seiriken-server enrol and try again"
        ) from exc
