"""A bundle helps support and gives nothing away."""

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from kiosk import bundle, identity
from kiosk.bundle import Sources, contents, name_for, pack, tail_of_log
from kiosk.identity import LAST_GOOD, NAME
from kiosk.provision import ATTEMPT
from kiosk.redaction import REMOVED, Redaction
from kiosk.state import Vitals
from protocol.messages import Acknowledged, Refused
from protocol.token import ticket_url
from tests.kiosk.field import ENROLLED, PIN, Field
from tests.kiosk.office import at, opened

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ATTEMPT_KEY = "attempt-key-7Hq2"


@pytest.fixture
def field(tmp_path: Path, morning: Path) -> Field:
    field = Field(tmp_path)
    field.remember(morning)
    return field


@pytest.fixture
def sources(field: Field, state) -> Sources:
    return Sources(
        settings_path=field.path,
        chosen=field.settings,
        doctor={"level": "ok", "checks": []},
        state=state,
        vitals=Vitals(disk_free_mb=512.0, rss_mb=90.5),
        log="INFO kiosk: started\n",
        environ={"HOME": "/root", "SEIRIKEN_KIOSK_PORT": "8090"},
    )


def a_ticket_url() -> str:
    known = identity.Identity(ENROLLED)
    return ticket_url("https://queue.example.jp", known.token(4711))


def read(files: dict[str, str], name: str):
    return json.loads(files[name])


def test_everything_support_asks_for_is_in_it(sources):
    files = contents(sources)
    assert list(files) == [
        *("README.txt", "doctor.json", "files.json", "ledger.json", "log.txt"),
        *("machine.json", "settings.json", "settings.toml", "state.json"),
        "versions.json",
    ]
    assert read(files, "state.json")["screen"] == "home"
    assert read(files, "doctor.json") == sources.doctor
    assert read(files, "settings.json")["settings"]["agent"]["port"] == 8090
    assert read(files, "settings.json")["environment"] == ["SEIRIKEN_KIOSK_PORT"]
    assert read(files, "versions.json")["seiriken"]
    assert read(files, "machine.json")["vitals"]["disk_free_mb"] == 512.0
    assert files["log.txt"] == "INFO kiosk: started\n"
    for name in files:
        assert name == "README.txt" or name in files["README.txt"]


def test_the_ledger_is_counted_and_not_copied(sources, field):
    store = opened(field.data)
    refused = Refused(seq=1, title=f"no such ticket: {a_ticket_url()}")
    store.acknowledge(Acknowledged(ack=2, refused=(refused,)), at())
    held = store.last_ticket(at())
    store.close()
    told = read(contents(sources), "ledger.json")
    # The start above gave back what the morning never printed.
    assert told["tickets"] == {"2026-11-24": {"VOIDED": 3}}
    assert told["leases"] == {"moving reserve": 20, "moving run": 30}
    assert told["events"]["ticket_issued"] == 3
    assert told["dead"] == [
        {
            "seq": 1,
            "kind": "ticket_issued",
            "title": f"no such ticket: HTTPS://QUEUE.EXAMPLE.JP/T/{REMOVED}",
            "at": at().at.isoformat(),
        }
    ]
    assert held is None


def test_files_are_named_and_not_opened(sources, field):
    found = {file["name"]: file for file in read(contents(sources), "files.json")}
    assert found["ledger.db"]["bytes"] == (field.data / "ledger.db").stat().st_size
    assert found[NAME]["mode"] == "0600"


def every_secret(field: Field) -> dict[str, str]:
    return {
        "credential": ENROLLED.credential,
        "token key": ENROLLED.token_key,
        "server key": ENROLLED.server_public_key,
        "state token": ENROLLED.state_token,
        "PIN hash": PIN,
        "enrolment attempt": ATTEMPT_KEY,
        "ticket token": identity.Identity(ENROLLED).token(4711),
        "visitor's address": "hanako@example.jp",
        "proxy password": "proxy-pass-3Lm",
        "another bearer": "some-bearer-0Pq",
    }


@pytest.fixture
def leaky(sources, field, state) -> Sources:
    """Every secret written into every text that could ever carry one."""
    attempt = {"code": "0" * 64, "key": ATTEMPT_KEY}
    (field.data / ATTEMPT).write_text(json.dumps(attempt))
    secrets = every_secret(field)
    spilt = " ".join(secrets[name] for name in secrets if "bearer" not in name)
    spilt += f" {a_ticket_url()} {a_ticket_url().lower()}"
    spilt += " http://user:proxy-pass-3Lm@proxy:3128 Bearer some-bearer-0Pq"
    spilt = spilt.replace(" proxy-pass-3Lm ", " ")
    with field.path.open("a", encoding="utf-8") as file:
        file.write(f"# {spilt}\n")
    found = state.findings[0].model_copy(update={"text": spilt})
    return replace(
        sources,
        doctor={"checks": [{"text": spilt}]},
        state=state.model_copy(update={"findings": (found,)}),
        log=f"INFO kiosk: {spilt}\n" * 3,
        environ={"SEIRIKEN_STAFF_PIN": PIN, "SEIRIKEN_ODD": spilt},
    )


def test_not_one_secret_is_in_the_whole_zip(leaky, field):
    packed = pack(contents(leaky), NOON)
    with ZipFile(BytesIO(packed)) as archive:
        assert archive.testzip() is None
        whole = "\n".join(archive.read(name).decode() for name in archive.namelist())
        names = archive.namelist()
    for what, secret in every_secret(field).items():
        assert secret.lower() not in whole.lower(), what
        assert secret.encode() not in packed, what
    assert REMOVED in whole
    assert NAME not in names
    assert LAST_GOOD not in names
    assert "ledger.db" not in names


def test_the_same_texts_are_full_of_secrets_before(leaky, field):
    """Or the test above would prove nothing."""
    log = leaky.log.lower()
    assert [w for w, s in every_secret(field).items() if s.lower() not in log] == []


def test_a_pin_that_somebody_wrote_as_it_is_does_not_leave(sources, field):
    field.put("pin", "274951")
    files = contents(replace(sources, log="staff.pin is a text, not 274951"))
    assert "274951" not in "".join(files.values())


def test_a_settings_file_too_broken_to_read_keeps_its_pin_to_itself(sources, field):
    field.put("pin", '"scrypt:abc:def')
    field.path.write_text(field.path.read_text() + "[[[\n pin = 274951\n")
    files = contents(replace(sources, chosen=None))
    assert "274951" not in files["settings.toml"]
    assert "abc" not in files["settings.toml"]
    assert "[agent]" in files["settings.toml"]
    assert read(files, "settings.json")["settings"] is None
    assert "ledger.json" not in files


def test_a_ledger_that_cannot_be_read_is_no_reason_for_no_bundle(sources, field):
    (field.data / "ledger.db").write_bytes(b"noise" * 4000)
    assert "restart the kiosk" in read(contents(sources), "ledger.json")["none"]


def test_a_kiosk_without_memory_has_a_bundle(tmp_path, sources):
    (tmp_path / "new").mkdir()
    empty = Field(tmp_path / "new")
    files = contents(replace(sources, chosen=empty.settings, state="nobody there"))
    assert read(files, "ledger.json") == {"none": "no ledger yet"}
    assert read(files, "state.json") == {"none": "nobody there"}


def test_the_name_tells_kiosk_and_time():
    assert name_for("chuo-1", NOON) == "seiriken-kiosk-chuo-1-20261124T030000Z.zip"
    assert name_for("../x y", NOON) == "seiriken-kiosk-___x_y-20261124T030000Z.zip"
    assert name_for("", NOON).startswith("seiriken-kiosk-not-enrolled-")


def test_the_same_files_at_the_same_time_are_the_same_zip(sources):
    files = contents(sources)
    assert pack(files, NOON) == pack(files, NOON)
    with ZipFile(BytesIO(pack(files, NOON))) as archive:
        assert {info.date_time for info in archive.infolist()} == {
            (2026, 11, 24, 3, 0, 0)
        }


def journalctl(folder: Path, script: str) -> None:
    program = folder / "journalctl"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_the_log_is_asked_of_journald(tmp_path, monkeypatch):
    journalctl(tmp_path, 'echo "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert tail_of_log(50) == (f"-u {bundle.UNIT} -n 50 --no-pager -o short-iso\n")


def test_a_journal_that_says_nothing_or_no(tmp_path, monkeypatch):
    journalctl(tmp_path, "echo 'no permission' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert tail_of_log(5) == "none: no permission\n"


def test_a_machine_without_journald(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tail_of_log(5) == "none: this machine has no journald\n"


# The redaction itself


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("token 0040000009Z6W4CG5V1YVJ3B.", f"token {REMOVED}."),
        ("GET /t/0040000009z6w4cg5v1yvj3b 200", f"GET /t/{REMOVED} 200"),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {REMOVED}"),
        ('pin = "scrypt:a:b"', f"pin = {REMOVED}"),
        ("pin=1234", f"pin={REMOVED}"),
        ("http://me:pw@proxy:3128/", f"http://{REMOVED}@proxy:3128/"),
        ("to hanako.y+x@mail.example.jp now", f"to {REMOVED} now"),
    ],
)
def test_what_has_the_shape_of_a_secret_goes(text, left):
    assert Redaction(())(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "5a7bfbb1-777f-42d2-8198-330ceb4afa10",
        "INFO kiosk.machine: started at 2026-11-24T03:00:00+00:00",
        "printer 127.0.0.1:9100: ready",
        "[pins] factory = lgpio, call_button = 17",
        "certificates, mynumber_renewal, A045",
        "https://queue.example.jp/api/kiosk/v1/events",
    ],
)
def test_what_is_no_secret_stays(text):
    assert Redaction({"", "abc"})(text) == text


def test_a_secret_within_a_secret_leaves_no_rest():
    assert Redaction({"alpha", "alpha-beta"})("alpha-beta alpha") == (
        f"{REMOVED} {REMOVED}"
    )
