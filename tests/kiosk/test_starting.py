"""`seiriken-kiosk run` in processes of its own, as systemd starts it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kiosk import __main__ as command
from kiosk import asking
from kiosk.database import LedgerLock
from kiosk.settings import LAST_GOOD
from tests.kiosk.field import ENROLLED, Field

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0


@pytest.fixture
def field(tmp_path: Path, morning: Path) -> Field:
    """Enrolled, stopped, without a printer; its agent would take any port."""
    field = Field(tmp_path)
    field.remember(morning)
    field.put("link", '"fake"')
    field.put("port", "0", section="agent")
    return field


def asked(field: Field, *words: str) -> int:
    return command.main(["--settings", str(field.path), *words])


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """What a failed command said: one line on stderr that begins with its name."""
    (line,) = capsys.readouterr().err.splitlines()
    name, _, sentence = line.partition(": ")
    assert name == "seiriken-kiosk"
    return sentence


class Process:
    """`seiriken-kiosk WORDS` as systemd starts it: it says when it is ready."""

    def __init__(self, folder: Path, *words: str, **environ: str) -> None:
        self._told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._told.bind(str(folder / "notify"))
        self._ready = threading.Event()
        self._ears = threading.Thread(target=self._listen)
        self._ears.start()
        told = {"PATH": os.environ["PATH"], "NOTIFY_SOCKET": str(folder / "notify")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", *words],
            cwd=ROOT,
            env=told | environ,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> None:
        assert self._ready.wait(PATIENCE)

    def ended(self) -> tuple[int, list[str]]:
        """Its exit code and what it said on stderr, logged lines left out."""
        _, errors = self._process.communicate(timeout=PATIENCE)
        logged = ("INFO ", "WARNING ")
        lines = [s for s in errors.splitlines() if not s.startswith(logged)]
        return self._process.returncode, lines

    def stop(self) -> int:
        """What it ends with when it is told to."""
        self._process.send_signal(signal.SIGTERM)
        return self.ended()[0]

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", self._told.getsockname())
        self._ears.join()
        self._told.close()

    def _listen(self) -> None:
        """All of it, or the kiosk would one day wait for room to tell more."""
        while said := self._told.recv(1024):
            if b"READY=1" in said:
                self._ready.set()


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    with ExitStack() as closing:

        def start(*words: str, **environ: str) -> Process:
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
            process = Process(folder, *words, **environ)
            closing.callback(process.close)
            return process

        yield start


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def state_of(port: int) -> dict[str, Any]:
    """What the running kiosk says of itself."""
    answer = asking.ask(f"http://127.0.0.1:{port}/state", ENROLLED.state_token)
    return dict(json.loads(answer.body))


def another(field: Field, name: str) -> Field:
    """A second kiosk with settings and data of its own."""
    folder = field.path.parent / name
    folder.mkdir()
    other = Field(folder)
    other.remember(field.data)
    other.put("link", '"fake"')
    other.put("port", "0", section="agent")
    return other


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("data_dir =", "colour = 1\ndata_dir =", "unknown key colour"),
        ("rtc = false\n", "", "missing key rtc in [clock]; config/kiosk.toml explains"),
        ("[agent]", "[agent", "Expected ']' at the end of a table declaration"),
    ],
)
def test_a_bad_file_stops_a_start_in_one_line(field, capsys, old, new, sentence):
    field.path.write_text(field.path.read_text().replace(old, new))
    assert asked(field, "run") == 1
    assert one_line(capsys).startswith(f"{field.path}: {sentence}")


def test_what_stops_a_start_is_one_line(field, start):
    bad, port_taken, blind = (another(field, name) for name in "abc")
    bad.put("rtc", "1")
    blind.put("video", '"x11"')
    lock = LedgerLock(field.data)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        port_taken.put("port", str(port), section="agent")
        begun = [
            start("run", "--settings", str(one.path))
            for one in (bad, field, port_taken, blind)
        ]
        ended = [process.ended() for process in begun]
    lock.release()
    assert [code for code, _ in ended] == [1, 1, 1, 1]
    said = [line.removeprefix("seiriken-kiosk: ") for _, (line,) in ended]
    for sentence, begins in zip(
        said,
        (
            f"{bad.path}: clock.rtc is true or false, not 1",
            f"another seiriken-kiosk uses the ledger in {field.data}: stop it first",
            f"the agent cannot listen on 127.0.0.1:{port} (Address already in use",
            "the display driver x11 cannot show a window",
        ),
        strict=True,
    ):
        assert sentence.startswith(begins)


def test_a_kiosk_without_a_printer_runs(field, start):
    port = free_port()
    field.put("link", '"network"')
    field.put("port", "1", section="printer")
    field.put("port", str(port), section="agent")
    kiosk = start("run", "--settings", str(field.path))
    kiosk.wait_until_ready()
    assert state_of(port)["kiosk_id"] == "chuo-1"
    assert kiosk.stop() == 0
    assert (field.data / LAST_GOOD).read_bytes() == field.path.read_bytes()


def test_a_fielded_kiosk_starts_with_its_last_good_settings_and_says_so(field, start):
    port = free_port()
    field.put("port", str(port), section="agent")
    (field.data / LAST_GOOD).write_bytes(field.path.read_bytes())
    field.put("rtc", "1")
    kiosk = start(
        *("run", "--settings", str(field.path), "--last-good"),
        STATE_DIRECTORY=str(field.data),
    )
    kiosk.wait_until_ready()
    finding = state_of(port)["findings"][0]
    assert (finding["code"], finding["level"]) == ("bad_settings", "fault")
    assert "clock.rtc is true or false, not 1" in finding["text"]
    assert kiosk.stop() == 0
