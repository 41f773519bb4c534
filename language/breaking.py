"""Where a line may end: between phrases in Japanese, between words elsewhere.

Japanese is cut where a reader breathes (BudouX phrases) and by the rules of kinsoku: no
line starts with a closing mark, a small kana or a long-vowel mark, none ends with an
opening bracket, and a number, a date or a Latin word stays whole. Only what is wider
than a line is cut inside, character by character, by the same rules.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Final

import budoux

NEVER_FIRST: Final = frozenset(
    "、。，．・：；？！ー〜～…‥々ゝゞヽヾ゛゜’”）〕］｝〉》」』】〟"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
    "｡｣､･ｧｨｩｪｫｬｭｮｯｰﾞﾟ,.:;?!)]}%％℃"
)
"""No line starts with these (JIS X 4051: closing marks, small kana, repetition)."""

NEVER_LAST: Final = frozenset("‘“（〔［｛〈《「『【〝｢([{¥￥＃#")
"""No line ends with these (JIS X 4051: opening marks and prefixes)."""

_HALVINGS: Final = 6
"""A width is evened to a 64th of itself: no column of a ticket is missed by it."""

Measure = Callable[[str], float]


def break_lines(
    text: str, language: str, measure: Measure, width: float
) -> tuple[str, ...]:
    """The text as lines of at most `width`, in the unit of `measure`.

    An explicit line break is kept, an empty line too. Spaces around a break are
    dropped. A single character wider than `width` stands alone on its line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _filled(phrases(paragraph, language), measure, width) or [""]
    return tuple(lines)


def balanced_lines(
    text: str, language: str, measure: Measure, width: float
) -> tuple[str, ...]:
    """As few lines as `break_lines` makes, and as even: for titles and names.

    There a last line of one short word looks lost. Nothing is cut for the sake of it.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        pieces = phrases(paragraph, language)
        lines += _evened(pieces, measure, width) or [""]
    return tuple(lines)


def phrases(paragraph: str, language: str) -> tuple[str, ...]:
    """The pieces a line keeps whole; together they are the paragraph again."""
    if language.split("-")[0] == "ja":
        pieces = tuple(_japanese().parse(paragraph))
    else:
        pieces = tuple(_words(paragraph))
    return tuple(_joined(pieces))


def may_break(before: str, after: str) -> bool:
    """Whether a line may end with `before` when the next would start with `after`.

    Spaces between the two are no help: they are dropped at the break.
    """
    if after.lstrip()[:1] in NEVER_FIRST or before.rstrip()[-1:] in NEVER_LAST:
        return False
    return not (_inside_a_word(before[-1]) and _inside_a_word(after[0]))


@cache
def _japanese() -> budoux.Parser:
    """The phrase model: half a megabyte of JSON, read at the first Japanese line."""
    return budoux.load_default_japanese_parser()


def _words(paragraph: str) -> Iterator[str]:
    start = 0
    for left, right in pairwise(range(len(paragraph) + 1)):
        at_gap = right < len(paragraph) and paragraph[left] == " " != paragraph[right]
        if at_gap:
            yield paragraph[start:right]
            start = right
    if paragraph:
        yield paragraph[start:]


def _joined(pieces: tuple[str, ...]) -> Iterator[str]:
    """The pieces, with those grown together between which no line may end."""
    whole = ""
    for piece in pieces:
        if whole and may_break(whole, piece):
            yield whole
            whole = piece
        else:
            whole += piece
    if whole:
        yield whole


def _filled(pieces: tuple[str, ...], measure: Measure, width: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        line = piece.lstrip()
        while measure(line.rstrip()) > width and len(line) > 1:
            cut = _cut(line, measure, width)
            lines.append(line[:cut].rstrip())
            line = line[cut:].lstrip()
    if line.strip():
        lines.append(line.strip())
    return lines


def _evened(pieces: tuple[str, ...], measure: Measure, width: float) -> list[str]:
    """The lines of the narrowest width that needs no more of them."""
    best = _filled(pieces, measure, width)
    if len(best) < 2:
        return best
    narrow = min(width, max(measure(piece.strip()) for piece in pieces))
    wide = width
    for _ in range(_HALVINGS):
        between = (narrow + wide) / 2
        lines = _filled(pieces, measure, between)
        if len(lines) > len(best):
            narrow = between
        else:
            best, wide = lines, between
    return best


def _cut(piece: str, measure: Measure, width: float) -> int:
    """Where to cut a piece that is wider than a line: the last good place that fits."""
    fits = 1
    while fits < len(piece) and measure(piece[: fits + 1]) <= width:
        fits += 1
    for cut in range(fits, 0, -1):
        if may_break(piece[:cut], piece[cut:]):
            return cut
    return fits


def _inside_a_word(character: str) -> bool:
    """Numbers, dates, addresses: what is written in ASCII without a space."""
    return character.isascii() and not character.isspace()
