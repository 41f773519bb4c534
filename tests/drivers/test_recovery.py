"""The torn ticket is printed again whole, and its rest never comes out as well."""

import pytest

from drivers import Outcome, Recovery
from drivers.commands import line
from drivers.profile import EPSON, Fence, Profile
from drivers.sim.faults import Quirks

AGAIN = line("再発行") + line("A045")
NO_CLEAR = Profile("cannot clear", fence=Fence.GS_H)


def hold(bench, fault: str) -> None:
    if fault == "paper_end":
        bench.sim.fault("paper_end", after_bytes=100)
        receipt = bench.print()
    else:
        receipt = bench.print(meanwhile=lambda: bench.sim.fault("cover_open"))
    assert receipt.outcome is Outcome.HELD


@pytest.mark.parametrize("fault", ["paper_end", "cover_open"])
def test_the_torn_ticket_is_printed_again_whole(bench, fault) -> None:
    hold(bench, fault)
    assert bench.printer.recover(patience=0) is Recovery.WAITING
    bench.sim.fault(fault, on=False)
    assert bench.printer.recover(patience=2) is Recovery.EMPTY
    assert bench.print(AGAIN).outcome is Outcome.PRINTED
    assert bench.tickets[-1] == ("再発行", "A045")
    assert len(bench.tickets) == 2


def test_the_rest_of_a_torn_ticket_is_gone_before_the_new_roll_is_in(bench) -> None:
    hold(bench, "paper_end")
    bench.printer.recover(patience=0)
    with bench.sim.watching() as engine:
        assert engine.buffered == 0
    bench.sim.fault("paper_end", on=False)
    assert len(bench.tickets) == 1


def test_a_rest_that_was_faster_than_the_clear_is_not_printed_twice(bench) -> None:
    hold(bench, "cover_open")
    bench.sim.fault("cover_open", on=False)  # before anybody could clear
    assert bench.printer.recover(patience=2) is Recovery.REMAINDER_PRINTED
    assert bench.print(line("次の人")).outcome is Outcome.PRINTED
    assert [ticket[0] for ticket in bench.tickets][1:] == [
        "0 番目の行　整理券",
        "次の人",
    ]


def test_a_printer_that_cannot_clear_prints_the_rest_itself(lay) -> None:
    bench = lay(NO_CLEAR, Quirks(no_clear=True))
    bench.print()
    hold(bench, "paper_end")
    assert bench.printer.recover(patience=0) is Recovery.WAITING
    bench.sim.fault("paper_end", on=False)
    assert bench.printer.recover(patience=2) is Recovery.REMAINDER_PRINTED
    assert bench.print(line("次の人")).outcome is Outcome.PRINTED
    assert bench.tickets[-1] == ("次の人",)


def test_a_printer_switched_off_meanwhile_cannot_say_what_came_out(lay) -> None:
    bench = lay(NO_CLEAR, Quirks(no_clear=True))
    bench.print()
    hold(bench, "paper_end")
    bench.sim.fault("power_off")
    assert bench.printer.recover(patience=0) is Recovery.WAITING
    bench.sim.fault("paper_end", on=False)
    bench.sim.fault("power_off", on=False)
    assert bench.printer.recover(patience=3) is Recovery.UNKNOWN


def test_after_a_power_cut_a_printer_that_clears_is_proven_empty(bench) -> None:
    hold(bench, "paper_end")
    bench.sim.fault("power_off")
    bench.sim.fault("paper_end", on=False)
    bench.sim.fault("power_off", on=False)
    assert bench.printer.recover(patience=3) is Recovery.EMPTY
    assert bench.print(AGAIN).outcome is Outcome.PRINTED


def test_a_profile_that_wrongly_promises_clearing_does_not_claim_empty(lay) -> None:
    bench = lay(EPSON, Quirks(no_clear=True))
    bench.print()
    hold(bench, "paper_end")
    bench.sim.fault("paper_end", on=False)
    assert bench.printer.recover(patience=3) is Recovery.REMAINDER_PRINTED


def test_checking_leaves_a_held_ticket_to_its_recovery(lay) -> None:
    bench = lay(NO_CLEAR, Quirks(no_clear=True))
    bench.print()
    hold(bench, "paper_end")
    bench.printer.check()
    bench.sim.fault("paper_end", on=False)
    bench.printer.check()
    assert bench.printer.recover(patience=2) is Recovery.REMAINDER_PRINTED


def test_a_restarted_kiosk_empties_what_its_last_life_left(lay, bench) -> None:
    hold(bench, "paper_end")
    bench.printer.close()
    successor = lay(sim=bench.sim)
    successor.printer.check()  # the paper is still out
    bench.sim.fault("paper_end", on=False)
    assert len(bench.tickets) == 1
    assert successor.printer.recover(patience=2) is Recovery.EMPTY


@pytest.mark.parametrize("known", [True, False])
def test_paper_left_hanging_by_an_earlier_life_is_cut_off_first(
    lay, bench, known
) -> None:
    bench.sim.fault("cutter_jam")
    assert bench.print().outcome is Outcome.PRINTED_UNCUT
    bench.printer.check()  # empties the buffer of the cut that failed
    bench.printer.close()
    bench.sim.fault("cutter_jam", on=False)
    successor = lay(sim=bench.sim, uncut=known)
    assert successor.print(line("次の人")).outcome is Outcome.PRINTED
    alone = bench.tickets[-1] == ("次の人",)
    assert alone is known
