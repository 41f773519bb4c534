"""seiriken-printer-sim as a program: options, addresses, exit status."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.sim.__main__ import main

FREE = ["--port", "0", "--web-port", "0"]


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], re.Match[str]]]:
    """The program, once it has said where it is."""
    command = [sys.executable, "-m", "drivers.sim", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            said = program.stdout.readline()
            where = re.match(r"printer (\S+)  page (http://127\.0\.0\.1:\d+/)", said)
            assert where, said
            yield program, where
        finally:
            program.kill()


def test_it_prints_keeps_captures_and_stops_cleanly(tmp_path: Path) -> None:
    kept, capture = tmp_path / "papers", tmp_path / "bytes"
    options = ["--paper-dir", str(kept), "--capture", str(capture), "--speed", "inf"]
    with running(*FREE, *options) as (program, where):
        host, _, port = where[1].rpartition(":")
        with socket.create_connection((host, int(port)), 5) as client:
            client.sendall(b"A045\n\x1bd\x04\x1dV\x01\x1d(H\x06\x0000DONE")
            assert client.recv(7) == b"\x37\x22DONE\x00"
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0
    assert capture.read_bytes().startswith(b"A045\n")
    assert sorted(path.name for path in kept.iterdir()) == [
        "00001.bin",
        "00001.json",
        "00001.png",
    ]
    assert "A045" in (kept / "00001.json").read_text(encoding="utf-8")


def test_on_a_pseudo_terminal_it_says_where_that_is(tmp_path: Path) -> None:
    name = tmp_path / "printer"
    with running(*FREE, "--pty", str(name)) as (program, where):
        assert os.readlink(name) == where[1]
        program.send_signal(signal.SIGINT)
        assert program.wait(10) == 0


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as over:
        main(["--help"])
    assert over.value.code == 0
    said = capsys.readouterr().out
    for option in ("--port", "--web-port", "--pty", "--speed", "--width", "--roll"):
        assert option in said


@pytest.mark.parametrize(
    "wrong",
    [
        ["--port", "70000"],
        ["--speed", "-1"],
        ["--speed", "fast"],
        ["--width", "7"],
        ["--quirk", "purple"],
        ["--quirk", "no_gsh=perhaps"],
    ],
)
def test_wrong_usage_is_status_2(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as over:
        main(wrong)
    assert over.value.code == 2


def test_a_taken_port_is_status_1_and_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["--port", port, "--web-port", "0"]) == 1
        assert main(["--port", "0", "--web-port", port]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert all("choose other ports" in line for line in said)


def test_the_environment_chooses_the_ports() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        env = os.environ | {
            "SEIRIKEN_PRINTER_PORT": port,
            "SEIRIKEN_PRINTER_WEB_PORT": "0",
        }
        command = [sys.executable, "-m", "drivers.sim"]
        done = subprocess.run(command, env=env, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"in use" in done.stderr
