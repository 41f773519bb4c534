"""Texts by key: strict about keys, values and the files they come from."""

from pathlib import Path

import pytest

from language.words import (
    BadTranslation,
    MissingText,
    Words,
    available,
    differences,
    load,
    own_name,
    read,
)


@pytest.fixture
def written(tmp_path: Path):
    """Words of a language whose one room `kiosk.toml` holds the given TOML."""

    def write(toml: str, language: str = "xx") -> Words:
        folder = tmp_path / language
        folder.mkdir()
        (folder / "kiosk.toml").write_text(toml, encoding="utf-8")
        return Words(language, read(folder))

    return write


def test_a_text_is_found_by_room_table_and_name(written) -> None:
    words = written('plain = "p"\n[home]\ntitle = "待ち{waiting}人"\n')
    assert words.text("kiosk.plain") == "p"
    assert words.text("kiosk.home.title", waiting=5) == "待ち5人"


def test_an_unknown_key_is_an_error_that_names_it(written) -> None:
    with pytest.raises(MissingText, match=r"xx has no text kiosk\.home\.titel"):
        written('[home]\ntitle = "t"\n').text("kiosk.home.titel")


@pytest.mark.parametrize("given", [{}, {"waiting": 1, "high": 2}, {"wating": 1}])
def test_a_value_too_few_or_too_many_is_an_error(written, given) -> None:
    with pytest.raises(MissingText, match=r"waiting|high"):
        written('line = "{waiting}"').text("kiosk.line", **given)


def test_a_value_with_braces_stays_as_it_is(written) -> None:
    words = written('line = "{{{name}}}"')
    assert words.text("kiosk.line", name="{waiting}") == "{{waiting}}"


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("line = 5", "kiosk.line is 5, not a text"),
        ('line = "{0}"', "must be a plain name"),
        ('line = "{}"', "must be a plain name"),
        ('line = "{n:02d}"', "must be a plain name"),
        ('line = "{n!r}"', "must be a plain name"),
        ('line = "{a.b}"', "must be a plain name"),
        ('line = "a } b"', "write a brace as"),
        ("line = ", "kiosk.toml"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(
    written, toml, complaint
) -> None:
    with pytest.raises(BadTranslation, match=complaint):
        written(toml)


def test_two_languages_that_say_different_things_are_told_apart(written) -> None:
    one = written('a = "{x}"\nb = "b"\nc = "c"', "xx")
    other = written('a = "{y}"\nb = "B"\nd = "d"', "yy")
    assert differences(one, other) == (
        "kiosk.a: xx wants ['x'], yy wants ['y']",
        "xx has no text kiosk.d",
        "yy has no text kiosk.c",
    )


def test_japanese_comes_first_among_the_languages() -> None:
    assert available()[0] == "ja"
    assert "en" in available()


def test_every_language_is_called_by_its_own_name() -> None:
    assert own_name("ja") == "日本語"
    assert own_name("en") == "English"


def test_words_are_read_once() -> None:
    assert load("ja") is load("ja")


@pytest.mark.parametrize("language", ["tlh", "", "..", "../ja"])
def test_a_language_without_texts_is_an_error(language: str) -> None:
    with pytest.raises(MissingText, match="no translations"):
        load(language)
