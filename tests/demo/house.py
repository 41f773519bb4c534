"""A demo in processes of its own, on free ports, and how a test drives it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

PATIENCE = 30.0


def soon(check: Callable[[], Any], what: str, within: float = PATIENCE) -> Any:
    """What `check` gives as soon as it is true; processes of their own take time."""
    deadline = time.monotonic() + within
    while not (found := check()):
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.02)
    return found


def free_ports(count: int) -> list[int]:
    """Ports nobody uses now; all are held until the last is found."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class House:
    """The running demo: `facts` is its demo.json."""

    def __init__(self, data: Path, process: "subprocess.Popen[bytes]") -> None:
        self.data = data
        self.process = process
        self.http = requests.Session()
        self._staff: dict[str, Staff] = {}

    @property
    def facts(self) -> dict[str, Any]:
        return dict(json.loads((self.data / "demo.json").read_text()))

    # The kiosk

    def screen(self) -> dict[str, Any]:
        return dict(self.http.get(self.facts["kiosk"] + "/screen.json").json())

    def stands_on(self, name: str) -> bool:
        return bool(self.screen()["screen"] == name)

    def press(self, target: str) -> None:
        """A finger in the middle of that target."""
        found = [t for t in self.screen()["targets"] if t["id"] == target]
        assert found, f"no {target} on {self.screen()['screen']}"
        self.touch(found[0]["x"] + found[0]["w"] / 2, found[0]["y"] + found[0]["h"] / 2)

    def touch(self, x: float, y: float) -> None:
        touched = self.http.post(self.facts["kiosk"] + "/touch", json={"x": x, "y": y})
        assert touched.status_code == 200

    def state(self) -> dict[str, Any]:
        token = {"Authorization": f"Bearer {self.facts['state_token']}"}
        return dict(self.http.get(self.facts["kiosk"] + "/state", headers=token).json())

    # The printer

    def papers(self) -> list[dict[str, Any]]:
        return list(self.http.get(self.facts["printer_page"] + "/papers").json())

    def fault(self, name: str, *, on: bool, **more: int) -> None:
        answer = self.http.post(
            self.facts["printer_page"] + "/fault",
            json={"fault": name, "on": on, **more},
        )
        assert answer.status_code == 200, answer.text

    # The server

    def staff(self, role: str = "counter") -> "Staff":
        """That member of the staff, logged in once for all tests."""
        if role not in self._staff:
            self._staff[role] = self._log_in(role)
        return self._staff[role]

    def _log_in(self, role: str) -> "Staff":
        user = next(u for u in self.facts["users"] if u["role"] == role)
        return Staff(self.facts["server"], user["user"], user["password"])

    def counter_for(self, procedure: str) -> str:
        office = next(o for o in self.facts["offices"] if o["id"] == "chuo")
        return str(
            next(c["id"] for c in office["counters"] if procedure in c["procedures"])
        )

    def figures(self, procedure: str) -> dict[str, Any]:
        path = "/api/public/v1/offices/chuo/congestion"
        document = self.http.get(self.facts["server"] + path).json()
        return dict(next(p for p in document["procedures"] if p["id"] == procedure))


class Staff:
    """One clerk at the staff API."""

    def __init__(self, server: str, user: str, password: str) -> None:
        self._api = f"{server}/api/staff/v1"
        self._http = requests.Session()
        told = self.post("/login", {"user": user, "password": password})
        self._http.headers["Authorization"] = f"Bearer {told['token']}"

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._http.post(
            self._api + path,
            json=body or {},
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def tickets(self, state: str = "waiting") -> list[dict[str, Any]]:
        answer = self._http.get(
            self._api + "/offices/chuo/tickets", params={"state": state}
        )
        assert answer.status_code == 200, answer.text
        return list(answer.json()["tickets"])


def at_home(house: House) -> bool:
    """Whether it is at home in Japanese; presses its way there as a visitor would."""
    scene = house.screen()
    match scene["screen"]:
        case "home" if scene["language"] == "ja":
            return True
        case "home":
            house.press("language")
        case "done":
            house.press("cancel")
        case "paper" | "choose":
            house.press("back")
        case "cancelled":
            house.touch(0.5, 0.5)
    return False


@contextmanager
def demo(data: Path, *arguments: str, **environment: str) -> Iterator[House]:
    """Start it, wait until everything answers, and see that it stops cleanly."""
    names = ("SERVER", "KIOSK", "PRINTER", "PRINTER_WEB")
    ports = {
        f"SEIRIKEN_{name}_PORT": str(port)
        for name, port in zip(names, free_ports(4), strict=True)
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SEIRIKEN_")}
    kept.pop("DISPLAY", None)
    settings = {**kept, **ports, "SEIRIKEN_DATA": str(data), **environment}
    output = data.with_suffix(".out")
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo", *arguments],
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    house = House(data, process)

    def up() -> bool:
        assert process.poll() is None, output.read_text()
        return (data / "demo.json").exists()

    try:
        soon(up, "the demo answers", within=90)
        yield house
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, output.read_text()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
