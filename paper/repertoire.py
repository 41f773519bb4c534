"""The typographer's marks a receipt printer lacks, in the marks it has.

Texts on screen use `–` and `·`; code page 932 has neither. Letters and kanji are never
touched: a character no printer has must fail when somebody saves it (`drivers.text`),
and a question mark in its place is no answer.
"""

from typing import Final

_TWINS: Final = str.maketrans(
    {
        "\N{EN DASH}": "-",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{EM DASH}": "\N{HORIZONTAL BAR}",
        "\N{MIDDLE DOT}": "\N{HALFWIDTH KATAKANA MIDDLE DOT}",
        "\N{BULLET}": "\N{HALFWIDTH KATAKANA MIDDLE DOT}",
        # The font has curly quotes, but full-width: they tear an English word apart.
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    }
)


def printable(text: str) -> str:
    """The text as a printer can set it; it reads the same."""
    return text.translate(_TWINS)
