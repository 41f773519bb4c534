"""How python-escpos would print a Japanese ticket: drawn as a picture, or as text.

A program of its own, so that nothing of ours is in its way; prints one line of JSON.
The picture is drawn with Pillow and qrcode at a ticket's size and encoded by `image()`.
`text()` sends Japanese as GB18030, which a Japanese printer prints as something else:
its figure is one of speed and size alone.
"""

import json
from collections.abc import Callable
from time import perf_counter
from typing import Final

import qrcode
from escpos.printer import Dummy
from PIL import Image, ImageDraw, ImageFont

import assets
from bench.measures.figures import median

TIMES: Final = 20
_SIZE: Final = (576, 900)
_ADDRESS: Final = "HTTPS://MACHI.CITY.EXAMPLE.JP/T/0123456789ABCDEFGHJKMNPQ"
_LINES: Final = (
    (24, "中央区役所　発券機1  2026/04/01 09:05:07"),
    (48, "整理券"),
    (160, "A045"),
    (48, "証明書"),
    (48, "待ち 5人・10〜20分"),
    (40, "証明書窓口の前でお待ちください"),
    (32, "番号の順番が前後することがあります"),
    (32, "お呼びして不在の方は窓口へ"),
    (24, "順番をスマホにお知らせ"),
    (24, "電話 043-221-2109  machi.city.example.jp"),
)


def drawn() -> bytes:
    """A picture of the ticket, as the printer gets it."""
    picture = Image.new("L", _SIZE, 255)
    pen = ImageDraw.Draw(picture)
    below = 0
    for size, text in _LINES:
        font = ImageFont.truetype(assets.find("fonts/BIZUDGothic-Regular.ttf"), size)
        pen.text((_SIZE[0] // 2, below), text, fill=0, font=font, anchor="ma")
        below += size + size // 4
    code = qrcode.QRCode(box_size=5, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(_ADDRESS)
    code.make(fit=True)
    square = code.make_image().get_image()
    picture.paste(square, ((_SIZE[0] - square.size[0]) // 2, below))
    printer = Dummy()
    printer.image(picture)
    printer.cut()
    return bytes(printer.output)


def written() -> bytes:
    """Text and a QR that the printer makes itself."""
    printer = Dummy()
    for _, text in _LINES:
        printer.set(align="center")
        printer.text(text + "\n")
    printer.qr(_ADDRESS, native=True, size=5)
    printer.cut()
    return bytes(printer.output)


def timed(make: Callable[[], bytes]) -> dict[str, float]:
    """Median milliseconds and the bytes, after one that warms up."""
    size = len(make())
    times = []
    for _ in range(TIMES):
        begun = perf_counter()
        make()
        times.append(perf_counter() - begun)
    return {"ms": 1000 * median(times), "bytes": size}


if __name__ == "__main__":
    print(json.dumps({"image": timed(drawn), "text": timed(written)}))
