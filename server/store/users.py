"""Who may log in, and who is logged in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from server.store.database import Transaction
from server.store.secrets_kept import hash_password, kept, new_salt, new_token, same
from server.tables import sessions, users

Role = Literal["counter", "supervisor", "technician", "administrator"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)


class BadLogin(Exception):
    """User or password is wrong; which one is not told."""


@dataclass(frozen=True, slots=True)
class User:
    """A person of the staff. `office` None works for the whole city."""

    name: str
    role: Role
    office: str | None

    def works_at(self, office: str) -> bool:
        return self.office is None or self.office == office


def put_user(tx: Transaction, user: User, password: str) -> None:
    """Add the user, or give them this role, office and password."""
    salt = new_salt()
    columns = {
        "role": user.role,
        "office": user.office,
        "salt": salt,
        "password_hash": hash_password(password, salt),
        "disabled_at": None,
    }
    done = tx.connection.execute(
        update(users).where(users.c.name == user.name).values(columns)
    )
    if done.rowcount == 0:
        tx.connection.execute(insert(users), {"name": user.name, **columns})
    # A new password ends what was opened with the old one.
    tx.connection.execute(delete(sessions).where(sessions.c.user == user.name))


def disable_user(tx: Transaction, name: str) -> bool:
    """Let the user in no more; false if there is no such user."""
    done = tx.connection.execute(
        update(users).where(users.c.name == name).values(disabled_at=tx.now)
    )
    tx.connection.execute(delete(sessions).where(sessions.c.user == name))
    return done.rowcount == 1


def check_password(connection: Connection, name: str, password: str) -> User:
    """The user, or BadLogin; takes as long for an unknown name as for a known one."""
    row = (
        connection.execute(
            select(users).where(users.c.name == name, users.c.disabled_at.is_(None))
        )
        .mappings()
        .one_or_none()
    )
    salt, right = (
        (b"\0" * 16, b"") if row is None else (row["salt"], row["password_hash"])
    )
    if not same(hash_password(password, bytes(salt)), bytes(right)) or row is None:
        raise BadLogin("user or password is wrong")
    return _user(row)


def open_session(tx: Transaction, user: User, hours: float) -> str:
    """A session token, shown once; expired sessions are dropped on the way."""
    token = new_token()
    tx.connection.execute(delete(sessions).where(sessions.c.expires_at <= tx.now))
    tx.connection.execute(
        insert(sessions),
        {
            "token_hash": kept(token),
            "user": user.name,
            "expires_at": tx.now + timedelta(hours=hours),
        },
    )
    return token


def close_session(tx: Transaction, token: str) -> None:
    tx.connection.execute(delete(sessions).where(sessions.c.token_hash == kept(token)))


def by_session(connection: Connection, token: str, now: datetime) -> User | None:
    """Whose session this is, if it is one and has not expired at `now`."""
    row = (
        connection.execute(
            select(users)
            .join(sessions, sessions.c.user == users.c.name)
            .where(
                sessions.c.token_hash == kept(token),
                sessions.c.expires_at > now,
                users.c.disabled_at.is_(None),
            )
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else _user(row)


def _user(row: RowMapping) -> User:
    return User(name=row["name"], role=row["role"], office=row["office"])
