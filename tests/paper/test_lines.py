"""Lines are values that know their width and refuse what no printer can do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper.lines import Feed, Qr, Text, columns, wrap
from paper.repertoire import printable


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("", 0),
        ("A045", 4),
        ("整理券", 6),
        ("ｾｲﾘｹﾝ･", 6),
        ("①℃×→", 8),
        ("髙﨑", 4),
        ("é", 1),
        ("¥500", 4),
        ("𠮷", 2),
        ("か\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}", 2),
    ],
)
def test_a_kanji_takes_two_columns_and_a_letter_one(text: str, wide: int) -> None:
    assert columns(text) == wide


def test_a_line_counts_its_columns_at_its_width() -> None:
    assert Text("整理券", width=2).columns == 12


@settings(deadline=None)
@given(st.text(st.sampled_from("整理券、。（）①㈱髙﨑〜～‖−¢£¬×→｡ｶﾞAz09 -/~\\")))
def test_columns_are_the_bytes_a_printer_gets(text: str) -> None:
    assert columns(text) == len(text.encode("cp932"))


def test_a_long_line_is_wrapped_in_its_own_style() -> None:
    line = Text("番号は順番が前後することがあります", width=2, height=2, inverse=True)
    wrapped = wrap(line, "ja", 48)
    assert [part.text for part in wrapped] == ["番号は順番が前後する", "ことがあります"]
    assert {(part.width, part.height, part.inverse) for part in wrapped} == {
        (2, 2, True)
    }


@pytest.mark.parametrize("size", [{"width": 0}, {"height": 9}, {"width": -1}])
def test_a_size_no_printer_has_is_refused(size: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="not within 1 to 8"):
        Text("A", **size)


@pytest.mark.parametrize("text", ["a\nb", "a\x1b@", "\x10\x04\x01", "a\x85b"])
def test_a_text_cannot_carry_commands(text: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        Text(text)


@pytest.mark.parametrize("data", ["", "整理券", "A\n", "A\x10\x04"])
def test_a_qr_holds_plain_ascii(data: str) -> None:
    with pytest.raises(ValueError, match="plain ASCII"):
        Qr(data)


def test_a_qr_module_and_a_feed_have_bounds() -> None:
    with pytest.raises(ValueError, match="not within 4 to 8"):
        Qr("A", module=3)  # type: ignore[arg-type]  # the type says so too
    for lines in (0, 256):
        with pytest.raises(ValueError, match="not within 1 to 255"):
            Feed(lines)


def test_typographers_marks_become_what_a_printer_has() -> None:
    assert printable("10–20 min · it’s") == "10-20 min ･ it's"
    assert printable("—") == "―"


def test_letters_and_kanji_are_left_alone() -> None:
    for name in ("葛\N{VARIATION SELECTOR-17}城", "髙﨑", "Phường", "¥500", "〜"):
        assert printable(name) == name
