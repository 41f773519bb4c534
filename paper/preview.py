"""A ticket as plain text, for documentation, tests and a technician's terminal."""

from collections.abc import Iterable

from paper.lines import WIDE, Align, Feed, Line, Qr, Rule, Text, columns


def as_text(lines: Iterable[Line], *, room: int = WIDE) -> str:
    """The lines in a frame of `room` columns, each with its size beside it.

    Text stands where it stands on paper; its letters are spread to the width they have
    there. The data of a QR code stands under it.
    """
    edge = "+" + "-" * room + "+"
    body = [row for line in lines for row in _rows(line, room)]
    return "\n".join([edge, *body, edge]) + "\n"


def _rows(line: Line, room: int) -> list[str]:
    match line:
        case Text():
            return [_framed(_spread(line), line.columns, room, line.align, _size(line))]
        case Qr(data=data, module=module, level=level, align=align):
            size = f"QR, level {level}, module {module} dots"
            code = [_framed("▓" * 10, 10, room, align, size)] + [
                _framed("▓" * 10, 10, room, align) for _ in range(3)
            ]
            return [*code, f"   {data}"]
        case Rule():
            return [_framed("-" * room, room, room)]
        case Feed(lines=lines):
            return [_framed("", 0, room)] * lines


def _spread(line: Text) -> str:
    """Each letter with the empty columns its width gives it."""
    letters = (c + " " * (columns(c) * (line.width - 1)) for c in line.text)
    return "".join(letters)


def _size(line: Text) -> str:
    marks = [f"{line.width}×{line.height}"]
    marks += ["inverse"] if line.inverse else []
    marks += ["bold"] if line.bold else []
    marks += ["underline"] if line.underline else []
    return " ".join(marks)


def _framed(
    text: str, taken: int, room: int, align: Align = "left", note: str = ""
) -> str:
    free = room - taken
    before = {"left": 0, "center": free // 2, "right": free}[align]
    return f"|{' ' * before}{text}{' ' * (free - before)}|  {note}".rstrip()
