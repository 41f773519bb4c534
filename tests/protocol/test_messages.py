"""Messages of version 1: yesterday's reader accepts tomorrow's message."""

import json
from uuid import UUID

import pytest
from pydantic import ValidationError

from protocol.messages import (
    BadMessage,
    Batch,
    Enrol,
    KioskState,
    PrintOutcome,
    TicketIssued,
    decode_event,
    sentence_of,
)

TICKET = {
    "kind": "ticket_issued",
    "at": "2026-11-24T09:00:00+09:00",
    "clock_trust": "ntp",
    "ticket_id": "00000000-0000-0000-0000-000000000007",
    "serial": 77,
    "series": "moving",
    "number": 12,
    "label": "B012",
    "procedure": "moving",
    "preapplied": False,
    "verified": False,
    "language": "ja",
}


def test_a_ticket_of_version_1_is_read_field_by_field():
    event = decode_event(TICKET)
    assert isinstance(event, TicketIssued)
    assert event.ticket_id == UUID(int=7)
    assert (event.number, event.label, event.lease) == (12, "B012", None)
    assert event.at.utcoffset().total_seconds() == 9 * 3600


def test_fields_of_a_newer_peer_are_passed_over():
    assert decode_event({**TICKET, "weather": "fine"}) == decode_event(TICKET)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"at": "2026-11-24T09:00:00"}, "at"),
        ({"number": 0}, "number"),
        ({"serial": 1 << 40}, "serial"),
        ({"procedure": "Moving House"}, "procedure"),
        ({"ticket_id": "7"}, "ticket_id"),
    ],
)
def test_a_bad_field_is_named(change, what):
    with pytest.raises(BadMessage, match=what):
        decode_event({**TICKET, **change})


def test_an_unknown_kind_is_refused_alone():
    with pytest.raises(BadMessage, match="kind"):
        decode_event({**TICKET, "kind": "ticket_eaten"})
    batch = Batch(events=({"seq": 1, "kind": "ticket_eaten"}, {"seq": 2, **TICKET}))
    assert len(batch.events) == 2


def test_an_outcome_travels_there_and_back():
    said = PrintOutcome(
        at="2026-11-24T00:00:00Z",
        ticket_id=UUID(int=7),
        outcome="held",
        cause="paper_end",
    )
    assert decode_event(json.loads(said.model_dump_json())) == said


@pytest.mark.parametrize("address", ["kiosk:8090", "ftp://kiosk", "http://kiosk/state"])
def test_an_agent_has_a_plain_address(address):
    with pytest.raises(ValidationError) as refused:
        Enrol(code="x", agent_address=address)
    assert sentence_of(refused.value).startswith("agent_address: ")


def test_the_state_document_has_the_names_of_the_contract():
    state = KioskState.model_validate(
        {
            "schema": 1,
            "kiosk_id": "chuo-1",
            "office": "chuo",
            "boot_id": "b",
            "version": "0.1.0",
            "uptime_s": 1.5,
            "clock_trust": "server",
            "screen": "home",
            "printer": {
                "level": "ok",
                "code": "",
                "paper": "ok",
                "since": "2026-11-24T00:00:00Z",
            },
            "scanner": "none",
            "sync": {"online": True, "pending": 0, "dead": 0, "last_ack_at": None},
            "numbers": {"moving": 30},
            "tickets_today": 0,
            "findings": [],
            "cpu_temp_c": None,
            "throttled": None,
            "disk_free_mb": 100.0,
            "rss_mb": 90.0,
        }
    )
    assert set(json.loads(state.model_dump_json())) == {
        "schema",
        "kiosk_id",
        "office",
        "boot_id",
        "version",
        "uptime_s",
        "clock_trust",
        "screen",
        "printer",
        "scanner",
        "sync",
        "numbers",
        "tickets_today",
        "findings",
        "cpu_temp_c",
        "throttled",
        "disk_free_mb",
        "rss_mb",
    }
