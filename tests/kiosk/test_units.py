"""The unit of the kiosk: right by systemd's own word, and locked up."""

import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.settings import load

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "systemd" / "seiriken-kiosk.service"

systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze"
)


@systemd
def test_systemd_understands_every_line():
    done = subprocess.run(
        ["systemd-analyze", "verify", str(UNIT)], capture_output=True, text=True
    )
    # Later than some systems; and the program is not installed here.
    known = ("RestartSteps", "RestartMaxDelaySec", "is not executable")
    complaints = [
        line
        for line in done.stderr.splitlines()
        if UNIT.name in line and not any(word in line for word in known)
    ]
    assert complaints == []


@systemd
def test_the_unit_is_locked_up():
    subprocess.run(
        [
            *("systemd-analyze", "security", "--offline=true", "--threshold=20"),
            str(UNIT),
        ],
        check=True,
        capture_output=True,
    )


def test_the_unit_gives_the_kiosk_the_directory_its_settings_name():
    data = load(ROOT / "config" / "kiosk.toml", {}).data_dir
    unit = UNIT.read_text()
    assert str(data) == "/var/lib/seiriken"
    assert "StateDirectory=seiriken\n" in unit
    assert "Restart=always" in unit
    assert "StartLimitIntervalSec=0" in unit
    assert "network-online.target" not in unit


@pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="needs systemd")
def test_the_user_can_be_made(tmp_path):
    (tmp_path / "etc").mkdir()
    done = subprocess.run(
        [
            "systemd-sysusers",
            f"--root={tmp_path}",
            "--dry-run",
            str(ROOT / "systemd" / "seiriken.sysusers.conf"),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
