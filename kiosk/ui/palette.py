"""The colours, and which may be written on which.

Deep blue on white and grey, in the spirit of the Japanese Digital Agency's design
system; orange-brown is kept for the fast lane, always with a symbol and a text. Every
pair that carries text reaches a contrast of 7:1.
"""

from typing import Final

Colour = tuple[int, int, int] | tuple[int, int, int, int]
"""Red, green, blue, and perhaps opacity; 0 to 255."""

WHITE: Final[Colour] = (255, 255, 255)
INK: Final[Colour] = (26, 26, 28)
GREY: Final[Colour] = (71, 71, 77)
LINE: Final[Colour] = (116, 122, 138)
HAIRLINE: Final[Colour] = (212, 217, 228)
MIST: Final[Colour] = (241, 244, 250)
PALE: Final[Colour] = (229, 232, 239)
BLUE: Final[Colour] = (0, 23, 193)
NIGHT: Final[Colour] = (0, 14, 122)
SKY: Final[Colour] = (227, 236, 254)
SKY_DEEP: Final[Colour] = (199, 216, 251)
EMBER: Final[Colour] = (122, 44, 0)
CREAM: Final[Colour] = (255, 243, 232)
CREAM_DEEP: Final[Colour] = (255, 223, 196)
AMBER: Final[Colour] = (199, 71, 0)
LEAF: Final[Colour] = (10, 76, 48)
LEAF_PALE: Final[Colour] = (226, 243, 233)
SCRIM: Final[Colour] = (16, 20, 44, 168)

TEXT_PAIRS: Final[tuple[tuple[Colour, Colour], ...]] = (
    (INK, WHITE),
    (INK, MIST),
    (INK, SKY),
    (INK, SKY_DEEP),
    (INK, PALE),
    (INK, CREAM),
    (INK, CREAM_DEEP),
    (GREY, WHITE),
    (GREY, MIST),
    (GREY, PALE),
    (NIGHT, WHITE),
    (NIGHT, MIST),
    (NIGHT, SKY),
    (NIGHT, SKY_DEEP),
    (NIGHT, PALE),
    (WHITE, BLUE),
    (WHITE, NIGHT),
    (SKY, NIGHT),
    (WHITE, EMBER),
    (EMBER, WHITE),
    (EMBER, MIST),
    (EMBER, CREAM),
    (EMBER, CREAM_DEEP),
    (LEAF, WHITE),
    (LEAF, MIST),
    (LEAF, LEAF_PALE),
)
"""(text, ground): nothing is written in any other pair."""

EDGE_PAIRS: Final[tuple[tuple[Colour, Colour], ...]] = (
    (BLUE, MIST),
    (AMBER, MIST),
    (LINE, MIST),
    (LINE, WHITE),
    (NIGHT, MIST),
)
"""(edge of something to press, ground around it): at least 3:1."""


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    def linear(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = colour[:3]
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
