"""The doctor sees what is wrong, says what to do, and leaves no trace."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import assets
from kiosk import look
from kiosk.asking import Answer
from kiosk.clock import Moment
from kiosk.database import LedgerLock
from kiosk.doctor import verdict
from kiosk.doctor.examination import examine, is_locked
from kiosk.doctor.shipped import PICTOGRAMS
from kiosk.identity import LAST_GOOD, NAME
from kiosk.settings import LAST_GOOD as LAST_GOOD_SETTINGS
from kiosk.ui import gallery
from kiosk.ui.boxes import Picture
from kiosk.ui.fonts import Fonts
from kiosk.ui.layout import lay_out
from protocol.messages import Acknowledged, Finding, Refused
from tests.kiosk.bench import AGENT, NOW, SERVER
from tests.kiosk.field import ENROLLED
from tests.kiosk.office import LEDGER, at, issue, stocked


def test_a_healthy_kiosk_has_no_fault(machine, sim):
    found = machine.examined()
    assert verdict.faults_in(found.verdicts) == ()
    assert [v.name for v in found.verdicts if v.level == "warn"] == ["display"]
    assert [v.name for v in found.verdicts] == [
        *("settings", "data", "space", "ledger", "identity", "clock"),
        *("fonts", "pictograms", "translations"),
        *("display", "printer", "pins", "scanner"),
        *("agent", "server", "groups", "unit"),
    ]
    assert not found.running


# Settings


def test_bad_settings_are_one_fault_and_the_rest_is_still_looked_at(machine):
    machine.put("port", '"eight"')
    found = machine.examined()
    assert [(v.name, v.level) for v in found.verdicts] == [
        ("settings", "fault"),
        *((name, "ok") for name in ("fonts", "pictograms", "translations")),
    ]
    assert "agent.port is a whole number" in found.verdicts[0].text


def test_the_last_good_settings_serve_the_look(machine):
    shutil.copy(machine.path, machine.data / LAST_GOOD_SETTINGS)
    machine.put("port", '"eight"')
    level, text = machine.verdict("settings")
    assert level == "fault"
    assert "the last good settings are used for this look: correct them" in text
    assert machine.verdict("ledger")[0] == "ok"


def test_a_staff_corner_nobody_can_open_is_told(machine):
    machine.put("pin", '""')
    level, text = machine.verdict("settings")
    assert (level, "provision --pin" in text) == ("warn", True)


# Data directory


def test_a_data_directory_that_is_not_there(machine):
    machine.put("data_dir", '"/nowhere/at/all"')
    level, text = machine.verdict("data")
    assert (level, "make it" in text) == ("fault", True)
    assert "ledger" not in [v.name for v in machine.examined().verdicts]


def test_a_data_directory_on_a_card_that_takes_nothing(machine):
    machine.put("data_dir", '"/proc"')  # nobody, not even root, can write there
    level, text = machine.verdict("data")
    assert (level, "/proc cannot be written" in text) == ("fault", True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_that_root_left_behind_is_named_with_the_cure(machine):
    os.chown(machine.data / NAME, 12345, 12345)
    level, text = machine.verdict("data")
    assert level == "fault"
    assert text.startswith(f"{NAME} in {machine.data} belong to another user: chown -R")


def test_a_data_directory_that_others_may_read(machine):
    machine.data.chmod(0o755)
    assert machine.verdict("data") == (
        "warn",
        f"others may read {machine.data}: chmod 700 {machine.data}",
    )


@pytest.mark.parametrize(
    ("free", "level"), [(19.0, "fault"), (150.0, "warn"), (200.0, "ok")]
)
def test_the_room_that_is_left(machine, free, level):
    machine.free_mb = free
    assert machine.verdict("space")[0] == level


def test_a_ledger_that_was_set_aside_is_not_forgotten(machine):
    (machine.data / "ledger-corrupt-20261123T000000Z.db").write_bytes(b"noise")
    level, text = machine.verdict("space")
    assert (level, "ledger-corrupt-20261123T000000Z.db" in text) == ("warn", True)


# Ledger


def test_no_ledger_is_no_fault(machine):
    for path in machine.data.glob("ledger.db*"):
        path.unlink()
    assert machine.verdict("ledger") == ("ok", "none yet: the first start begins one")


def test_a_damaged_ledger_is_seen_and_the_cure_is_a_restart(machine):
    ledger = machine.data / LEDGER
    noise = bytearray(ledger.read_bytes())
    noise[4096:12288] = b"\xa5" * 8192
    ledger.write_bytes(noise)
    level, text = machine.verdict("ledger")
    assert level == "fault"
    assert text.endswith("restart the kiosk to recover it")
    assert "\n" not in text


def test_a_file_that_is_no_ledger(machine):
    (machine.data / LEDGER).write_bytes(b"no database at all" * 500)
    assert machine.verdict("ledger")[0] == "fault"


def test_a_ledger_older_than_the_number_book(machine):
    old = (machine.data / LEDGER).read_bytes()
    store = stocked(machine.data)
    issue(store, 4)
    store.close()
    (machine.data / LEDGER).write_bytes(old)
    level, text = machine.verdict("ledger")
    assert level == "fault"
    assert text.startswith("1 tickets of the number book are not in it")


def test_a_ledger_of_a_later_version(machine):
    ledger = machine.data / LEDGER
    content = bytearray(ledger.read_bytes())
    content[60:64] = (99).to_bytes(4, "big")  # SQLite's user_version
    ledger.write_bytes(content)
    level, text = machine.verdict("ledger")
    assert (level, "has version 99" in text) == ("fault", True)


def test_events_the_server_refused_are_told_with_its_reason(machine):
    store = stocked(machine.data)
    refused = Refused(seq=1, title="number 1 reads B001")
    store.acknowledge(Acknowledged(ack=2, refused=(refused,)), at())
    store.close()
    level, text = machine.verdict("ledger")
    assert level == "warn"
    assert "refused 1 events, the last one saying 'number 1 reads B001'" in text


def everything_in(directory: Path) -> dict[str, tuple[bytes, int]]:
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in directory.iterdir()}


def test_looking_leaves_no_trace_on_a_stopped_kiosk(machine):
    before = everything_in(machine.data)
    machine.examined()
    assert everything_in(machine.data) == before


def test_looking_leaves_a_running_kiosk_its_ledger_and_its_lock(machine):
    store = stocked(machine.data)
    try:
        issue(store, 4)
        before = {
            name: what
            for name, what in everything_in(machine.data).items()
            if not name.endswith("-shm")  # where readers note how far they read
        }
        assert machine.verdict("ledger")[0] == "ok"
        assert before.items() <= everything_in(machine.data).items()
        issue(store, 5)
    finally:
        store.close()
    assert sum(look.counts(machine.data).tickets[at().at.date()].values()) == 5


def test_the_lock_of_a_running_kiosk_is_seen_without_trying_it(tmp_path):
    locks = Path("/proc/locks")
    assert not is_locked(tmp_path, locks)
    lock = LedgerLock(tmp_path)
    assert is_locked(tmp_path, locks)
    lock.release()
    assert not is_locked(tmp_path, locks)


# Identity and clock


def test_a_kiosk_that_was_never_enrolled(machine):
    (machine.data / NAME).unlink()
    (machine.data / LAST_GOOD).unlink()
    level, text = machine.verdict("identity")
    assert (level, "provision --code CODE" in text) == ("fault", True)


def test_an_identity_taken_from_its_copy(machine):
    (machine.data / NAME).write_bytes(b"")
    level, text = machine.verdict("identity")
    assert (level, text.startswith("chuo-1 in chuo, taken from the copy")) == (
        "warn",
        True,
    )


def test_an_identity_that_cannot_be_read_at_all(machine):
    (machine.data / NAME).write_bytes(b"{")
    (machine.data / LAST_GOOD).write_bytes(b"{")
    level, text = machine.verdict("identity")
    assert (level, "run seiriken-kiosk provision again" in text) == ("fault", True)


def test_a_time_nobody_vouches_for_is_told(machine):
    world = replace(machine.world(), evidence=lambda settings: lambda: None)
    found = examine(machine.path, machine.data, world)
    (clock,) = [v for v in found.verdicts if v.name == "clock"]
    assert (clock.level, "(none)" in clock.text) == ("warn", True)


# What is shipped


@pytest.fixture
def shipped(machine, tmp_path):
    shutil.copytree(assets.ROOT, tmp_path / "assets")
    machine.assets = tmp_path / "assets"
    return machine.assets


@pytest.mark.parametrize("keep", [0, 3, 200, 400_000])
def test_a_font_that_was_cut_off(machine, shipped, keep):
    font = shipped / "fonts" / "BIZUDPGothic-Bold.ttf"
    font.write_bytes(font.read_bytes()[:keep])
    level, text = machine.verdict("fonts")
    assert (level, "BIZUDPGothic-Bold.ttf is" in text) == ("fault", True)


def test_a_font_that_is_gone(machine, shipped):
    (shipped / "fonts" / "BIZUDPGothic-Regular.ttf").unlink()
    level, text = machine.verdict("fonts")
    assert (level, text.endswith("install the program again")) == ("fault", True)


def test_pictograms_gone_or_damaged(machine, shipped):
    (shipped / "pictograms" / "staff.svg").write_text("<svg")
    assert "staff.svg is damaged" in machine.verdict("pictograms")[1]
    (shipped / "pictograms" / "staff.svg").unlink()
    level, text = machine.verdict("pictograms")
    assert (level, "staff.svg is missing" in text) == ("fault", True)


def test_a_pictogram_only_the_catalogue_knows_is_the_offices_to_correct(
    machine, shipped
):
    (shipped / "pictograms" / "moving.svg").unlink()
    level, text = machine.verdict("pictograms")
    assert level == "fault"
    assert "the catalogue names the pictogram moving" in text


def test_the_doctor_knows_every_pictogram_the_screens_draw():
    drawn = set()
    fonts = Fonts()
    for panel in gallery.PANELS.values():
        for _, scene in gallery.scenes(panel, "ja", fonts):
            boxes = lay_out(scene).boxes
            drawn |= {box.name for box in boxes if isinstance(box, Picture)}
    offered = {p.pictogram for p in gallery.CATALOGUE.procedures}
    assert drawn - offered <= PICTOGRAMS
    assert drawn >= PICTOGRAMS


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("[table\n", "translations/en/paper.toml: "),
        ("", "en has no text paper."),
    ],
)
def test_translations_that_lack_something(machine, shipped, damage, sentence):
    (shipped / "translations" / "en" / "paper.toml").write_text(damage)
    level, text = machine.verdict("translations")
    assert level == "fault"
    assert sentence in text


def test_a_language_the_office_wants_and_nobody_shipped(machine, shipped):
    shutil.rmtree(shipped / "translations" / "en")
    level, text = machine.verdict("translations")
    assert (level, text.startswith("no en in ")) == ("fault", True)


# The running kiosk and the server


def test_a_running_kiosk_is_recognised(machine, state):
    machine.run(state.model_copy(update={"findings": ()}))
    found = machine.examined()
    assert found.running
    assert found.state is not None
    assert machine.verdict("agent") == (
        "ok",
        f"a kiosk serves at {AGENT} and shows home",
    )
    assert machine.verdict("clock") == ("ok", "vouched for by server")


def test_what_the_kiosk_itself_complains_of_comes_first(machine, state):
    bad = Finding(code="storage", level="fault", text="card full", since=at().at)
    machine.run(state.model_copy(update={"findings": (*state.findings, bad)}))
    assert machine.verdict("agent") == ("fault", "the kiosk reports storage: card full")
    machine.run(state)
    assert machine.verdict("agent") == (
        "warn",
        "the kiosk reports disk: getting full",
    )


def test_a_kiosk_that_hangs(machine, state):
    machine.run(state)
    machine.answers[f"{AGENT}/healthz"] = Answer(503, b"{}")
    level, text = machine.verdict("agent")
    assert (level, "systemctl restart" in text) == ("fault", True)


def test_another_program_on_the_kiosks_port(machine):
    machine.answers[f"{AGENT}/healthz"] = Answer(404, b"<html>")
    assert not machine.examined().running
    level, text = machine.verdict("agent")
    assert (level, "another program answers" in text) == ("fault", True)


def test_a_kiosk_that_holds_the_ledger_and_does_not_answer(machine):
    shutil.copy("/proc/locks", machine.root / "proc" / "locks")
    lock = LedgerLock(machine.data)
    (machine.root / "proc" / "locks").write_text(Path("/proc/locks").read_text())
    try:
        found = machine.examined()
        assert found.running
        level, text = machine.verdict("agent")
        assert (level, "does not answer" in text) == ("fault", True)
    finally:
        lock.release()


def test_a_server_out_of_reach_is_never_a_fault(machine):
    machine.answers.clear()
    level, text = machine.verdict("server")
    assert (level, "tickets go on" in text) == ("warn", True)


@pytest.mark.parametrize("status", [301, 404, 503])
def test_something_else_than_the_server(machine, status):
    machine.answers[f"{SERVER}/healthz"] = Answer(status, b"")
    level, text = machine.verdict("server")
    assert (level, f"answers {status}" in text) == ("warn", True)


@pytest.mark.parametrize(
    ("header", "drift"),
    [
        ("Tue, 24 Nov 2026 01:00:00 GMT", None),
        ("Tue, 24 Nov 2026 01:00:02 GMT", None),
        ("Tue, 24 Nov 2026 01:01:00 GMT", "+60 s"),
        ("Tue, 24 Nov 2026 00:59:30 GMT", "-30 s"),
        ("yesterday", None),
        (None, None),
    ],
)
def test_clocks_that_differ(machine, header, drift):
    machine.answers[f"{SERVER}/healthz"] = Answer(200, b"", header)
    level, text = machine.verdict("server")
    assert level == ("ok" if drift is None else "warn")
    assert drift is None or drift in text


# How it is told


def test_the_lines_are_for_people_and_the_document_for_machines(machine, sim):
    found = machine.examined().verdicts
    lines = verdict.text_of(found).splitlines()
    assert len(lines) == len(found)
    assert lines[0].startswith("OK     settings     ")
    told = verdict.document_of(found, kiosk_id="chuo-1", version="1", running=False)
    told = json.loads(json.dumps(told))
    assert told["level"] == "warn"
    assert told["checks"][0].keys() == {"name", "level", "text"}


def test_no_verdict_tells_a_secret(machine, state):
    machine.run(state)
    told = verdict.text_of(machine.examined().verdicts)
    for secret in (ENROLLED.credential, ENROLLED.state_token, ENROLLED.token_key):
        assert secret not in told


def test_the_clock_goes_on_from_what_was_saved(machine):
    floor = machine.data / "clock.json"
    floor.write_text(json.dumps({"at": at("12:00").at.isoformat()}))
    world = replace(machine.world(), evidence=lambda settings: lambda: None)
    found = examine(machine.path, machine.data, world)
    (clock,) = [v for v in found.verdicts if v.name == "clock"]
    assert "(saved)" in clock.text
    assert Moment(NOW, "saved").printable is False


def test_the_page_explains_every_check(machine):
    page = (Path(__file__).parents[2] / "docs" / "kiosk.md").read_text("utf-8")
    table = page.partition("### What the doctor looks at")[2].partition("###")[0]
    first = "".join(line.split("|")[1] for line in table.splitlines() if "|" in line)
    names = [f"`{v.name}`" for v in machine.examined().verdicts]
    assert [name for name in names if name not in first] == []
