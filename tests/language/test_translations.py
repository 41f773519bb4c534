"""The shipped texts: complete, alike in every language, and drawable."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from assets import find
from language.words import FOLDER, available, differences, load

OTHERS = [language for language in available() if language != "ja"]
ROOMS = sorted({path.name for path in FOLDER.glob("*/*.toml")})


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_what_japanese_says(language: str) -> None:
    assert differences(load("ja"), load(language)) == ()


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("language", available())
def test_every_room_speaks_every_language(language: str, room: str) -> None:
    assert (FOLDER / language / room).is_file()


@pytest.mark.parametrize("language", available())
def test_no_text_is_empty_or_has_space_at_its_edges(language: str) -> None:
    for key, template in load(language).templates.items():
        assert template.text, key
        if not key.endswith(".between"):  # what stands between the parts of a list
            assert template.text == template.text.strip(), key


def _drawable(name: str) -> set[int]:
    with TTFont(find(f"fonts/{name}")) as font:
        return set(font.getBestCmap())


@pytest.mark.parametrize("language", available())
def test_the_screen_font_has_every_character_of_every_text(language: str) -> None:
    drawable = _drawable("BIZUDPGothic-Regular.ttf") | {ord("\n")}
    lacking = {
        (key, character)
        for key, template in load(language).templates.items()
        for character in template.text
        if ord(character) not in drawable
    }
    assert lacking == set()


def test_every_asset_is_found_by_name_and_a_missing_one_is_named() -> None:
    assert isinstance(find("fonts/BIZUDPGothic-Bold.ttf"), Path)
    with pytest.raises(FileNotFoundError, match=r"fonts/None\.ttf is missing"):
        find("fonts/None.ttf")
