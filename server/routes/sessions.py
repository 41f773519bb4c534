"""Who is asking: the staff member behind a bearer token or a session cookie."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends

from server.hall import Hall
from server.problems import Problem
from server.routes.incoming import Incoming, incoming
from server.store import users
from server.store.users import User

QUEUE_ROLES = frozenset({"counter", "supervisor", "administrator"})
FLEET_ROLES = frozenset({"technician", "administrator"})

Asked = Annotated[Incoming, Depends(incoming)]


def user_of(hall: Hall, token: str | None) -> User | None:
    """The person of this session, or None: for pages, which then show the log-in."""
    if not token:
        return None
    with hall.database.read() as connection:
        return users.by_session(connection, token, hall.now())


def the_user(hall: Hall) -> Callable[[Incoming], User]:
    """A dependency: the person of this session, or 401."""

    def find(call: Asked) -> User:
        user = user_of(hall, call.bearer)
        if user is None:
            raise Problem(401, "please log in: POST /api/staff/v1/login")
        return user

    return find


def need(user: User, roles: frozenset[str], office: str | None = None) -> None:
    """403 unless the person has one of the roles, and works at that office."""
    if user.role not in roles:
        raise Problem(403, f"this is not for the role {user.role}")
    if office is not None and not user.works_at(office):
        raise Problem(403, f"you do not work at {office}")
