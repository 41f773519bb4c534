"""What the server wants of its kiosks: ordered, fetched by the kiosk, answered."""

from uuid import UUID, uuid4

from sqlalchemy import Connection, RowMapping, insert, select, update

from protocol.messages import Command, CommandDone
from server.store.database import Transaction
from server.store.kiosks import all_kiosks
from server.tables import commands


class UnknownCommand(LookupError):
    """The kiosk answers a command it was never given."""


def order(tx: Transaction, kiosk: str, command: Command, ordered_by: str) -> None:
    """Leave the command for the kiosk until it answers."""
    tx.connection.execute(
        insert(commands),
        {
            "id": command.command_id,
            "kiosk": kiosk,
            "kind": command.kind,
            "ticket_id": command.ticket_id,
            "series": command.series,
            "ordered_by": ordered_by,
            "ordered_at": tx.now,
        },
    )
    tx.kiosks_ordered.add(kiosk)


def open_orders(connection: Connection, kiosk: str) -> tuple[Command, ...]:
    """What the kiosk has not answered yet, oldest first."""
    rows = connection.execute(
        select(commands)
        .where(commands.c.kiosk == kiosk, commands.c.done_at.is_(None))
        .order_by(commands.c.ordered_at, commands.c.id)
    ).mappings()
    return tuple(_command(row) for row in rows)


def done(tx: Transaction, kiosk: str, answer: CommandDone) -> None:
    """The kiosk's answer; the first one counts."""
    mine = (commands.c.id == answer.command_id) & (commands.c.kiosk == kiosk)
    if tx.connection.execute(select(commands.c.id).where(mine)).first() is None:
        raise UnknownCommand(f"{kiosk} was never given command {answer.command_id}")
    tx.connection.execute(
        update(commands)
        .where(mine, commands.c.done_at.is_(None))
        .values(done_at=tx.now, ok=answer.ok, detail=answer.detail)
    )


def ask_back(tx: Transaction, office: str, wants: str) -> None:
    """A kiosk got no number: the office's others shall give back what they keep."""
    for kiosk in all_kiosks(tx.connection):
        if kiosk.office != office or kiosk.id == wants:
            continue
        asked = {command.kind for command in open_orders(tx.connection, kiosk.id)}
        if "return_leases" not in asked:
            order(tx, kiosk.id, new_command("return_leases"), "system")


def new_command(
    kind: str, ticket_id: UUID | None = None, series: str | None = None
) -> Command:
    """A command with an id of its own."""
    return Command.model_validate(
        {
            "command_id": uuid4(),
            "kind": kind,
            "ticket_id": ticket_id,
            "series": series,
        }
    )


def _command(row: RowMapping) -> Command:
    return Command(
        command_id=row["id"],
        kind=row["kind"],
        ticket_id=row["ticket_id"],
        series=row["series"],
    )
