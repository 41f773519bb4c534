"""The examples of the documents are true: they are read, and every address is named."""

import json
import re
from pathlib import Path

import pytest

import protocol
from protocol import messages
from protocol.messages import decode_event
from server.store.desk import ACTIONS

DOCS = Path(protocol.__file__).parent.parent / "docs"
EXAMPLE = re.compile(r"<!-- (\w+) -->\n```json\n(.*?)```", re.DOTALL)
PROTOCOL = (DOCS / "protocol.md").read_text("utf-8")
API = (DOCS / "api.md").read_text("utf-8")
EXAMPLES = EXAMPLE.findall(PROTOCOL)


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_an_example_of_the_protocol_can_be_read(kind, text):
    if kind == "AnyEvent":
        decode_event(json.loads(text))
        return
    message = getattr(messages, kind).model_validate_json(text)
    if kind == "Batch":
        for event in message.events:
            decode_event(event)


def test_every_message_and_every_event_has_an_example():
    shown = {kind for kind, _ in EXAMPLES}
    assert shown == {
        "Enrol", "Enrolled", "LeaseRequest", "Lease", "Batch", "Acknowledged",
        "AnyEvent", "Figures", "Commands", "KioskState",
    }  # fmt: skip
    kinds = set(re.findall(r'"kind": "(\w+)", "at"', PROTOCOL))
    listed = set(re.findall(r"^\| `(\w+)` \|", PROTOCOL, re.MULTILINE))
    assert len(kinds) == 7
    assert kinds <= listed


def test_every_address_of_the_api_is_documented(house):
    paths = house.client.get("/openapi.json").json()["paths"]
    for path in paths:
        short = re.sub(r"^/api/(staff|kiosk)/v1", "", path)
        last = re.sub(r"\{\w+\}", "", short).rstrip("/").rsplit("/", 1)[-1]
        assert last in PROTOCOL + API, path


def test_every_action_is_documented():
    listed = set(re.findall(r"^\| `(\w+)` \|", API, re.MULTILINE))
    assert {action.value for action in ACTIONS} <= listed
