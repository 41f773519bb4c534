"""The settings are checked at the door, and a bad file never kills a kiosk."""

import tomllib
from pathlib import Path

import pytest

from kiosk.pin import BadPinHash, check_hash, hash_pin, is_right
from kiosk.settings import (
    LAST_GOOD,
    BadSettings,
    keep_last_good,
    load,
    load_last_good,
    parse,
)

SHIPPED = Path(__file__).parents[2] / "config" / "kiosk.toml"


def changed(old: str, new: str) -> str:
    text = SHIPPED.read_text("utf-8")
    assert old in text
    return text.replace(old, new)


def test_the_shipped_file_is_good():
    settings = load(SHIPPED, {})
    assert settings.server.url == "https://queue.example.jp"
    assert settings.printer.link == "network"
    assert settings.screen.px_per_mm == 4.0
    assert settings.data_dir == Path("/var/lib/seiriken")


def test_every_key_is_explained():
    before = ""
    for line in SHIPPED.read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            # A key stands below its comment, alone or with those it belongs to.
            assert before.startswith("#") or "=" in before, line
        before = line


def every_key() -> list[str]:
    found = tomllib.loads(SHIPPED.read_text("utf-8"))
    return [
        key if not isinstance(value, dict) else f"{key}.{inner}"
        for key, value in found.items()
        for inner in (value if isinstance(value, dict) else [""])
    ]


@pytest.mark.parametrize("key", every_key())
def test_a_missing_key_is_named(key):
    *section, name = key.split(".")
    lines, inside = [], ""
    for line in SHIPPED.read_text("utf-8").splitlines():
        inside = line.strip("[]") if line.startswith("[") else inside
        if not (line.startswith(f"{name} =") and inside == ".".join(section)):
            lines.append(line)
    with pytest.raises(BadSettings, match=f"kiosk.toml: missing key {name}"):
        parse("\n".join(lines), {}, where="kiosk.toml")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("level = ", "colour = 1\nlevel = ", r"unknown key colour in \[log\]"),
        ("data_dir", "shop = 1\ndata_dir", "unknown key shop"),
        ("port = 8090", 'port = "8090"', "agent.port is a whole number, not '8090'"),
        ("port = 8090", "port = 80900", "agent.port is a port"),
        ("port = 8090", "port = true", "agent.port is a whole number"),
        ('link = "network"', 'link = "usb"', "printer.link is one of network, serial"),
        ("fullscreen = true", "fullscreen = 1", "screen.fullscreen is true or false"),
        ("width = 1080", "width = 10", "at least 320 pixels"),
        ("px_per_mm = 4.0", "px_per_mm = 0.5", "px_per_mm lies between"),
        ('"https://queue', '"queue', "server.url is an address"),
        ('profile = "epson"', 'profile = "abacus"', "printer.profile is one of"),
        ('host = "192.168.192.168"', 'host = ""', "printer.host is missing"),
        ('link = "network"', 'link = "serial"', "printer.device is missing"),
        ("call_button = 17", "call_button = 27", "are the same pin"),
        ('pin = ""', 'pin = "1234"', "staff.pin: not a PIN hash"),
        ("[log]", "[log", "kiosk.toml: "),
    ],
)
def test_a_bad_value_is_one_sentence_that_names_the_key(old, new, sentence):
    with pytest.raises(BadSettings, match=sentence) as bad:
        parse(changed(old, new), {}, where="kiosk.toml")
    assert "\n" not in str(bad.value)


def test_the_environment_overrides_the_file():
    settings = load(
        SHIPPED,
        {
            "SEIRIKEN_KIOSK_PORT": "8190",
            "SEIRIKEN_DATA": "/tmp/kiosk",
            "SEIRIKEN_SERVER_URL": "http://127.0.0.1:8080",
            "SEIRIKEN_PRINTER_HOST": "127.0.0.1",
            "SEIRIKEN_PRINTER_PORT": "9100",
            "SEIRIKEN_SCREEN_FULLSCREEN": "false",
            "SEIRIKEN_SCREEN_PX_PER_MM": "3.5",
            "SEIRIKEN_SERVER_PORT": "8080",
        },
    )
    assert (settings.agent.port, settings.data_dir) == (8190, Path("/tmp/kiosk"))
    assert settings.server.url == "http://127.0.0.1:8080"
    assert (settings.printer.host, settings.printer.port) == ("127.0.0.1", 9100)
    assert (settings.screen.fullscreen, settings.screen.px_per_mm) == (False, 3.5)


def test_a_bad_word_in_the_environment_is_named():
    with pytest.raises(BadSettings, match="SEIRIKEN_AGENT_PORT is a number"):
        load(SHIPPED, {"SEIRIKEN_KIOSK_PORT": "many"})
    with pytest.raises(BadSettings, match="FULLSCREEN is true or false"):
        load(SHIPPED, {"SEIRIKEN_SCREEN_FULLSCREEN": "perhaps"})


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(BadSettings, match=r"is missing: copy config/kiosk.toml there"):
        load(tmp_path / "kiosk.toml", {})


def test_a_fielded_kiosk_starts_with_its_last_good_settings(tmp_path):
    path = tmp_path / "kiosk.toml"
    data = tmp_path / "data"
    path.write_bytes(SHIPPED.read_bytes())
    environ = {"SEIRIKEN_DATA": str(data)}
    keep_last_good(path, load(path, environ))
    assert (data / LAST_GOOD).read_bytes() == SHIPPED.read_bytes()

    path.write_text(changed("port = 8090", "port = eight"))
    settings, fault = load_last_good(path, data, environ)
    assert settings.agent.port == 8090
    assert fault.endswith("the last good settings are used")
    with pytest.raises(BadSettings):
        load(path, environ)


def test_without_last_good_settings_the_sentence_stands(tmp_path):
    with pytest.raises(BadSettings, match="is missing"):
        load_last_good(tmp_path / "kiosk.toml", tmp_path, {})


def test_a_good_file_has_no_fault(tmp_path):
    assert load_last_good(SHIPPED, tmp_path, {})[1] is None


def test_the_pin_is_known_by_its_hash_only():
    kept = hash_pin("4821", b"salt of the day")
    check_hash(kept)
    assert "4821" not in kept
    assert is_right("4821", kept)
    assert not is_right("4822", kept)
    assert not is_right("", "")


@pytest.mark.parametrize("pin", ["12", "123456789", "12a4", "１２３４"])
def test_a_pin_has_four_to_eight_digits(pin):
    with pytest.raises(ValueError, match="4 to 8 digits"):
        hash_pin(pin, b"salt")


@pytest.mark.parametrize(
    "kept", ["1234", "scrypt:a:b:c", "md5:AAAA:AAAA", "scrypt:?:?"]
)
def test_what_is_no_hash_is_refused(kept):
    with pytest.raises(BadPinHash):
        check_hash(kept)


def test_a_pin_written_in_the_clear_is_not_repeated_in_the_sentence():
    text = SHIPPED.read_text("utf-8").replace('pin = ""', "pin = 2580")
    with pytest.raises(BadSettings) as refused:
        parse(text, {}, where="kiosk.toml")
    assert "staff.pin is a text" in str(refused.value)
    assert "2580" not in str(refused.value)
