"""Commands of the server as rows of the ledger. Functions on an open transaction."""

from uuid import UUID

from kiosk import journal
from kiosk.clock import Moment
from kiosk.database import Connection
from protocol.messages import CommandDone

KEPT = 1000


def begin(db: Connection, command_id: UUID, now: Moment) -> bool:
    """Note that it is being carried out; False if it was before."""
    begun = db.execute(
        "INSERT INTO commands (command_id, begun_at) VALUES (?, ?)"
        " ON CONFLICT (command_id) DO NOTHING",
        (str(command_id), now.at.isoformat()),
    ).rowcount
    db.execute(
        "DELETE FROM commands WHERE done_at IS NOT NULL AND rowid <="
        " (SELECT max(rowid) FROM commands) - ?",
        (KEPT,),
    )
    return begun == 1


def done(
    db: Connection, command_id: UUID, now: Moment, *, ok: bool, detail: str
) -> None:
    """Note the answer and journal it, once."""
    ended = db.execute(
        "UPDATE commands SET done_at = ? WHERE command_id = ? AND done_at IS NULL",
        (now.at.isoformat(), str(command_id)),
    ).rowcount
    if ended:
        journal.append(
            db,
            CommandDone(
                at=now.at,
                clock_trust=now.trust,
                command_id=command_id,
                ok=ok,
                detail=detail,
            ),
        )


def give_up_begun(db: Connection, now: Moment) -> None:
    """Commands the last run did not finish: doing one twice could print twice."""
    begun = db.execute("SELECT command_id FROM commands WHERE done_at IS NULL")
    for row in begun.fetchall():
        done(
            db,
            UUID(row["command_id"]),
            now,
            ok=False,
            detail="the kiosk restarted while carrying it out",
        )
