"""The server's clock is believed only by an answer that came at once."""

from datetime import timedelta

import pytest
import requests

from kiosk.line import Line


class Answering:
    """A session whose one answer took so long."""

    def __init__(self, took: timedelta) -> None:
        self._took = took

    def request(self, method, address, **how):
        answer = requests.Response()
        answer.status_code = 200
        answer.headers["Date"] = "Tue, 24 Nov 2026 00:00:00 GMT"
        answer.elapsed = self._took
        return answer


@pytest.mark.parametrize(
    ("took", "believed"),
    [(timedelta(milliseconds=20), 1), (timedelta(seconds=25), 0)],
    ids=["at once", "a long poll"],
)
def test_a_long_poll_tells_when_it_began_and_so_does_not_tell_the_time(took, believed):
    told = []
    line = Line(Answering(took), "http://server", "secret", told.append)
    line.get("commands?wait=25")
    assert len(told) == believed
