"""Only a kiosk of this city can make a token, and anybody can type it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import token
from protocol.token import BadToken

KEY = bytes(range(32))
key_ids = st.integers(0, token.MAX_KEY_ID)
serials = st.integers(0, token.MAX_SERIAL)


def test_a_token_is_what_other_servers_have_to_read():
    """The value of docs/protocol.md: whoever changes it breaks tickets on paper."""
    assert token.make(3, 77, b"k" * 32) == "001G0000016JZE99RGYXV2NZ"


@given(key_ids, serials)
def test_a_token_says_whose_ticket_it_is(key_id, serial):
    made = token.make(key_id, serial, KEY)
    assert len(made) == token.LENGTH
    found = token.read(made)
    assert (found.key_id, found.serial) == (key_id, serial)
    token.verify(found, KEY)


@given(serials, st.integers(0, token.LENGTH - 1), st.sampled_from("0123456789ABCDEF"))
def test_an_altered_token_is_refused(serial, place, letter):
    made = token.make(1, serial, KEY)
    altered = made[:place] + letter + made[place + 1 :]
    if altered != made:
        with pytest.raises(BadToken):
            token.verify(token.read(altered), KEY)


def test_another_kiosks_key_does_not_open_it():
    with pytest.raises(BadToken, match="not made by this city"):
        token.verify(token.read(token.make(1, 1, KEY)), b"x" * 32)


def test_whoever_types_it_may_confuse_letters_and_digits():
    made = token.make(1, 1, KEY)
    typed = made.lower().replace("0", "o").replace("1", "l")
    assert token.read(typed) == token.read(made)


@pytest.mark.parametrize(
    "text", ["", "A" * 23, "A" * 25, "U" * 24, "!" * 24, "あ" * 24]
)
def test_what_is_no_token_is_refused_in_words(text):
    with pytest.raises(BadToken, match="24 letters and digits"):
        token.read(text)


@pytest.mark.parametrize(("key_id", "serial"), [(-1, 0), (65536, 0), (0, 1 << 40)])
def test_what_does_not_fit_is_no_token(key_id, serial):
    with pytest.raises(ValueError, match="does not fit"):
        token.make(key_id, serial, KEY)


def test_the_address_is_upper_case_so_that_the_qr_stays_small():
    url = token.ticket_url("https://queue.example.jp/", token.make(1, 1, KEY))
    assert url.startswith("HTTPS://QUEUE.EXAMPLE.JP/T/")
    alphanumeric = set(string.digits + string.ascii_uppercase + " $%*+-./:")
    assert set(url) <= alphanumeric
