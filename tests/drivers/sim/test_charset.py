"""Text: Shift_JIS as Japanese printers have it, and the other codings."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.sim.charset import KATAKANA, MISSING, Codes, read

SJIS = Codes(page=KATAKANA, country=8, system=1)


def text(data: bytes, codes: Codes = SJIS) -> str:
    return "".join(character.text for character in read(data, codes)[0])


def rom() -> list[str]:
    """Every two-byte character of the documented rows 81–9F and E0–EF."""
    found = []
    for lead in [*range(0x81, 0xA0), *range(0xE0, 0xF0)]:
        for trail in [*range(0x40, 0x7F), *range(0x80, 0xFD)]:
            try:
                found.append(bytes([lead, trail]).decode("cp932"))
            except UnicodeDecodeError:
                continue
    return found


@settings(deadline=None)
@given(st.text(st.sampled_from(rom())))
def test_every_character_of_the_rom_is_read_back(words: str) -> None:
    assert text(words.encode("cp932")) == "".join(
        c.encode("cp932").decode("cp932") for c in words
    )


def test_half_width_and_full_width_stand_side_by_side() -> None:
    characters, rest = read("A0ｱｶﾞ千葉①㈱".encode("cp932"), SJIS)
    assert [c.wide for c in characters] == [False] * 5 + [True] * 4
    assert rest == b""


def test_japan_prints_a_yen_sign_for_the_backslash() -> None:
    assert text(b"\\100") == "¥100"
    assert text(b"\\100", replace(SJIS, country=0)) == "\\100"


def test_a_character_cut_in_two_waits_for_its_second_byte() -> None:
    characters, rest = read("千葉".encode("cp932")[:-1], SJIS)
    assert ([c.text for c in characters], rest) == (["千"], b"\x97")


def test_names_are_printed_by_the_codes_the_rom_documents() -> None:
    assert text("髙﨑".encode("cp932")) == "髙﨑"  # EEE0 ED95
    ibm = bytes.fromhex("fbfcfab1")
    assert "髙" not in text(ibm)
    assert text(ibm, replace(SJIS, last_lead=0xFC)) == "髙﨑"


def test_a_code_without_a_character_prints_a_geta() -> None:
    assert text(b"\x85\x9f") == MISSING


def test_jis_needs_kanji_mode() -> None:
    jis = Codes(system=0, kanji_mode=True)
    code = "千葉".encode("iso2022_jp")[3:-3]
    assert text(code, jis) == "千葉"
    assert text(code, replace(jis, kanji_mode=False)) == code.decode("ascii")


@pytest.mark.parametrize(
    ("page", "byte", "char"),
    [(0, 0x82, "é"), (16, 0xE9, "é"), (17, 0x80, "А"), (1, 0xB1, "ｱ"), (1, 0x95, "─")],
)
def test_code_pages(page: int, byte: int, char: str) -> None:
    assert text(bytes([byte]), Codes(page=page)) == char


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=0x21, exclude_categories=["Cs"])), st.data())
def test_utf8_may_be_cut_anywhere(words: str, data: st.DataObject) -> None:
    whole = words.encode()
    cut = data.draw(st.integers(0, len(whole)))
    utf8 = Codes(utf8=True)
    first, rest = read(whole[:cut], utf8)
    second, left = read(rest + whole[cut:], utf8)
    assert "".join(c.text for c in [*first, *second]) == words
    assert left == b""
