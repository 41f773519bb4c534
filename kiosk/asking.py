"""Asking over HTTP from outside: this machine's own running kiosk, or the server.

For a technician's commands; the running kiosk has its own line to the server.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

import requests
from pydantic import ValidationError

from kiosk.identity import Identity
from kiosk.settings import Agent
from protocol.messages import KioskState, sentence_of

PATIENCE: Final = 3.0
"""Seconds to connect, and to answer."""
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


class NoAnswer(Exception):
    """Nobody there, or not in time; the sentence says which."""


class NoState(Exception):
    """The kiosk does not say how it is; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`date` is the header of that name, the other side's clock."""

    status: int
    body: bytes
    date: str | None = None


Ask = Callable[[str, str], Answer]
"""Address and bearer token (or an empty one) in, answer out; raises NoAnswer."""


def ask(address: str, token: str = "", *, patience: float = PATIENCE) -> Answer:
    """One GET. A redirect is an answer: it might carry the token elsewhere."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = requests.get(
            address, headers=headers, timeout=patience, allow_redirects=False
        )
    except requests.exceptions.SSLError as exc:
        raise NoAnswer("its certificate is not accepted") from exc
    except requests.Timeout as exc:
        raise NoAnswer(f"no answer within {patience:g} s") from exc
    except requests.RequestException as exc:
        raise NoAnswer("nobody answers there") from exc
    return Answer(answer.status_code, answer.content, answer.headers.get("Date"))


def address_of(agent: Agent) -> str:
    """Where this machine reaches its own kiosk."""
    host = _EVERYWHERE.get(agent.host, agent.host)
    return (
        f"http://[{host}]:{agent.port}"
        if ":" in host
        else f"http://{host}:{agent.port}"
    )


def address_for(server: str, agent: Agent) -> str:
    """Where the server reaches this kiosk, as far as this machine can tell.

    An agent on every address of the machine is reached on the one that looks towards
    the server; NoAnswer if no way leads there.
    """
    if agent.host not in _EVERYWHERE:
        return address_of(agent)
    at = urlsplit(server)
    kind = socket.AF_INET6 if agent.host == "::" else socket.AF_INET
    try:
        with socket.socket(kind, socket.SOCK_DGRAM) as towards:
            # Connecting a datagram socket sends nothing: it chooses the way.
            towards.connect((at.hostname, at.port or 443))
            host = str(towards.getsockname()[0])
    except OSError as exc:
        raise NoAnswer(f"no way to {server}: {exc.strerror}") from exc
    return address_of(replace(agent, host=host))


def state(agent: Agent, identity: Identity | None, ask: Ask) -> KioskState:
    """What the running kiosk says of itself; NoState if it does not."""
    where = address_of(agent)
    if identity is None:
        raise NoState(
            "this kiosk is not enrolled, so nobody may ask it for its state:"
            " run seiriken-kiosk provision"
        )
    try:
        answer = ask(f"{where}/state", identity.enrolled.state_token)
    except NoAnswer as exc:
        raise NoState(
            f"no kiosk at {where} ({exc}): start it, or correct [agent] in the settings"
        ) from exc
    if answer.status == 401:
        raise NoState(
            f"the kiosk at {where} refuses the state token: it was provisioned while it"
            " ran, restart it"
        )
    if answer.status == 429:
        raise NoState(
            f"the kiosk at {where} was asked wrongly too often: wait a minute"
        )
    try:
        return KioskState.model_validate_json(answer.body)
    except ValidationError as exc:
        raise NoState(
            f"what answers at {where} (status {answer.status}) is no kiosk of this"
            f" version ({sentence_of(exc)}): correct [agent] in the settings"
        ) from exc
