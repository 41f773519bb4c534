"""A kiosk becomes one of this city's: by a code, once."""

from server.store import kiosks
from tests.server.house import KIOSK, key


def code_for(house, office="chuo", kiosk=None):
    with house.hall.database.write(house.clock()) as tx:
        return kiosks.create_code(tx, office, kiosk)[0]


def enrol(house, code, **headers):
    return house.client.post(
        f"{KIOSK}/enrol",
        json={"code": code, "agent_address": "http://kiosk.example:8090"},
        headers={**key(), **headers},
    )


def test_a_code_makes_a_kiosk_of_its_office(house):
    answer = enrol(house, code_for(house)).json()
    assert answer["kiosk_id"] == "chuo-1"
    assert answer["office"] == "chuo"
    assert answer.keys() >= {
        "key_id", "credential", "token_key", "server_public_key", "state_token"
    }  # fmt: skip


def test_a_code_may_be_typed_in_small_letters_and_without_hyphens(house):
    code = code_for(house).lower().replace("-", " ")
    assert enrol(house, code).status_code == 200


def test_a_code_works_once(house):
    code = code_for(house)
    assert enrol(house, code).status_code == 200
    refused = enrol(house, code)
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    assert "has been used" in refused.json()["detail"]


def test_a_lost_answer_is_given_again_to_the_same_request(house):
    code, same = code_for(house), key()
    assert enrol(house, code, **same).json() == enrol(house, code, **same).json()


def test_an_old_code_is_worth_nothing(house):
    code = code_for(house)
    house.clock.forward(hours=25)
    assert enrol(house, code).status_code == 403


def test_guessing_codes_is_soon_stopped(house):
    answers = [enrol(house, f"AAAA-AAAA-AAAA-{n:04}") for n in range(11)]
    assert [a.status_code for a in answers] == [403] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    house.clock.forward(minutes=1)
    assert enrol(house, code_for(house)).status_code == 200


def test_the_database_holds_no_credential_in_clear(house, settings):
    identity = house.kiosk().identity
    house.hall.database.close()
    kept = b"".join(path.read_bytes() for path in settings.data.glob("server.sqlite3*"))
    assert identity["credential"].encode() not in kept


def test_a_withdrawn_kiosk_is_let_in_no_more_and_its_numbers_are_free(house):
    first = house.kiosk()
    mine = first.lease("moving", 10)
    with house.hall.database.write(house.clock()) as tx:
        assert kiosks.revoke(tx, first.id)
    assert first.get("/figures").status_code == 401
    assert (mine["first"], mine["last"]) == (1, 10)
    second = house.kiosk()
    # The cursor went on; what was free again comes with the next round.
    assert second.lease("moving", 999)["first"] == 11
    assert second.lease("moving", 999) | {"lease": 0, "series": 0} == {
        "lease": 0, "series": 0, "kind": "run", "first": 1, "last": 10,
        "day": "2026-04-01",
    }  # fmt: skip


def test_a_kiosk_enrolled_anew_begins_its_journal_anew(house):
    old = house.kiosk(name="front")
    old.print()
    new = house.kiosk(name="front")
    assert old.get("/figures").status_code == 401
    assert new.identity["key_id"] != old.identity["key_id"]
    assert new.report(new.issued(serial=1))["ack"] == 1


def test_without_a_key_nothing_is_written(house):
    answer = house.client.post(
        f"{KIOSK}/enrol", json={"code": "x", "agent_address": "http://a"}
    )
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]
