"""In which language a page answers."""

import pytest

from server.pages.preference import by_preference, choose

HAVE = ("ja", "en")


@pytest.mark.parametrize(
    ("asked", "remembered", "own", "accepted", "answer"),
    [
        ("en", "ja", None, "ja", "en"),
        (None, "en", None, "ja", "en"),
        (None, None, "en", "ja", "en"),
        (None, None, None, "en-GB,ja;q=0.5", "en"),
        (None, None, None, "fr,de", "ja"),
        (None, None, None, "", "ja"),
        ("xx", "yy", "zz", "en", "en"),
    ],
)
def test_what_was_asked_for_goes_before_what_the_browser_likes(
    asked, remembered, own, accepted, answer
):
    chosen = choose(
        HAVE, asked=asked, remembered=remembered, own=own, accepted=accepted
    )
    assert chosen == answer


def test_a_browsers_languages_are_read_best_first():
    assert by_preference("ja;q=0.5, en-GB, vi;q=0") == ["en-GB", "en", "ja"]


@pytest.mark.parametrize("nonsense", [";q=1", "en;q=much", ",,,", "en;q=-1"])
def test_a_header_that_cannot_be_read_wishes_nothing(nonsense):
    assert choose(HAVE, asked=None, remembered=None, accepted=nonsense) == "ja"
