"""A kiosk on the bench: whole, with a world around it that a test breaks."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import assets
from kiosk.asking import Answer, NoAnswer
from kiosk.doctor import real
from kiosk.doctor.examination import Examination, World, examine
from kiosk.doctor.outside import User
from protocol.messages import KioskState
from tests.kiosk.field import ENROLLED, Field

AGENT = "http://127.0.0.1:8090"
SERVER = "http://127.0.0.1:1"
NOW = datetime(2026, 11, 24, 1, 0, 0, 300_000, tzinfo=UTC)
WELL = Answer(200, b'{"status":"ok"}', "Tue, 24 Nov 2026 01:00:00 GMT")


class Machine(Field):
    """A kiosk and the world around it; each test breaks one thing of it."""

    def __init__(self, tmp: Path) -> None:
        super().__init__(tmp)
        self.answers = {f"{SERVER}/healthz": WELL}
        self.root = tmp / "root"
        (self.root / "proc").mkdir(parents=True)
        (self.root / "proc" / "locks").touch()
        self.assets = assets.ROOT
        self.user = User("seiriken", frozenset({"video", "render", "input", "gpio"}))
        self.free_mb = 5000.0
        self.environ: dict[str, str] = {}

    def world(self) -> World:
        return replace(
            real.world(self.environ, lambda: NOW, monotonic),
            root=self.root,
            assets=self.assets,
            evidence=lambda settings: lambda: "ntp",
            user_of=lambda directory: self.user,
            free_mb=lambda directory: self.free_mb,
            ask=self.ask,
        )

    def ask(self, address: str, token: str) -> Answer:
        if address not in self.answers:
            raise NoAnswer("nobody answers there")
        if address.endswith("/state") and token != ENROLLED.state_token:
            return Answer(401, b"{}")
        return self.answers[address]

    def run(self, state: KioskState) -> None:
        """From now on a kiosk runs here and says this of itself."""
        self.answers[f"{AGENT}/healthz"] = WELL
        self.answers[f"{AGENT}/state"] = Answer(200, state.model_dump_json().encode())

    def examined(self) -> Examination:
        return examine(self.path, self.data, self.world())

    def verdict(self, name: str) -> tuple[str, str]:
        (found,) = [v for v in self.examined().verdicts if v.name == name]
        return found.level, found.text
