"""Who this kiosk is: what enrolment gave it, kept through power cuts.

`identity.json` holds secrets: mode 0600, replaced whole, a last good copy beside it.
"""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from kiosk.files import write_whole
from protocol import token
from protocol.messages import Enrolled, sentence_of

NAME = "identity.json"
LAST_GOOD = "identity.last-good.json"


class BadIdentity(Exception):
    """The enrolment data cannot be used: the kiosk has to be provisioned again."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The kiosk's name, credential and keys. `restored`: the copy had to be taken."""

    enrolled: Enrolled
    restored: bool = False

    @property
    def kiosk_id(self) -> str:
        return self.enrolled.kiosk_id

    @property
    def office(self) -> str:
        return self.enrolled.office

    def token(self, serial: int) -> str:
        """The signed token of that ticket (24 characters)."""
        key = base64.b64decode(self.enrolled.token_key)
        return token.make(self.enrolled.key_id, serial, key)

    def ticket_url(self, public_url: str, serial: int) -> str:
        """The address in the ticket's QR, final before the server ever heard of it."""
        return token.ticket_url(public_url, self.token(serial))

    def __repr__(self) -> str:
        """Without the secrets: it may end up in a log."""
        return f"Identity({self.kiosk_id!r}, {self.office!r})"


def keep(directory: Path, enrolled: Enrolled) -> Identity:
    """Write what enrolment gave, and its copy."""
    _check(enrolled)
    body = enrolled.model_dump_json(indent=2).encode() + b"\n"
    write_whole(directory / NAME, body)
    write_whole(directory / LAST_GOOD, body)
    return Identity(enrolled)


def load(directory: Path) -> Identity | None:
    """What was kept; None if never enrolled; BadIdentity if it cannot be read."""
    faults = []
    for name in (NAME, LAST_GOOD):
        try:
            enrolled = _read(directory / name)
        except FileNotFoundError:
            continue
        except BadIdentity as exc:
            faults.append(str(exc))
            continue
        return Identity(enrolled, restored=name == LAST_GOOD)
    if faults:
        raise BadIdentity(f"{'; '.join(faults)}: run seiriken-kiosk provision again")
    return None


def _read(path: Path) -> Enrolled:
    try:
        enrolled = Enrolled.model_validate_json(path.read_bytes())
    except ValidationError as exc:
        raise BadIdentity(f"{path}: {sentence_of(exc)}") from exc
    _check(enrolled)
    return enrolled


def _check(enrolled: Enrolled) -> None:
    for name in ("token_key", "server_public_key"):
        try:
            base64.b64decode(getattr(enrolled, name), validate=True)
        except binascii.Error as exc:
            raise BadIdentity(f"{name} is not base64") from exc
