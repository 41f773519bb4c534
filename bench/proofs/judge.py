"""The verdict: paper against the server's list, as a visitor and a clerk see them.

No number twice (but for a sheet marked 再発行), no paper that the server does not know,
no doubt that the server does not show. Pure.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bench.proofs import paper
from bench.proofs.central import Known
from bench.proofs.paper import Paper
from server.rules.ticket import State

PRINTED: Final = frozenset({"printed", "printed_uncut"})
DOUBTFUL: Final = frozenset({"unknown", "held", "not_required"})
"""Print states under which staff see that there may be no paper, or half of one."""
_CODE: Final = re.compile(rb"/T/([0-9A-Z]{24})")


def faults(papers: Sequence[Paper], tickets: Iterable[Known]) -> tuple[str, ...]:
    """Every broken promise as a sentence; empty when all were kept."""
    listed = tuple(tickets)
    by_label = _by_label(papers)
    return (
        *_doubles(listed),
        *_mixed(papers),
        *_strangers(papers, listed),
        *(fault for one in listed for fault in _of(one, by_label[one.ticket.label])),
    )


def strange_bytes(received: bytes, tickets: Iterable[Known]) -> tuple[str, ...]:
    """Codes that reached the printer, on paper or not, of tickets nobody knows."""
    known = {(one.ticket.key_id, one.ticket.serial) for one in tickets}
    codes = {match.decode() for match in _CODE.findall(received)}
    return tuple(
        f"the code {code} was sent to the printer and is of no known ticket"
        for code in sorted(codes)
        if paper.serial_of(code) not in known
    )


def _by_label(papers: Sequence[Paper]) -> dict[str, list[Paper]]:
    found: dict[str, list[Paper]] = defaultdict(list)
    for sheet in papers:
        for label in sheet.labels:
            found[label].append(sheet)
    return found


def _doubles(listed: tuple[Known, ...]) -> Iterator[str]:
    seen: dict[str, object] = {}
    for one in listed:
        if one.ticket.label in seen:
            yield f"the server has two tickets {one.ticket.label}"
        seen[one.ticket.label] = one.ticket.id


def _mixed(papers: Sequence[Paper]) -> Iterator[str]:
    """A visitor takes one sheet: it must not carry another visitor's place."""
    for sheet in papers:
        if len(set(sheet.labels)) > 1 or len(set(sheet.serials)) > 1:
            yield f"one sheet carries {', '.join(sheet.labels)} and their codes"


def _strangers(papers: Sequence[Paper], listed: tuple[Known, ...]) -> Iterator[str]:
    """Numbers and codes on paper are the server's, and belong together."""
    labels = {one.ticket.label for one in listed}
    owner = {(one.ticket.key_id, one.ticket.serial): one.ticket.label for one in listed}
    for sheet in papers:
        for label in sheet.labels:
            if label not in labels:
                yield f"{label} is on paper and unknown to the server"
        for serial in sheet.serials:
            if serial not in owner:
                yield f"the code on the sheet of {sheet.labels} is of no known ticket"
            elif sheet.labels and owner[serial] not in sheet.labels:
                yield f"{sheet.labels} carries the code of {owner[serial]}"


def _of(one: Known, papers: list[Paper]) -> Iterator[str]:
    ticket, label = one.ticket, one.ticket.label
    whole = [sheet for sheet in papers if sheet.whole]
    first = [sheet for sheet in whole if not sheet.marked]
    if len(first) > 1:
        yield f"{label} came out {len(first)} times without the mark 再発行"
    if first and whole[0].marked:
        yield f"{label} came out without the mark after a marked sheet"
    if ticket.state is State.CANCELLED:
        if whole and one.voided != "visitor":
            yield f"{label} is on paper and was voided ({one.voided})"
    elif ticket.print in PRINTED and not whole and not _in_parts(one, papers):
        yield f"{label} is {ticket.print} at the server and no whole sheet came out"
    elif ticket.print == "pending":
        yield f"{label} is still pending at the server though all was told"
    elif ticket.print not in (*PRINTED, *DOUBTFUL) and papers:
        yield f"{label} is on paper and {ticket.print} at the server"


def _in_parts(one: Known, papers: list[Paper]) -> bool:
    """A printer that finished its rest by itself: torn paper, and so says grade C."""
    return one.grade == "C" and bool(papers)
