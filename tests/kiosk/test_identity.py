"""A one-time code becomes an identity that survives power cuts and tells no secrets."""

import pytest

from kiosk import identity
from kiosk.files import write_whole
from kiosk.identity import LAST_GOOD, NAME, BadIdentity
from kiosk.line import Line, LineTrouble, Unreachable
from kiosk.provision import ATTEMPT, EnrolmentRefused, enrol, provision
from protocol import token
from tests.kiosk.standin import StandIn

AGENT = "http://192.168.1.20:8090"


@pytest.fixture
def server():
    return StandIn()


@pytest.fixture
def enrolled(server):
    return enrol(server.line(), "12345678", AGENT, "key")


def keys():
    """Keys as unguessable as a test can bear."""
    return (f"key-{n}" for n in range(1, 100)).__next__


def test_a_code_makes_a_kiosk(server, tmp_path):
    kept = provision(tmp_path, server.line(), "12345678", AGENT, keys())
    assert (kept.kiosk_id, kept.office) == ("chuo-1", "chuo")
    assert identity.load(tmp_path) == kept
    assert not (tmp_path / ATTEMPT).exists()


def test_its_tickets_can_be_verified_with_the_key_from_enrolment(enrolled, tmp_path):
    kept = identity.keep(tmp_path, enrolled)
    made = token.read(kept.token(4711))
    assert (made.key_id, made.serial) == (7, 4711)
    token.verify(made, bytes(range(16)))
    url = kept.ticket_url("https://queue.example.jp", 4711)
    assert url == f"HTTPS://QUEUE.EXAMPLE.JP/T/{kept.token(4711)}"


def test_a_lost_answer_to_a_code_is_had_by_trying_again(server, tmp_path):
    server.fault["enrol"] = ["lost"]
    new_key = keys()
    with pytest.raises(Unreachable):
        provision(tmp_path, server.line(), "12345678", AGENT, new_key)
    kept = provision(tmp_path, server.line(), " 12345678 ", AGENT, new_key)
    assert kept.kiosk_id == "chuo-1"
    assert list(server.answers) == ["key-1"]


def test_another_code_is_another_attempt(server, tmp_path):
    new_key = keys()
    with pytest.raises(EnrolmentRefused):
        provision(tmp_path, server.line(), "00000000", AGENT, new_key)
    provision(tmp_path, server.line(), "12345678", AGENT, new_key)
    assert "key-2" in server.answers
    assert "12345678" not in (tmp_path / identity.NAME).read_text()


def test_a_used_code_is_refused_with_a_sentence(server):
    with pytest.raises(EnrolmentRefused, match="this code is unknown or used: make"):
        enrol(server.line(), "00000000", AGENT, "key")


def test_nobody_there_is_not_a_refusal(server):
    server.fault["enrol"] = ["down"]
    with pytest.raises(Unreachable, match=r"http://queue.test does not answer"):
        enrol(server.line(), "12345678", AGENT, "key")


def test_a_machine_that_was_never_enrolled_has_no_identity(tmp_path):
    assert identity.load(tmp_path) is None


def test_the_files_are_for_the_kiosks_user_alone(enrolled, tmp_path):
    identity.keep(tmp_path, enrolled)
    for name in (NAME, LAST_GOOD):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", [b"", b"{", b'{"kiosk_id": "chuo-1"}', None])
def test_a_damaged_identity_is_taken_from_its_copy(enrolled, tmp_path, damage):
    identity.keep(tmp_path, enrolled)
    if damage is None:
        (tmp_path / NAME).unlink()
    else:
        (tmp_path / NAME).write_bytes(damage)
    kept = identity.load(tmp_path)
    assert kept.enrolled == enrolled
    assert kept.restored


def test_when_both_are_damaged_the_sentence_says_what_to_do(enrolled, tmp_path):
    identity.keep(tmp_path, enrolled)
    for name in (NAME, LAST_GOOD):
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(BadIdentity, match="run seiriken-kiosk provision again"):
        identity.load(tmp_path)


def test_keys_that_are_no_keys_are_refused_at_the_door(enrolled, tmp_path):
    with pytest.raises(BadIdentity, match="token_key is not base64"):
        identity.keep(tmp_path, enrolled.model_copy(update={"token_key": "?"}))
    assert not list(tmp_path.iterdir())


def test_no_secret_stands_in_what_may_be_logged(enrolled, tmp_path, server):
    kept = identity.keep(tmp_path, enrolled)
    assert repr(kept) == "Identity('chuo-1', 'chuo')"
    assert "secret" not in repr(server.line())


def test_a_write_that_was_cut_off_leaves_the_old_file(tmp_path):
    path = tmp_path / "state.json"
    write_whole(path, b"old")
    # The next write died before its rename.
    (tmp_path / "state.json.new").write_bytes(b"ne")
    assert path.read_bytes() == b"old"
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(503, "the server says: a fault"), (429, "the server says"), (301, "figures: ")],
)
def test_the_line_says_what_the_server_said(server, status, sentence):
    server.fault["figures"] = [status]
    line: Line = server.line()
    with pytest.raises(LineTrouble, match=sentence):
        line.get("figures")
