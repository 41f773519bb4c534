"""Keeps every sheet in a folder: the picture, the bytes, and what stands on it."""

import json
import threading
from pathlib import Path
from typing import Final

from drivers.sim import render
from drivers.sim.paper import Sheet
from drivers.sim.sim import PrinterSim

_LOOK_AGAIN: Final = 0.5  # seconds until a stop is noticed


class Keeper:
    """Writes `00001.png`, `.bin` and `.json` into `folder`, in its own time."""

    def __init__(self, printer: PrinterSim, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._printer = printer
        self._folder = folder
        self._kept = 0

    def run(self, over: threading.Event) -> None:
        """Keep sheets as they come until `over` is set; those that are out, too."""
        while not over.is_set():
            try:
                self._printer.wait_until(
                    lambda engine: engine.count > self._kept, _LOOK_AGAIN
                )
            except TimeoutError:
                continue
            self.keep()
        self.keep()

    def keep(self) -> None:
        """Write every sheet that is not written yet."""
        for sheet in self._printer.sheets:
            if sheet.id > self._kept:
                self._write(sheet)
                self._kept = sheet.id

    def _write(self, sheet: Sheet) -> None:
        path = self._folder / f"{sheet.id:05}"
        path.with_suffix(".bin").write_bytes(sheet.source)
        says = {"how": sheet.how, "text": sheet.lines, "qr": sheet.qr}
        path.with_suffix(".json").write_text(
            json.dumps(says, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        path.with_suffix(".png").write_bytes(render.png(sheet, self._printer.width))
