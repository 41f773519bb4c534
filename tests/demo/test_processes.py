"""The demo keeps its processes alive, and the kiosk outlives the server."""

import os
import signal
import stat
import subprocess
import sys

import requests

from tests.demo.house import free_ports, soon


def test_without_the_server_tickets_go_on_and_arrive_later(house):
    old = house.facts["pids"]["server"]
    os.kill(old, signal.SIGSTOP)  # there, and silent: the worst way to be gone
    try:
        house.press("procedure:certificates")
        soon(lambda: house.stands_on("done"), "a ticket without the server")
        label = house.papers()[-1]["text"][2]
    finally:
        os.kill(old, signal.SIGCONT)
    clerk = house.staff()
    soon(lambda: label in [t["label"] for t in clerk.tickets()], "it arrives later")


def test_a_killed_server_is_started_again_and_nothing_is_lost(house):
    old = house.facts["pids"]["server"]
    before = {t["label"] for t in house.staff().tickets()}
    os.kill(old, signal.SIGKILL)
    soon(lambda: house.facts["pids"]["server"] != old, "a new server")
    soon(lambda: _answers(house.facts["server"] + "/healthz"), "it answers")
    assert before <= {t["label"] for t in house.staff().tickets()}


def test_a_killed_kiosk_is_started_again(house):
    old = house.facts["pids"]["kiosk"]
    os.kill(old, signal.SIGKILL)
    soon(lambda: house.facts["pids"]["kiosk"] != old, "a new kiosk")
    soon(lambda: _answers(house.facts["kiosk"] + "/healthz"), "it answers")


def _answers(address):
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False


def test_the_note_with_the_log_ins_is_for_this_user_only(house):
    assert stat.S_IMODE((house.data / "demo.json").stat().st_mode) == 0o600


def test_a_taken_port_is_named_with_its_variable(house):
    names = ("SERVER", "PRINTER", "PRINTER_WEB")
    free = {
        f"SEIRIKEN_{name}_PORT": str(port)
        for name, port in zip(names, free_ports(3), strict=True)
    }
    taken = house.facts["kiosk"].rsplit(":", 1)[1]
    second = subprocess.run(
        [sys.executable, "-m", "demo"],
        env={**os.environ, **free, "SEIRIKEN_KIOSK_PORT": taken},
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    [sentence] = second.stderr.strip().splitlines()
    assert f"port {taken} is in use" in sentence
    assert "SEIRIKEN_KIOSK_PORT" in sentence
