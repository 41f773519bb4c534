"""Settings are checked once and completely; a fault is one sentence."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

import server
from server.settings import BadSettings, Settings, load

SHIPPED = Path(server.__file__).parent.parent / "config" / "server.toml"
LEAST = 'data = "d"\ncatalogue = "c"\npublic_url = "https://q"\n'


def written(tmp_path, text):
    path = tmp_path / "server.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_file_holds_every_key_and_explains_it():
    text = SHIPPED.read_text("utf-8")
    keys = tomllib.loads(text).keys()
    assert keys == {field.name for field in fields(Settings)}
    for block in text.split("\n\n"):
        assert block.startswith("#"), block


def test_the_shipped_file_says_what_holds_without_it(tmp_path):
    shipped = load(SHIPPED, {})
    least = load(written(tmp_path, LEAST), {})
    given = {"data", "catalogue", "public_url"}
    for field in fields(Settings):
        if field.name not in given:
            assert getattr(shipped, field.name) == getattr(least, field.name)


def test_directories_lie_beside_the_file(tmp_path):
    settings = load(written(tmp_path, LEAST), {})
    assert settings.data == tmp_path / "d"
    assert settings.database == f"sqlite:///{tmp_path}/d/server.sqlite3"


def test_the_environment_wins(tmp_path):
    environ = {
        "SEIRIKEN_SERVER_PORT": "9999",
        "SEIRIKEN_ALWAYS_OPEN": "true",
        "SEIRIKEN_DATABASE_URL": "postgresql:///queue",
        "SEIRIKEN_PRINTER_PORT": "9100",
    }
    settings = load(written(tmp_path, LEAST), environ)
    assert (settings.server_port, settings.always_open) == (9999, True)
    assert settings.database == "postgresql:///queue"


@pytest.mark.parametrize(
    ("text", "environ", "sentence"),
    [
        (LEAST + "colour = 1\n", {}, "unknown key colour"),
        ('data = "d"\n', {}, "key catalogue is missing"),
        (LEAST + 'server_port = "x"\n', {}, "server_port must be a whole number"),
        (LEAST + "always_open = 1\n", {}, "always_open must be a true or false"),
        (LEAST + "max_calls = 0\n", {}, "max_calls must be more than 0"),
        (LEAST.replace("https://", ""), {}, "public_url must begin with"),
        ("data = \n", {}, "is not TOML"),
        (LEAST, {"SEIRIKEN_SERVER_PORT": "x"}, "SEIRIKEN_SERVER_PORT must be"),
        (LEAST, {"SEIRIKEN_ALWAYS_OPEN": "yes"}, "must be true or false"),
    ],
)
def test_a_fault_is_one_sentence(tmp_path, text, environ, sentence):
    path = written(tmp_path, text)
    with pytest.raises(BadSettings, match=re.escape(sentence)) as refused:
        load(path, environ)
    assert str(path) in str(refused.value) or "SEIRIKEN_" in str(refused.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadSettings, match="cannot be read"):
        load(tmp_path / "none.toml", {})
