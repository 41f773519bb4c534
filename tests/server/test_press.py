"""The press prints what is marked, and forgets nothing it could not print."""

from datetime import datetime

import pytest

from server.press import Press


class BrokenClock(Exception):
    """This clock gives no time just now."""


def test_what_could_not_be_printed_is_printed_the_next_time(house):
    broken = False

    def now() -> datetime:
        if broken:
            raise BrokenClock
        return house.clock()

    press = Press(house.hall.offices, house.hall.live, house.hall.bell, now, 3600)
    press.print_offices(list(house.hall.offices))
    house.kiosk().print()
    press.mark({"chuo"})
    broken = True
    with pytest.raises(BrokenClock):
        press.catch_up()
    assert press.issue("chuo").views["moving"].waiting == 0
    broken = False
    press.catch_up()
    assert press.issue("chuo").views["moving"].waiting == 1
