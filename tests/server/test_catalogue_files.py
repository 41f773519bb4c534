"""The city's files: what ships is whole, and every slip of the pen is one sentence."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from protocol.catalogue import Catalogue
from protocol.day import opening
from protocol.label import label
from server.catalogue_files import BadCatalogue, load
from server.catalogue_tables import (
    CityFile,
    CounterTable,
    GroupTable,
    HoursTable,
    OfficeFile,
    ProcedureTable,
    SeriesTable,
    Table,
)

CITY = Path(__file__).parents[2] / "config" / "city"
WARDS = {"chuo", "hanamigawa", "inage", "wakaba", "midori", "mihama"}

Edit = Callable[[str, str, str], None]


def offices(
    directory: Path = CITY, *, always_open: bool = False
) -> dict[str, Catalogue]:
    return load(directory, public_url="http://127.0.0.1:8080", always_open=always_open)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CITY, tmp_path / "city"))


@pytest.fixture
def edit(city: Path) -> Edit:
    """Replace the first `old` of a file, which must be there, by `new`."""

    def change(file: str, old: str, new: str) -> None:
        path = city / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def sentence(city: Path) -> str:
    with pytest.raises(BadCatalogue) as caught:
        offices(city)
    told = str(caught.value)
    assert "\n" not in told
    return told.replace(str(city) + "/", "")


def test_the_shipped_city_has_its_six_ward_offices() -> None:
    assert offices().keys() == WARDS
    assert offices()["chuo"].name == {"ja": "中央区役所", "en": "Chuo Ward Office"}


def test_no_office_has_more_than_six_buttons_and_the_last_is_for_the_unsure() -> None:
    for catalogue in offices().values():
        buttons = catalogue.buttons()
        assert len(buttons) == 6
        assert buttons[-1].id == "consult"


def test_the_card_button_leads_to_pickup_renewal_and_application() -> None:
    choices = offices()["chuo"].choices("mynumber")
    assert [choice.id for choice in choices] == [
        "mynumber_pickup",
        "mynumber_renewal",
        "mynumber_apply",
    ]


def test_preapplied_visitors_share_group_and_counters_with_moving() -> None:
    for catalogue in offices().values():
        fast, ordinary = (
            catalogue.procedure("preapplied"),
            catalogue.procedure("moving"),
        )
        assert fast.preapplied
        assert fast.group == ordinary.group
        assert fast.series != ordinary.series
        for counter in catalogue.counters:
            assert ("preapplied" in counter.procedures) == (
                "moving" in counter.procedures
            )


def test_every_procedure_is_served_at_some_counter() -> None:
    for catalogue in offices().values():
        served = {p for counter in catalogue.counters for p in counter.procedures}
        assert served == {p.id for p in catalogue.issuable()}


def test_every_text_stands_there_in_both_languages() -> None:
    for catalogue in offices().values():
        for procedure in catalogue.procedures:
            assert procedure.name.keys() == procedure.example.keys() == {"ja", "en"}
        for procedure in catalogue.issuable():
            assert procedure.where.keys() == {"ja", "en"}


def test_numbers_have_a_letter_in_one_ward_and_none_in_another() -> None:
    found = offices()
    assert label(found["chuo"].series_of("certificates"), 45) == "A045"
    assert label(found["midori"].series_of("moving"), 1045) == "1045"


def test_the_office_is_open_from_nine_to_five_and_closed_on_holidays() -> None:
    chuo = offices()["chuo"]

    def state(*utc: int) -> str:
        return opening(chuo.hours, datetime(*utc, tzinfo=UTC), chuo.timezone).state  # type: ignore[arg-type, misc]

    assert state(2026, 4, 1, 0, 0) == "open"
    assert state(2026, 3, 31, 23, 59) == "before"
    assert state(2026, 4, 1, 8, 0) == "after"
    assert state(2026, 4, 29, 3, 0) == "closed_today"
    assert state(2026, 4, 4, 3, 0) == "closed_today"


def test_in_the_demo_every_office_is_open_at_any_hour_of_any_day() -> None:
    for catalogue in offices(always_open=True).values():
        for hour in range(24):
            holiday = datetime(2026, 5, 3, hour, 30, tzinfo=UTC)
            assert opening(catalogue.hours, holiday, catalogue.timezone).state == "open"


def test_own_hours_of_a_procedure_do_not_close_it_in_the_demo(
    city: Path, edit: Edit
) -> None:
    own = 'hours = { weekdays = [1], opens = "09:00", closes = "12:00" }\n'
    edit(
        "offices/chuo.toml", "[overrides.insurance]\n", "[overrides.insurance]\n" + own
    )
    hours = offices(city)["chuo"].procedure("insurance").hours
    assert hours is not None
    assert (hours.weekdays, hours.closes) == ((1,), "12:00")
    assert offices(city, always_open=True)["chuo"].procedure("insurance").hours is None


def test_the_version_follows_the_content(city: Path, edit: Edit) -> None:
    before = offices(city)
    assert before == offices(city)
    edit("offices/inage.toml", 'phone = "00', 'phone = "01')
    after = offices(city)
    changed = {id for id in WARDS if before[id].version != after[id].version}
    assert changed == {"inage"}


def test_an_office_may_leave_out_a_procedure_and_word_another_its_own_way(
    city: Path, edit: Edit
) -> None:
    edit("offices/mihama.toml", 'phone = "', 'without = ["mynumber_apply"]\nphone = "')
    path = city / "offices" / "mihama.toml"
    text = path.read_text("utf-8").replace(', "mynumber_apply"]', "]")
    start = text.index("[overrides.mynumber_apply]")
    end = text.index("[overrides.insurance]")
    path.write_text(text[:start] + text[end:], "utf-8")
    mihama = offices(city)["mihama"]
    assert [c.id for c in mihama.choices("mynumber")] == [
        "mynumber_pickup",
        "mynumber_renewal",
    ]
    where = mihama.procedure("consult").where["ja"]
    assert where == "7番窓口の前でお待ちください"


def test_an_office_may_have_its_own_languages_hours_and_further_holidays(
    city: Path, edit: Edit
) -> None:
    own = """languages = ["en", "ja"]
holidays = [2026-06-15]
hours = { weekdays = [5, 6], opens = "10:00", closes = "15:00" }
phone = "00"""
    edit("offices/inage.toml", 'phone = "00', own)
    found = offices(city)
    inage, chuo = found["inage"], found["chuo"]
    assert inage.languages == ("en", "ja")
    assert (inage.hours.weekdays, inage.hours.opens) == ((5, 6), "10:00")
    added = set(inage.hours.closed_on) - set(chuo.hours.closed_on)
    assert added == {date(2026, 6, 15)}
    assert set(chuo.hours.closed_on) < set(inage.hours.closed_on)


def test_a_japanese_text_may_hold_a_wide_space_but_no_line_break(
    city: Path, edit: Edit
) -> None:
    edit("procedures.toml", "交付通知書が届いた方", "通知書が\u3000届いた方")
    assert "\u3000" in offices(city)["chuo"].procedure("mynumber_pickup").example["ja"]
    edit("procedures.toml", "通知書が\u3000届いた方", "通知書が\\n届いた方")
    assert sentence(city) == (
        "procedures.toml: procedures.mynumber_pickup.example.ja: the printer has no"
        " '\\n' (U+000A); write it another way"
    )


def test_more_than_six_choices_below_a_button_are_refused(
    city: Path, edit: Edit
) -> None:
    more = "".join(
        f"""[procedures.more_{n}]
name = {{ ja = "その他{n}", en = "More {n}" }}
pictogram = "card"
series = "mynumber"
group = "mynumber"
parent = "mynumber"

"""
        for n in range(4)
    )
    edit("procedures.toml", "[procedures.insurance]", more + "[procedures.insurance]")
    assert sentence(city) == (
        "offices/chuo.toml: without: more than 6 choices stand below mynumber; leave"
        " some out"
    )


@pytest.mark.parametrize(
    ("file", "tables"),
    [
        ("city.toml", [CityFile, HoursTable]),
        ("procedures.toml", [ProcedureTable]),
        ("offices/chuo.toml", [OfficeFile, GroupTable, CounterTable, SeriesTable]),
    ],
)
def test_every_key_is_explained_in_the_shipped_files(
    file: str, tables: list[type[Table]]
) -> None:
    lines = (CITY / file).read_text("utf-8").splitlines()
    comments = " ".join(line for line in lines if line.startswith("#"))
    for key in {key for table in tables for key in table.model_fields}:
        assert re.search(rf"\b{key}\b", comments, re.IGNORECASE), key


FAULTS = {
    "an unknown key": (
        "offices/chuo.toml",
        "cap_minutes = 45",
        "cap_minuts = 45",
        "offices/chuo.toml: groups.certificates.cap_minuts: this key is unknown",
    ),
    "a missing key": (
        "offices/chuo.toml",
        "first = 1\n",
        "",
        "offices/chuo.toml: series.certificates.first: this key is missing",
    ),
    "a wrong type": (
        "procedures.toml",
        "expected_minutes = 17",
        'expected_minutes = "17"',
        "procedures.toml: procedures.moving.expected_minutes: input should be a valid"
        " number, not '17'",
    ),
    "two procedures of one name": (
        "procedures.toml",
        'ja = "国民健康保険・年金"',
        'ja = "証明書"',
        "procedures.toml: procedures.insurance.name.ja: '証明書' is already the name of"
        " certificates",
    ),
    "two procedures of one id": (
        "procedures.toml",
        "[procedures.moving]",
        "[procedures.certificates]",
        "procedures.toml: not TOML: Cannot declare ('procedures', 'certificates') twice"
        " (at line 31, column 25)",
    ),
    "overlapping series": (
        "offices/midori.toml",
        "last = 1999",
        "last = 2001",
        "offices/midori.toml: the numbers of series moving and mynumber overlap",
    ),
    "a series backwards": (
        "offices/midori.toml",
        "last = 1999",
        "last = 1000",
        "offices/midori.toml: series moving: first 1001 is after last 1000",
    ),
    "a character the printer has not": (
        "procedures.toml",
        "住民票・戸籍・印鑑証明",
        "住民票・①髙𠮷",
        "procedures.toml: procedures.certificates.example.ja: the printer has no '𠮷'"
        " (U+20BB7); write it another way",
    ),
    "an unknown pictogram": (
        "procedures.toml",
        'pictogram = "moving"',
        'pictogram = "truck"',
        "procedures.toml: procedures.moving.pictogram: there is no pictogram 'truck' in"
        " assets/pictograms",
    ),
    "broken TOML": (
        "city.toml",
        'opens = "09:00"',
        "opens = 09:00",
        "city.toml: not TOML: Expected newline or end of document after a statement"
        " (at line 33, column 10)",
    ),
    "an hour that is none": (
        "city.toml",
        'opens = "09:00"',
        'opens = "18:00"',
        "city.toml: hours: opens 18:00 must be before closes 17:00",
    ),
    "a time zone that is none": (
        "city.toml",
        "Asia/Tokyo",
        "Asia/Edo",
        "city.toml: timezone: there is no time zone 'Asia/Edo'",
    ),
    "a series nobody defined": (
        "offices/chuo.toml",
        "[series.consult]",
        "[series.questions]",
        "offices/chuo.toml: procedure consult: series consult is not defined",
    ),
    "a group nobody defined": (
        "offices/chuo.toml",
        "[groups.resident]",
        "[groups.residents]",
        "offices/chuo.toml: procedure moving: group resident is not defined",
    ),
    "a counter for a button without tickets": (
        "offices/chuo.toml",
        'procedures = ["certificates"]',
        'procedures = ["mynumber"]',
        "offices/chuo.toml: counter chuo_1 serves mynumber, which issues no tickets",
    ),
    "one counter in two offices": (
        "offices/inage.toml",
        'id = "inage_1"',
        'id = "chuo_1"',
        "offices/inage.toml: counters: the id 'chuo_1' is already one of chuo",
    ),
    "a change to a procedure there is not": (
        "offices/chuo.toml",
        "[overrides.consult]",
        "[overrides.questions]",
        "offices/chuo.toml: overrides.questions: no such procedure",
    ),
    "a name missing in one language": (
        "procedures.toml",
        '{ ja = "証明書", en = "Certificates" }',
        '{ ja = "証明書" }',
        "offices/chuo.toml: procedure certificates has no name in en",
    ),
    "an office without its name in one language": (
        "offices/chuo.toml",
        ', en = "Chuo Ward Office"',
        "",
        "offices/chuo.toml: name.en: this key is missing",
    ),
    "a seventh button": (
        "procedures.toml",
        'parent = "mynumber"\n',
        "",
        "offices/chuo.toml: without: 7 buttons would stand on the home screen, at most"
        " 6 fit; leave some out or put them below a parent",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_sentence_with_file_and_key(
    fault: str, city: Path, edit: Edit
) -> None:
    file, old, new, told = FAULTS[fault]
    edit(file, old, new)
    assert sentence(city) == told


def test_a_city_without_its_files_says_which_is_missing(city: Path) -> None:
    (city / "procedures.toml").unlink()
    assert sentence(city) == "procedures.toml: the file is missing"


def test_a_city_without_offices_says_where_they_belong(city: Path) -> None:
    shutil.rmtree(city / "offices")
    assert sentence(city) == "offices: there is no office file ID.toml"


def test_a_file_in_another_encoding_is_refused(city: Path) -> None:
    path = city / "offices" / "chuo.toml"
    path.write_bytes(path.read_text("utf-8").encode("cp932"))
    assert sentence(city) == "offices/chuo.toml: the file is not UTF-8 text"
