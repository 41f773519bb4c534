"""Japanese on paper: the right bytes, or a refusal; never a question mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.text import Rows, Unprintable, encode

JIS = [
    bytes([lead, trail])
    for lead in (*range(0x81, 0xA0), *range(0xE0, 0xF0))
    for trail in (*range(0x40, 0x7F), *range(0x80, 0xFD))
]


def in_rom() -> list[str]:
    found = []
    for raw in JIS:
        try:
            found.append(raw.decode("cp932"))
        except UnicodeDecodeError:
            continue
    return found


def test_every_character_of_the_rom_comes_out_as_itself() -> None:
    characters = in_rom()
    assert len(characters) > 7_000
    for character in characters:
        assert encode(character).decode("cp932") == character


@pytest.mark.parametrize("text", ["整理券", "ﾊﾝｶｸ", "①㈱№", "A045 ~ 12時", "髙島"])
def test_a_text_is_sent_as_shift_jis(text: str) -> None:
    assert encode(text) == text.encode("cp932")


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("¥", "5c"),
        ("窓口—", "918b8cfb815c"),
        ("‾", "8150"),
        ("Å", "81f0"),
        ("か\u3099", "82aa"),
        ("a\u00a0b", "612062"),
    ],
)
def test_what_shift_jis_writes_differently_is_the_same_ink(text: str, raw: str) -> None:
    assert encode(text) == bytes.fromhex(raw)


@pytest.mark.parametrize(
    ("rows", "raw"), [(Rows.NEC, "eee0 ed95"), (Rows.IBM, "fbfc fab1")]
)
def test_each_model_keeps_names_where_its_profile_says(rows: Rows, raw: str) -> None:
    assert encode("髙﨑", rows) == bytes.fromhex(raw)


def test_a_model_without_the_extension_refuses_those_names() -> None:
    with pytest.raises(Unprintable) as refused:
        encode("髙橋", Rows.NONE)
    assert refused.value.characters == "髙"
    assert encode("高橋①㈱", Rows.NONE) == "高橋①㈱".encode("cp932")


def test_special_characters_are_not_moved_with_the_names() -> None:
    assert encode("①㈱№Ⅳ", Rows.IBM) == encode("①㈱№Ⅳ", Rows.NEC)


def test_a_name_keeps_its_own_shape() -> None:
    shape = "\ufa19"  # Unicode's normal forms would make it U+795E
    assert encode(shape).decode("cp932") == shape


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("𠮷野家", "𠮷"),
        ("葛\U000e0100飾", "\U000e0100"),
        ("สวัสดี", "สวัดี"),
        ("é", "é"),
        ("a\\b", "\\"),
        ("\ue000", "\ue000"),
        ("\x80", "\x80"),
        ("\uf8f0", "\uf8f0"),
        ("한국 한국", "한국"),
    ],
)
def test_what_the_rom_lacks_is_named(text: str, characters: str) -> None:
    with pytest.raises(Unprintable) as refused:
        encode(text)
    assert refused.value.text == text
    assert refused.value.characters == characters
    assert f"U+{ord(characters[0]):04X}" in str(refused.value)


@pytest.mark.parametrize("command", ["\x1b@", "\x10\x04\x01", "\n", "\x1dV1", "\x7f"])
def test_no_text_can_smuggle_a_command_in(command: str) -> None:
    with pytest.raises(Unprintable):
        encode("番号" + command)


def refused_in(text: str, rows: Rows) -> str:
    try:
        encode(text, rows)
    except Unprintable as refused:
        return refused.characters
    return ""


@given(st.text(max_size=20), st.sampled_from(Rows))
def test_a_text_is_printable_once_what_was_named_is_gone(text: str, rows: Rows) -> None:
    for character in refused_in(text, rows):
        text = text.replace(character, "")
    raw = encode(text, rows) if not refused_in(text, rows) else b""
    assert raw.count(b"?") == text.count("?") or not raw
    assert all(byte >= 0x20 for byte in raw)
