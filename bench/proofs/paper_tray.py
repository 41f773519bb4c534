"""Collects every sheet: the printer itself keeps only the last 500."""

from drivers.sim.paper import Sheet
from drivers.sim.sim import PrinterSim


class Tray:
    """`collect` often enough; `sheets` are all that ever came out, oldest first."""

    def __init__(self, printer: PrinterSim) -> None:
        self._printer = printer
        self.sheets: list[Sheet] = []

    def collect(self) -> None:
        """Take what came out since the last time; RuntimeError if some were missed."""
        last = self.sheets[-1].id if self.sheets else 0
        new = [sheet for sheet in self._printer.sheets if sheet.id > last]
        if new and new[0].id != last + 1:
            raise RuntimeError("sheets were lost: collect them more often")
        self.sheets += new
