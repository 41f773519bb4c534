"""The fleet page's model, from the last state of every kiosk."""

from datetime import datetime

from pydantic import ValidationError

from protocol.messages import KioskState
from server.hall import Hall
from server.offices import Office
from server.pages.fleet_view import FleetKiosk, FleetPage
from server.pages.source import button_above
from server.pages.staff_source import help_lines
from server.pages.view import Names
from server.store import states
from server.store.states import FleetRow
from server.store.users import User


def fleet_page(hall: Hall, user: User, now: datetime) -> FleetPage:
    """Every kiosk of the offices this person works for."""
    with hall.database.read() as connection:
        rows = states.fleet(connection)
    return FleetPage(
        tuple(_kiosk(hall, row) for row in rows if user.works_at(row.kiosk.office)),
        next(iter(hall.offices.values())).timezone,
        user.name,
        now,
        help_lines(hall, frozenset(filter(user.works_at, hall.offices)), now),
    )


def _kiosk(hall: Hall, row: FleetRow) -> FleetKiosk:
    office = hall.offices.get(row.kiosk.office)
    state, trouble = _state(row)
    return FleetKiosk(
        kiosk=row.kiosk.id,
        office=office.catalogue.name if office else {"ja": row.kiosk.office},
        state=state,
        seen=row.state_at,
        trouble=trouble,
        asked=row.asked_at is not None or row.state_at is not None,
        series=_series(office) if office else {},
    )


def _series(office: Office) -> dict[str, Names]:
    """Each series by the button that issues its numbers."""
    names: dict[str, Names] = {}
    for procedure in office.catalogue.issuable():
        if procedure.series is not None:
            name = button_above(office, procedure.id) or procedure.name
            names.setdefault(procedure.series, name)
    return names


def _state(row: FleetRow) -> tuple[KioskState | None, str]:
    if row.state is None:
        return None, row.error
    try:
        return KioskState.model_validate(row.state), row.error
    except ValidationError as exc:
        return None, f"its state cannot be read: {exc.error_count()} faults; update it"
