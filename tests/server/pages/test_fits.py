"""Every page on a small phone: nothing scrolls sideways, a finger hits every target."""

import pytest

PHONE = {"width": 360, "height": 740}
FINGER, POINTER = 44, 32
"""How high a target is for the public, and beside a mouse, in CSS pixels."""


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_fits_a_small_phone_and_a_finger(context, city, enter, language):
    kiosk = city.kiosk("hanamigawa")
    token = kiosk.issue("certificates").token
    parked = kiosk.issue("preapplied")
    city.staff(f"tickets/{parked.id}/call", {"counter": "hanamigawa_3"})
    city.staff(f"tickets/{parked.id}/absent")
    kiosk.issue("preapplied", outcome="held")
    enter("chief")
    place = {"name": "seiriken_counter", "value": "hanamigawa_3", "path": "/staff"}
    context.add_cookies([{**place, "domain": "127.0.0.1"}])
    page = context.new_page()
    page.set_viewport_size(PHONE)
    for path, height in (
        ("/", FINGER),
        ("/o/hanamigawa", FINGER),
        (f"/t/{token}", FINGER),
        (f"/t/{token}/cancel", FINGER),
        ("/t/none", FINGER),
        ("/login", FINGER),
        ("/staff", POINTER),
        ("/staff?choose=1", FINGER),
        ("/fleet", FINGER),
    ):
        page.goto(f"{city.url}{path}{'&' if '?' in path else '?'}lang={language}")
        wide, low = page.evaluate(
            """(height) => {
                const targets = "a, button, summary, input:not([type=hidden])";
                const low = [...document.querySelectorAll(targets)]
                    .filter((one) => one.offsetParent && !one.closest(".skip"))
                    .filter((one) => one.getBoundingClientRect().height < height - 0.5);
                const page = document.documentElement;
                return [
                    page.scrollWidth - innerWidth,
                    low.map((one) => one.outerHTML.slice(0, 90)),
                ];
            }""",
            height,
        )
        assert wide <= 0, f"{path} is {wide} px too wide"
        assert low == [], path
