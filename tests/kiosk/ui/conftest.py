"""Every sample screen, laid out once per language and panel."""

from functools import cache

import pytest

from kiosk.ui.draw import Painter
from kiosk.ui.fonts import Fonts
from kiosk.ui.gallery import PANELS, scenes
from kiosk.ui.layout import lay_out

CASES = [(panel, language) for panel in PANELS for language in ("ja", "en")]


@cache
def _fonts():
    return Fonts()


@cache
def _samples(panel, language):
    return dict(scenes(PANELS[panel], language, _fonts()))


@cache
def _layouts(panel, language):
    samples = _samples(panel, language)
    return {name: lay_out(scene) for name, scene in samples.items()}


@pytest.fixture(scope="session")
def fonts():
    return _fonts()


@pytest.fixture(scope="session")
def painter(fonts):
    return Painter(fonts)


@pytest.fixture(params=CASES, ids=lambda case: "-".join(case))
def case(request):
    return request.param


@pytest.fixture
def panel(case):
    return PANELS[case[0]]


@pytest.fixture
def samples(case):
    """Name of a sample to its scene."""
    return _samples(*case)


@pytest.fixture
def layouts(case):
    """Name of a sample to its layout."""
    return _layouts(*case)
