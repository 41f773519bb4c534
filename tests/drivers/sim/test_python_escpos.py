"""An independent client, python-escpos, prints on the virtual printer."""

from io import BytesIO

import pytest
import zxingcpp
from escpos.printer import Network
from PIL import Image

from drivers.sim import render


@pytest.fixture
def client(printer):
    client = Network("127.0.0.1", port=printer.port, timeout=5)
    yield client
    client.close()


def test_it_prints_text_in_its_styles(client, printer) -> None:
    client.set(align="center", double_width=True, double_height=True, bold=True)
    client.text("Ticket A045\n")
    client.set_with_default()
    client.text("Please wait\n")
    client.cut()
    sheet = printer.wait_for_sheet()
    assert sheet.lines == ("Ticket A045", "Please wait")
    large = next(strip.line for strip in sheet.strips if strip.line.text)
    assert (large.height, large.left) == (48, (576 - 11 * 24) // 2)


def test_its_native_qr_code_can_be_read_from_the_paper(client, printer) -> None:
    client.qr("HTTPS://EXAMPLE.JP/T/ABCDEFGH", native=True, size=5)
    client.cut()
    sheet = printer.wait_for_sheet()
    assert sheet.qr == ("HTTPS://EXAMPLE.JP/T/ABCDEFGH",)


@pytest.mark.parametrize("way", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_its_drawn_qr_code_can_be_read_from_the_paper(client, printer, way) -> None:
    how = {"impl": way}
    client.qr(
        "HTTPS://EXAMPLE.JP/T/ABCDEFGH", native=False, size=5, image_arguments=how
    )
    client.cut()
    picture = Image.open(BytesIO(render.png(printer.wait_for_sheet(), 576)))
    found = zxingcpp.read_barcodes(picture.convert("RGB"))
    assert [code.text for code in found] == ["HTTPS://EXAMPLE.JP/T/ABCDEFGH"]


def test_it_sees_whether_the_printer_is_online(client, printer) -> None:
    assert client.is_online()
    printer.fault("cover_open")
    assert not client.is_online()


def test_it_sees_how_much_paper_there_is(client, printer) -> None:
    assert client.paper_status() == 2
    printer.fault("near_end")
    assert client.paper_status() == 1
    printer.fault("paper_end")
    assert client.paper_status() == 0
