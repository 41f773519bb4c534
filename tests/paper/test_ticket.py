"""What a ticket says, in which size, and what it leaves out."""

from dataclasses import replace

import pytest

from language.words import load
from paper.lines import NARROW, WIDE, Feed, Line, Qr, Text
from paper.ticket import TicketFacts, compose

DOTS_PER_MM = 203 / 25.4


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line.text for line in lines if isinstance(line, Text)]


def the(text: str, lines: tuple[Line, ...]) -> Text:
    (found,) = (ln for ln in lines if isinstance(ln, Text) and text in ln.text)
    return found


def test_a_japanese_ticket_says_everything_in_its_order(facts, ja) -> None:
    assert texts(compose(facts, ja, ja)) == [
        "中央区役所　発券機1  2026/4/1 9:05:07",
        "整理券",
        "A045",
        "証明書（住民票・戸籍）",
        "待ち 5人・10〜20分",
        "2階 証明書窓口の",
        "前でお待ちください",
        "番号は順番が前後することがあります",
        "お呼びしたとき不在の方は窓口へ",
        "スマホで順番がわかります",
        "電話 043-221-2109  machi.city.example.jp",
    ]


def test_another_language_has_the_essentials_in_japanese_too(facts, ja, en) -> None:
    said = texts(compose(facts, en, ja))
    assert said[:7] == [
        "Chuo Ward Office #1  2026/4/1 9:05:07",
        "Ticket 整理券",
        "A045",
        "Certificates",
        "5 waiting ･ 10-20 min",
        "Please wait in",
        "hall\N{NO-BREAK SPACE}A, 2nd\N{NO-BREAK SPACE}floor",
    ]
    assert said[7:9] == [
        "証明書（住民票・戸籍）  待ち 5人・10〜20分",
        "2階 証明書窓口の前でお待ちください",
    ]


def number(lines: tuple[Line, ...]) -> Text:
    """The largest line there is."""
    found = [line for line in lines if isinstance(line, Text)]
    return max(found, key=lambda line: line.height)


@pytest.mark.parametrize("label", ["1", "312", "A045", "A9999"])
@pytest.mark.parametrize("room", [WIDE, NARROW])
def test_the_number_dominates_and_fits_the_roll(facts, ja, label, room) -> None:
    lines = compose(replace(facts, label=label), ja, ja, room=room)
    shown = number(lines)
    assert shown.text == label
    assert shown.columns <= room
    assert shown.width >= 6
    others = [ln for ln in lines if isinstance(ln, Text) and ln != shown]
    assert max(line.height for line in others) * 4 <= shown.height


@pytest.mark.parametrize("digit_dots", [15, 17, 20])
def test_a_digit_of_any_printers_font_is_15_mm_high(facts, ja, digit_dots) -> None:
    shown = number(compose(facts, ja, ja))
    assert digit_dots * shown.height / DOTS_PER_MM >= 15


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("room", [WIDE, NARROW])
@pytest.mark.parametrize("marked", [False, True])
def test_no_line_is_wider_than_the_roll(facts, ja, language, room, marked) -> None:
    long = replace(
        facts,
        office={"ja": "千葉市花見川区役所市民総合窓口課証明発行コーナー"},
        procedure={"ja": "国民健康保険・後期高齢者医療・国民年金の届出と相談"},
        where={"ja": "1階 区民ホール奥の青い椅子（4番から7番窓口の前）"},
        ahead=123,
        low=90,
        high=110,
        preapplied=marked,
        reprint=marked,
    )
    lines = compose(long, load(language), ja, room=room)
    assert max(ln.columns for ln in lines if isinstance(ln, Text)) <= room


def test_a_preapplied_ticket_is_marked_white_on_black(facts, ja, en) -> None:
    for words in (ja, en):
        mark = the("事前申請", compose(replace(facts, preapplied=True), words, ja))
        assert mark.inverse
        assert mark.height == 2


def test_a_reprint_is_marked_and_a_first_print_is_not(facts, ja, en) -> None:
    for words in (ja, en):
        assert the("再発行", compose(replace(facts, reprint=True), words, ja)).inverse
        first = compose(facts, words, ja)
        assert "再発行" not in "".join(texts(first))
        assert not any(ln.inverse for ln in first if isinstance(ln, Text))


def test_a_marked_ticket_is_no_longer_than_any_other(facts, ja, en) -> None:
    for words in (ja, en):
        marked = compose(replace(facts, preapplied=True, reprint=True), words, ja)
        assert len(marked) == len(compose(facts, words, ja))


def test_an_untrusted_time_is_not_printed(facts, ja) -> None:
    said = texts(compose(replace(facts, issued_at=None), ja, ja))
    assert said[0] == "中央区役所　発券機1"
    assert not [text for text in said if "2026" in text]


def test_without_figures_the_ticket_says_so_and_makes_up_no_zero(facts, ja, en) -> None:
    alone = replace(facts, ahead=None, low=None, high=None)
    said = texts(compose(alone, ja, ja))
    assert "待ち時間 不明" in said
    assert not [text for text in said if "人" in text or "分" in text]
    assert "Wait unknown" in texts(compose(alone, en, ja))


def test_without_a_place_the_visitor_waits_for_the_call(facts, ja) -> None:
    lines = compose(replace(facts, where={}), ja, ja)
    assert "お呼びするまで" in "".join(texts(lines))


def test_what_the_office_does_not_have_is_left_out(facts, ja) -> None:
    lines = compose(replace(facts, phone="", short_url=""), ja, ja)
    assert texts(lines)[-1] == "スマホで順番がわかります"


def test_the_code_is_the_ticket_page_with_quiet_paper_around_it(facts, ja) -> None:
    lines = compose(facts, ja, ja)
    (code,) = (line for line in lines if isinstance(line, Qr))
    at = lines.index(code)
    assert code == Qr(facts.url, module=5, level="M")
    assert isinstance(lines[at - 1], Feed)
    assert isinstance(lines[at + 1], Feed)


def test_a_no_break_space_holds_a_name_together(facts, ja, en) -> None:
    said = texts(compose(facts, en, ja))
    assert "hall\N{NO-BREAK SPACE}A, 2nd\N{NO-BREAK SPACE}floor" in said


def test_a_long_procedure_is_set_narrower_not_cut_in_two(facts, ja, en) -> None:
    long = replace(
        facts, procedure={"ja": "引っこし", "en": "Moving, change of address"}
    )
    shown = the("Moving", compose(long, en, ja))
    assert (shown.text, shown.width) == ("Moving, change of address", 1)
    assert the("引っこし", compose(long, ja, ja)).width == 2


def test_a_long_way_to_the_seats_is_set_narrower_rather_than_on_three_lines(
    facts, ja
) -> None:
    where = {"ja": "マイナンバーカード交付窓口と電子証明書窓口の前でお待ちください"}
    lines = compose(replace(facts, where=where), ja, ja)
    places = lines[lines.index(the("待ち 5人", lines)) + 1 : -8]
    assert "".join(texts(places)) == where["ja"]
    assert len(places) == 2


def test_names_in_typographers_dress_are_printable(facts, en, ja) -> None:
    named = replace(facts, procedure={"en": "Moving – in & out", "ja": "転入"})
    assert "Moving - in & out" in texts(compose(named, en, ja))


def test_a_name_the_language_lacks_is_said_in_japanese(facts, en, ja) -> None:
    named: TicketFacts = replace(facts, procedure={"ja": "戸籍"})
    assert "戸籍" in texts(compose(named, en, ja))
