"""The doctor tries the devices of a stopped kiosk and asks a running one for its."""

import pytest

from kiosk.asking import Answer
from kiosk.doctor.outside import User
from tests.kiosk.bench import AGENT, WELL, Machine

# Display


def connector(machine: Machine, name: str, status: str) -> None:
    folder = machine.root / "sys" / "class" / "drm" / name
    folder.mkdir(parents=True)
    (folder / "status").write_text(f"{status}\n")


def test_a_panel_whose_cable_is_out(machine):
    machine.put("video", '"kmsdrm"')
    connector(machine, "card1-HDMI-A-1", "disconnected")
    level, text = machine.verdict("display")
    assert (level, "check its cable" in text) == ("fault", True)


def test_the_panel_of_a_running_kiosk_is_not_opened(machine, state):
    machine.put("video", '"kmsdrm"')
    connector(machine, "card1-HDMI-A-1", "disconnected")
    connector(machine, "card1-HDMI-A-2", "connected")
    machine.run(state)
    assert machine.verdict("display") == (
        "ok",
        "kmsdrm on card1-HDMI-A-2, shown by the kiosk",
    )


def test_a_display_that_does_not_open(machine, monkeypatch):
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    monkeypatch.setenv("DISPLAY", "127.0.0.1:999")
    machine.put("video", '"x11"')
    level, text = machine.verdict("display")
    assert level == "fault"
    assert text.startswith("the display driver x11 cannot show a window")


def test_auto_without_a_display_draws_for_nobody(machine):
    machine.put("video", '"auto"')
    assert machine.verdict("display")[0] == "warn"


# Printer


@pytest.mark.parametrize(
    ("trouble", "level", "sentence"),
    [
        ("paper_end", "fault", "put in a new roll"),
        ("cover_open", "fault", "close its cover"),
        ("near_end", "warn", "have one ready"),
        ("mute", "fault", "answers nothing"),
        ("power_off", "fault", "cannot print"),
    ],
)
def test_what_the_printer_says_becomes_what_to_do(
    machine, sim, trouble, level, sentence
):
    sim.fault(trouble)
    found, text = machine.verdict("printer")
    assert (found, sentence in text) == (level, True), text


def test_a_printer_that_is_not_there(machine):
    machine.put("link", '"network"')
    machine.put("port", "1", section="printer")
    level, text = machine.verdict("printer")
    assert level == "fault"
    assert "127.0.0.1:1 cannot print (no_link): is it switched on" in text


def test_the_printer_of_a_running_kiosk_is_left_to_it(machine, sim, state):
    machine.run(state)
    assert machine.verdict("printer")[0] == "ok"
    broken = state.printer.model_copy(update={"level": "fault", "code": "cover_open"})
    machine.run(state.model_copy(update={"printer": broken}))
    level, text = machine.verdict("printer")
    assert (level, "close its cover" in text) == ("fault", True)
    assert sim.received == 0


def test_a_running_kiosk_that_tells_nothing_still_keeps_its_printer(machine, sim):
    machine.answers[f"{AGENT}/healthz"] = WELL
    machine.answers[f"{AGENT}/state"] = Answer(401, b"{}")
    assert machine.verdict("printer")[0] == "warn"
    assert sim.received == 0


def test_no_printer_at_all_is_told(machine):
    assert machine.verdict("printer")[0] == "warn"


# Pins, scanner, groups, unit


def test_pins_in_memory_are_told(machine):
    machine.put("factory", '"mock"')
    level, text = machine.verdict("pins")
    assert (level, "in memory" in text) == ("warn", True)


def test_real_pins_on_a_machine_without_any(machine):
    machine.put("factory", '"lgpio"')
    level, text = machine.verdict("pins")
    assert level == "fault"
    assert "lgpio" in text or "Raspberry Pi" in text


def test_a_scanner_that_is_not_plugged_in(machine, tmp_path):
    machine.put("device", f'"{tmp_path}/no-scanner"', section="scanner")
    level, text = machine.verdict("scanner")
    assert (level, "plug the scanner in" in text) == ("fault", True)


def test_a_scanner_the_running_kiosk_cannot_open(machine, state, tmp_path):
    (tmp_path / "scanner").touch()
    machine.put("device", f'"{tmp_path}/scanner"', section="scanner")
    assert machine.verdict("scanner")[0] == "ok"
    machine.run(state.model_copy(update={"scanner": "fault"}))
    assert machine.verdict("scanner")[0] == "fault"


def test_groups_are_wanted_only_for_real_devices(machine):
    assert machine.verdict("groups")[0] == "ok"
    machine.put("device", '"/dev/null"', section="scanner")
    level, text = machine.verdict("groups")
    assert level == "warn"
    assert "usermod -aG dialout seiriken" in text


def test_every_device_names_its_group(machine):
    machine.user = User("pi", frozenset())
    machine.put("video", '"kmsdrm"')
    machine.put("factory", '"lgpio"')
    text = machine.verdict("groups")[1]
    assert "pi is not in video, render, input, gpio" in text
    machine.user = User("seiriken", frozenset({"video", "render", "input", "gpio"}))
    assert machine.verdict("groups")[0] == "ok"


def test_a_kiosk_that_would_run_as_root_is_told(machine):
    machine.put("video", '"kmsdrm"')
    machine.user = User("root", frozenset(), all_powerful=True)
    assert machine.verdict("groups")[0] == "warn"


def test_a_kiosks_own_machine_starts_it_at_boot(machine):
    assert machine.verdict("unit")[0] == "ok"
    machine.put("video", '"kmsdrm"')
    (machine.root / "run/systemd/system").mkdir(parents=True)
    assert "is not installed" in machine.verdict("unit")[1]
    system = machine.root / "etc/systemd/system"
    (system / "multi-user.target.wants").mkdir(parents=True)
    (system / "seiriken-kiosk.service").touch()
    assert "systemctl enable" in machine.verdict("unit")[1]
    link = system / "multi-user.target.wants" / "seiriken-kiosk.service"
    link.symlink_to(system / "seiriken-kiosk.service")
    assert machine.verdict("unit")[0] == "ok"
