"""`seiriken-server`, as an administrator types it."""

import csv
import io
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
import requests

from server.__main__ import main
from tests.server.house import KIOSK, PUBLIC, key

PATIENCE = 20


@pytest.fixture
def settings_file(mould, tmp_path, monkeypatch):
    path = tmp_path / "server.toml"
    path.write_text(
        f'data = "data"\ncatalogue = "{mould / "city"}"\n'
        'public_url = "http://127.0.0.1"\nserver_port = 0\nalways_open = true\n'
        "poll_seconds = 3600\n",
        "utf-8",
    )
    monkeypatch.setenv("SEIRIKEN_SERVER_SETTINGS", str(path))
    return path


@pytest.fixture
def ready(settings_file, capsys):
    assert main(["init", "--open-counters"]) == 0
    capsys.readouterr()
    return settings_file


@contextmanager
def running(settings_file):
    process = subprocess.Popen(
        [sys.executable, "-m", "server", "--settings", str(settings_file), "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield process, line.rsplit(" ", 1)[-1].strip().rstrip("/")
    finally:
        process.kill()
        process.communicate()


def enrolled(address, code):
    answer = requests.post(
        f"{address}{KIOSK}/enrol",
        json={"code": code, "agent_address": "http://127.0.0.1:9"},
        headers=key(),
        timeout=PATIENCE,
    )
    return answer.json()["credential"]


def issue(address, credential, seq, ticket):
    news = {
        "seq": seq, "kind": "ticket_issued", "at": "2026-04-01T01:00:00Z",
        "clock_trust": "none", "ticket_id": ticket, "serial": seq, "series": "moving",
        "number": seq, "label": f"B{seq:03}", "procedure": "moving",
        "preapplied": False, "verified": False, "language": "ja",
    }  # fmt: skip
    return requests.post(
        f"{address}{KIOSK}/events",
        json={"events": [news]},
        headers={"Authorization": f"Bearer {credential}", **key()},
        timeout=PATIENCE,
    )


def test_before_init_one_line_says_what_to_do(settings_file, capsys):
    (settings_file.parent / "data").mkdir()
    assert main(["enrol", "create-code", "--office", "chuo"]) == 1
    assert capsys.readouterr().err == (
        "seiriken-server: the database is at step none, this version needs 0002; "
        "run: seiriken-server init\n"
    )


def test_init_may_be_run_again(ready, capsys):
    assert main(["init"]) == 0
    assert "ready: 2 offices" in capsys.readouterr().out


def test_bad_usage_ends_with_two(ready):
    with pytest.raises(SystemExit) as ended:
        main(["enrol", "create-code"])
    assert ended.value.code == 2


def test_bad_settings_end_with_one_line(settings_file, capsys):
    settings_file.write_text("colour = 1\n", "utf-8")
    assert main(["init"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "unknown key colour" in error


def test_an_unknown_office_is_named_with_those_known(ready, capsys):
    assert main(["enrol", "create-code", "--office", "x"]) == 1
    assert "there is no office x; known: chuo, midori" in capsys.readouterr().err


def test_a_user_needs_a_real_password(ready, capsys, monkeypatch):
    add = ["user", "add", "hana", "--role", "counter", "--password-stdin"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert main(add) == 1
    assert "at least 8" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.StringIO("long enough\n"))
    assert main(add) == 0
    assert main(["user", "disable", "hana"]) == 0
    assert main(["user", "disable", "nobody"]) == 1


def test_a_code_is_all_that_is_printed(ready, capsys):
    assert main(["enrol", "create-code", "--office", "chuo"]) == 0
    code = capsys.readouterr().out
    assert len(code.strip().split("-")) == 4
    assert main(["enrol", "revoke", "chuo-1"]) == 1


def test_a_killed_server_has_lost_nothing_it_answered_for(ready, capsys):
    main(["enrol", "create-code", "--office", "chuo"])
    code = capsys.readouterr().out.strip()
    ids = [f"00000000-0000-4000-8000-{n:012}" for n in range(1, 21)]
    with running(ready) as (process, address):
        credential = enrolled(address, code)
        for seq, id in enumerate(ids, 1):
            assert issue(address, credential, seq, id).json()["ack"] == seq
        process.kill()
        process.wait(PATIENCE)
    assert main(["replay"]) == 0
    assert capsys.readouterr().out == "20 tickets, 0 differ from their events\n"
    assert main(["export", "--office", "chuo"]) == 0
    table = capsys.readouterr().out.removeprefix("\ufeff")
    rows = [r for r in csv.DictReader(io.StringIO(table)) if r["type"] == "issue"]
    assert [row["ticket_id"] for row in rows] == ids


def test_it_stops_cleanly_while_somebody_watches_a_stream(ready):
    with running(ready) as (process, address):
        stream = requests.get(
            f"{address}{PUBLIC}/offices/chuo/stream", stream=True, timeout=PATIENCE
        )
        lines = stream.iter_lines(decode_unicode=True)
        assert [next(lines) for _ in range(3)][::2] == ["retry: 3000", "event: figures"]
        process.send_signal(signal.SIGTERM)
        rest = {line for line in lines if line.startswith("event:")}
        assert rest <= {"event: figures"}  # what was printed meanwhile; then the end
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_taken_port_is_one_line(ready, monkeypatch, capsys):
    with running(ready) as (_, address):
        monkeypatch.setenv("SEIRIKEN_SERVER_PORT", address.rsplit(":", 1)[1])
        assert main(["run"]) == 1
    assert "cannot listen on 127.0.0.1:" in capsys.readouterr().err
