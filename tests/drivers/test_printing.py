"""Each ticket gets the outcome that the printer itself vouches for."""

import pytest

from drivers import Cause, Level, Outcome, Paper, Receipt
from drivers.commands import PROLOGUE, line
from drivers.profile import EPSON, Fence, Profile
from drivers.sim.faults import Quirks

LINES = tuple(f"{n} 番目の行　整理券" for n in range(8))


class Refused(Exception):
    """The ledger could not write."""


def test_a_ticket_is_printed_cut_and_confirmed(bench) -> None:
    assert bench.print() == Receipt(Outcome.PRINTED, grade="A-")
    assert bench.tickets == [LINES, LINES]
    assert bench.printer.status.level is Level.OK


def test_the_ledger_writes_before_the_first_byte_of_the_document(bench) -> None:
    document, seen = line("受付番号　A045"), []

    def write() -> None:
        seen.append(b"".join(e.data for e in bench.sim.journal() if e.way == "in"))

    bench.print(document, meanwhile=write)
    write()
    before, after = seen
    assert document not in before
    assert PROLOGUE + document in after


def test_nothing_is_sent_when_the_ledger_cannot_write(bench) -> None:
    def full() -> None:
        raise Refused

    with pytest.raises(Refused):
        bench.print(meanwhile=full)
    assert bench.print().outcome is Outcome.PRINTED
    assert bench.tickets == [LINES, LINES]


@pytest.mark.parametrize(
    ("fault", "cause"),
    [("paper_end", Cause.PAPER_END), ("cover_open", Cause.COVER_OPEN)],
)
def test_nothing_is_sent_to_a_printer_that_cannot_print(bench, fault, cause) -> None:
    bench.sim.fault(fault)
    assert bench.print() == Receipt(Outcome.NOT_SENT, cause)
    bench.sim.fault(fault, on=False)
    assert bench.print().outcome is Outcome.PRINTED
    assert bench.tickets == [LINES, LINES]


def test_nothing_is_sent_to_a_printer_that_is_silent(bench) -> None:
    bench.sim.fault("mute")
    assert bench.print() == Receipt(Outcome.NOT_SENT, Cause.SILENT)
    assert bench.printer.status.level is Level.UNKNOWN
    bench.sim.fault("mute", on=False)
    assert bench.print().outcome is Outcome.PRINTED
    assert len(bench.tickets) == 2


def test_nothing_is_sent_to_a_printer_that_is_switched_off(bench) -> None:
    bench.sim.fault("power_off")
    assert bench.print() == Receipt(Outcome.NOT_SENT, Cause.NO_LINK)
    bench.sim.fault("power_off", on=False)
    assert bench.print().outcome is Outcome.PRINTED


def test_a_link_that_broke_overnight_is_opened_again_within_the_ticket(bench) -> None:
    bench.sim.fault("cut_link", once=True)
    assert bench.print().outcome is Outcome.PRINTED


def test_a_nearly_empty_roll_prints_and_warns(bench) -> None:
    bench.sim.fault("near_end")
    assert bench.print().outcome is Outcome.PRINTED
    status = bench.printer.status
    assert (status.level, status.paper) == (Level.WARN, Paper.NEAR_END)


def test_paper_that_ends_in_the_ticket_holds_it_at_once(bench) -> None:
    bench.sim.fault("paper_end", after_bytes=100)
    assert bench.print() == Receipt(Outcome.HELD, Cause.PAPER_END)
    assert len(bench.tickets) == 1


def test_a_cover_opened_in_the_ticket_holds_it(bench) -> None:
    receipt = bench.print(meanwhile=lambda: bench.sim.fault("cover_open"))
    assert receipt == Receipt(Outcome.HELD, Cause.COVER_OPEN)


def test_a_printer_that_falls_silent_leaves_the_ticket_unknown(bench) -> None:
    receipt = bench.print(meanwhile=lambda: bench.sim.fault("mute"))
    assert receipt == Receipt(Outcome.UNKNOWN, Cause.SILENT)


def test_a_cable_pulled_in_the_ticket_leaves_it_unknown(bench) -> None:
    cut = lambda: bench.sim.fault("cut_link", after_bytes=60)  # noqa: E731
    assert bench.print(meanwhile=cut) == Receipt(Outcome.UNKNOWN, Cause.NO_LINK)
    assert bench.printer.status.level is Level.UNKNOWN


def test_a_power_cut_in_the_ticket_leaves_it_unknown(bench) -> None:
    receipt = bench.print(meanwhile=lambda: bench.sim.fault("power_off"))
    assert receipt == Receipt(Outcome.UNKNOWN, Cause.NO_LINK)


def test_half_a_ticket_does_not_swallow_the_next_one(bench) -> None:
    cut = lambda: bench.sim.fault("cut_link", after_bytes=60, once=True)  # noqa: E731
    assert bench.print(meanwhile=cut).outcome is Outcome.UNKNOWN
    assert bench.print(line("次の人")).outcome is Outcome.PRINTED
    assert bench.tickets[-1] == ("次の人",)


def test_a_ticket_in_the_buffer_never_comes_out_in_front_of_the_next(bench) -> None:
    def go_silent() -> None:
        bench.sim.fault("mute")
        bench.sim.fault("cover_open")

    assert bench.print(meanwhile=go_silent).outcome is Outcome.UNKNOWN
    bench.sim.fault("mute", on=False)
    bench.printer.check()  # empties the buffer although the cover is still open
    bench.sim.fault("cover_open", on=False)
    assert bench.print(line("次の人")).outcome is Outcome.PRINTED
    assert bench.tickets == [LINES, ("次の人",)]


def test_a_jammed_cutter_leaves_the_ticket_printed_but_uncut(bench) -> None:
    bench.sim.fault("cutter_jam")
    assert bench.print() == Receipt(Outcome.PRINTED_UNCUT, Cause.CUTTER, "A")
    assert bench.print() == Receipt(Outcome.NOT_SENT, Cause.CUTTER)


def test_a_freed_cutter_cuts_off_the_old_ticket_before_the_next(bench) -> None:
    bench.sim.fault("cutter_jam")
    bench.print()
    bench.sim.fault("cutter_jam", on=False)
    assert bench.print(line("次の人")).outcome is Outcome.PRINTED
    assert bench.tickets == [LINES, LINES, ("次の人",)]


def test_a_cutter_error_is_left_once_somebody_had_the_cover_open(lay) -> None:
    bench = lay(quirks=Quirks(cutter_needs_enq=True))
    bench.sim.fault("cutter_jam")
    assert bench.print().outcome is Outcome.PRINTED_UNCUT
    assert bench.printer.check().cause is Cause.CUTTER
    bench.sim.fault("cover_open")
    bench.sim.fault("cutter_jam", on=False)
    bench.printer.check()
    bench.sim.fault("cover_open", on=False)
    assert bench.printer.check().level is Level.OK
    assert bench.print().outcome is Outcome.PRINTED


def test_a_cutter_still_jammed_is_found_out_without_a_ticket(lay) -> None:
    bench = lay(quirks=Quirks(cutter_needs_enq=True))
    bench.sim.fault("cutter_jam")
    bench.print()
    bench.sim.fault("cover_open")
    bench.printer.check()
    bench.sim.fault("cover_open", on=False)
    bench.printer.check()
    assert bench.printer.status.cause is Cause.CUTTER


@pytest.mark.parametrize("fault", ["paper_end", "cover_open"])
def test_a_model_mute_when_offline_keeps_the_fault_it_reported(lay, fault) -> None:
    bench = lay(quirks=Quirks(mute_when_offline=True))
    bench.print()
    bench.sim.fault(fault)
    assert bench.print().outcome is Outcome.NOT_SENT
    bench.sim.fault(fault, on=False)
    assert bench.print().outcome is Outcome.PRINTED


def test_a_model_without_fences_confirms_by_its_paper_sensor(lay) -> None:
    bench = lay(Profile("old", fence=Fence.GS_R, clear=True), Quirks(no_gsh=True))
    assert bench.print() == Receipt(Outcome.PRINTED, grade="B")
    assert bench.print() == Receipt(Outcome.PRINTED, grade="B")
    assert bench.tickets == [LINES, LINES]
    bench.sim.fault("paper_end", after_bytes=100)
    assert bench.print() == Receipt(Outcome.HELD, Cause.PAPER_END)


def test_what_a_model_can_confirm_is_found_out(lay) -> None:
    generic = Profile("generic")
    assert lay(generic).print().grade == "A-"
    assert lay(generic, Quirks(no_gsh=True)).print().grade == "B"


def test_a_model_that_confirms_nothing_is_believed_while_it_is_healthy(lay) -> None:
    bench = lay(Profile("mere", fence=Fence.NONE), Quirks(no_gsh=True))
    assert bench.print() == Receipt(Outcome.PRINTED, grade="C")
    bench.sim.fault("paper_end", after_bytes=100)
    assert bench.print() == Receipt(Outcome.HELD, Cause.PAPER_END)


def test_a_model_that_confirms_nothing_and_falls_silent_is_unknown(lay) -> None:
    bench = lay(Profile("mere", fence=Fence.NONE), Quirks(no_gsh=True))
    receipt = bench.print(meanwhile=lambda: bench.sim.fault("mute"))
    assert receipt == Receipt(Outcome.UNKNOWN, Cause.SILENT)


def test_a_profile_that_promises_too_much_refuses_instead_of_guessing(lay) -> None:
    bench = lay(EPSON, Quirks(no_gsh=True))
    assert bench.print() == Receipt(Outcome.NOT_SENT, Cause.SILENT)
    assert bench.tickets == []


def test_a_change_is_told_without_asking(bench) -> None:
    for fault, cause in (("cover_open", "cover_open"), ("paper_end", "paper_end")):
        bench.told.clear()
        bench.sim.fault(fault)
        assert bench.told.wait(5)
        assert bench.printer.status.cause == cause
        bench.told.clear()
        bench.sim.fault(fault, on=False)
        assert bench.told.wait(5)
        assert bench.printer.status.level is Level.OK


def test_a_lost_link_is_told_without_asking(bench) -> None:
    bench.told.clear()
    bench.sim.fault("power_off")
    assert bench.told.wait(5)
    assert bench.printer.status.cause is Cause.NO_LINK
    assert bench.printer.status.level is Level.UNKNOWN
