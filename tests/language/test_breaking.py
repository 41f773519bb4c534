"""Lines end where a reader breathes, and never where kinsoku forbids it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.breaking import (
    NEVER_FIRST,
    NEVER_LAST,
    balanced_lines,
    break_lines,
    may_break,
    phrases,
)
from paper.lines import columns

JAPANESE = st.text(
    st.sampled_from(
        "番号の順が前後することあります、。「」（）ーっょキャッシュ12A/ 〜"
    ),
    max_size=60,
)


def broken(text: str, width: float, language: str = "ja") -> tuple[str, ...]:
    return break_lines(text, language, columns, width)


def test_japanese_is_broken_between_phrases() -> None:
    assert broken("番号は順番が前後することがあります", 24) == (
        "番号は順番が前後する",
        "ことがあります",
    )


def test_what_fits_stays_on_one_line() -> None:
    assert broken("お待ちください", 14) == ("お待ちください",)
    assert len(broken("お待ちください", 13)) == 2


@pytest.mark.parametrize("width", range(6, 40))
def test_no_line_starts_or_ends_with_a_forbidden_mark(width: int) -> None:
    text = (
        "「ご案内（3番窓口）」へ。"
        "キャッシュレスの方は、カードを「タッチ」してください。"
    )
    lines = broken(text, width)
    assert "".join(lines) == text
    assert not [line for line in lines[1:] if line[0] in NEVER_FIRST]
    assert not [line for line in lines[:-1] if line[-1] in NEVER_LAST]


@pytest.mark.parametrize("width", [6, 7, 8, 12])
def test_a_number_or_latin_word_stays_whole(width: int) -> None:
    for part in ("1200", "LINE", "9:05"):
        lines = broken(f"順番は{part}です。{part}番です", width)
        assert sum(line.count(part) for line in lines) == 2


def test_a_phrase_wider_than_the_line_is_broken_by_character() -> None:
    assert broken("国民健康保険資格喪失証明書", 12) == (
        "国民健康保険",
        "資格喪失証明",
        "書",
    )


def test_an_address_wider_than_the_line_is_broken_too() -> None:
    assert broken("chuo.example.jp/o", 8, "en") == ("chuo.exa", "mple.jp/", "o")


def test_other_languages_are_broken_between_words() -> None:
    text = "Numbers may be called out of order."
    assert broken(text, 16, "en") == ("Numbers may be", "called out of", "order.")


def test_a_no_break_space_holds_words_together() -> None:
    assert broken("wait 10\N{NO-BREAK SPACE}min", 9, "en") == ("wait", "10\xa0min")


def test_an_explicit_line_break_is_kept() -> None:
    assert broken("一行目\n\n三行目", 20) == ("一行目", "", "三行目")


def test_nothing_is_one_empty_line() -> None:
    assert broken("", 20) == ("",)
    assert broken("", 20, "en") == ("",)


def test_a_title_is_broken_evenly() -> None:
    title = "Moving in, moving out and a change of address"
    assert broken(title, 40, "en") == (
        "Moving in, moving out and a change of",
        "address",
    )
    assert balanced_lines(title, "en", columns, 40) == (
        "Moving in, moving out",
        "and a change of address",
    )


@settings(max_examples=150, deadline=None)
@given(JAPANESE, st.integers(4, 30), st.sampled_from(["ja", "en"]))
def test_even_lines_are_as_few_and_as_whole_as_others(text, width, language) -> None:
    even = balanced_lines(text, language, columns, width)
    assert len(even) == len(broken(text, width, language))
    assert "".join(even).replace(" ", "") == text.replace(" ", "")
    assert all(columns(line) <= width for line in even)


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_phrases_put_together_are_the_text_again(language: str) -> None:
    text = "A tax  notice、税金の お知らせ。"
    assert "".join(phrases(text, language)) == text


@settings(max_examples=150, deadline=None)
@given(JAPANESE, st.integers(2, 30), st.sampled_from(["ja", "en"]))
def test_no_character_is_lost_and_no_line_too_wide(text, width, language) -> None:
    lines = broken(text, width, language)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns(line) <= width for line in lines)


@settings(max_examples=150, deadline=None)
@given(JAPANESE.map(lambda text: text.replace(" ", "")), st.integers(2, 30))
def test_a_forbidden_break_is_made_only_where_no_other_fits(text, width) -> None:
    for line, following in pairwise(broken(text, width)):
        if may_break(line, following):
            continue
        whole = line + following
        allowed = [
            at for at in range(1, len(line)) if may_break(whole[:at], whole[at:])
        ]
        assert not allowed
