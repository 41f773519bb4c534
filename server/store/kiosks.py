"""Which kiosks belong to this city: codes, enrolment, credentials, keys of tokens."""

import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.secret import SecretBox
from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from protocol.messages import Enrolled
from protocol.token import MAX_KEY_ID
from server.store.database import Transaction
from server.store.secrets_kept import kept, new_code, new_token, same_code
from server.tables import (
    enrol_codes,
    kiosk_events,
    kiosks,
    leases,
    server_keys,
    token_keys,
)

CODE_LIFE = timedelta(hours=24)


class EnrolRefused(Exception):
    """The code is unknown, used or expired; a technician makes a new one."""


@dataclass(frozen=True, slots=True)
class Kiosk:
    """An enrolled kiosk as the rest of the server knows it."""

    id: str
    office: str
    key_id: int
    agent_address: str
    state_token: str
    enrolled_at: datetime
    last_seen_at: datetime | None
    last_ack: int
    last_issued_at: datetime | None = None


def create_code(
    tx: Transaction, office: str, kiosk: str | None = None, life: timedelta = CODE_LIFE
) -> tuple[str, str]:
    """A one-time enrolment code for `kiosk` (a fresh name if None): (code, kiosk)."""
    name = kiosk or _next_name(tx.connection, office)
    code = new_code()
    tx.connection.execute(
        insert(enrol_codes),
        {
            "code_hash": kept(same_code(code)),
            "kiosk": name,
            "office": office,
            "expires_at": tx.now + life,
        },
    )
    return code, name


def enrol(tx: Transaction, code: str, agent_address: str, key: str) -> Enrolled:
    """Trade a code for a kiosk's identity; EnrolRefused if it does not hold.

    The answer is kept sealed under the code and the request's idempotency `key`, so a
    kiosk that lost it asks again with both, while the database alone reveals nothing.
    """
    row = (
        tx.connection.execute(
            select(enrol_codes).where(enrol_codes.c.code_hash == kept(same_code(code)))
        )
        .mappings()
        .one_or_none()
    )
    if row is None or row["expires_at"] <= tx.now:
        raise EnrolRefused(
            "this enrolment code is unknown or has expired; "
            "ask a technician for a new one"
        )
    box = SecretBox(
        blake2b(f"{same_code(code)}\n{key}".encode(), digest_size=32).digest()
    )
    if row["used_at"] is not None:
        return _answered(box, row["sealed_answer"])
    answer = _admit(tx, row["kiosk"], row["office"], agent_address)
    tx.connection.execute(
        update(enrol_codes)
        .where(enrol_codes.c.code_hash == row["code_hash"])
        .values(
            used_at=tx.now,
            sealed_answer=bytes(box.encrypt(answer.model_dump_json().encode())),
        )
    )
    return answer


def by_credential(connection: Connection, credential: str) -> Kiosk | None:
    """The kiosk that owns this credential, unless it was revoked."""
    return _found(connection, _BY_CREDENTIAL, {"hash": kept(credential)})


def by_id(connection: Connection, id: str) -> Kiosk | None:
    return _found(connection, _BY_ID, {"id": id})


def all_kiosks(connection: Connection) -> list[Kiosk]:
    """Every kiosk that is not revoked, by office and name."""
    rows = connection.execute(
        select(kiosks)
        .where(kiosks.c.revoked_at.is_(None))
        .order_by(kiosks.c.office, kiosks.c.id)
    ).mappings()
    return [_kiosk(row) for row in rows]


def revoke(tx: Transaction, id: str) -> bool:
    """Withdraw the kiosk's credential and leases; false if there is no such kiosk."""
    _end_leases(tx, id)
    done = tx.connection.execute(
        update(kiosks)
        .where(kiosks.c.id == id, kiosks.c.revoked_at.is_(None))
        .values(revoked_at=tx.now)
    )
    return done.rowcount == 1


def token_key(connection: Connection, key_id: int) -> bytes | None:
    """The key that signs the tokens of `key_id`, if such a kiosk was enrolled here."""
    found: bytes | None = connection.execute(
        select(token_keys.c.key).where(token_keys.c.key_id == key_id)
    ).scalar_one_or_none()
    return found


def make_server_key(tx: Transaction) -> None:
    """Make the key pair under which kiosks seal addresses, unless there is one."""
    exists = tx.connection.execute(
        select(func.count()).where(server_keys.c.name == "contacts")
    ).scalar_one()
    if not exists:
        pair = PrivateKey.generate()
        tx.connection.execute(
            insert(server_keys),
            {
                "name": "contacts",
                "secret": bytes(pair),
                "public": bytes(pair.public_key),
            },
        )


def server_key(connection: Connection) -> PrivateKey:
    """The secret half, for whoever opens sealed addresses."""
    secret: bytes = connection.execute(
        select(server_keys.c.secret).where(server_keys.c.name == "contacts")
    ).scalar_one()
    return PrivateKey(secret)


_BY_CREDENTIAL = select(kiosks).where(
    kiosks.c.credential_hash == bindparam("hash"), kiosks.c.revoked_at.is_(None)
)
_BY_ID = select(kiosks).where(
    kiosks.c.id == bindparam("id"), kiosks.c.revoked_at.is_(None)
)


def _found(
    connection: Connection, statement: Select[Any], values: dict[str, Any]
) -> Kiosk | None:
    row = connection.execute(statement, values).mappings().one_or_none()
    return None if row is None else _kiosk(row)


def _kiosk(row: RowMapping) -> Kiosk:
    return Kiosk(
        id=row["id"],
        office=row["office"],
        key_id=row["key_id"],
        agent_address=row["agent_address"],
        state_token=row["state_token"],
        enrolled_at=row["enrolled_at"],
        last_seen_at=row["last_seen_at"],
        last_ack=row["last_ack"],
        last_issued_at=row["last_issued_at"],
    )


def _next_name(connection: Connection, office: str) -> str:
    taken = set(
        connection.execute(
            select(enrol_codes.c.kiosk).where(enrol_codes.c.office == office)
        ).scalars()
    )
    number = 1
    while f"{office}-{number}" in taken:
        number += 1
    return f"{office}-{number}"


def _answered(box: SecretBox, sealed: bytes | None) -> Enrolled:
    try:
        return Enrolled.model_validate_json(box.decrypt(sealed or b""))
    except (CryptoError, ValueError) as exc:
        raise EnrolRefused(
            "this enrolment code has been used; ask a technician for a new one"
        ) from exc


def _admit(tx: Transaction, id: str, office: str, agent_address: str) -> Enrolled:
    key_id = _free_key_id(tx.connection)
    answer = Enrolled(
        kiosk_id=id,
        office=office,
        key_id=key_id,
        credential=new_token(),
        token_key=b64encode(secrets.token_bytes(32)).decode(),
        server_public_key=b64encode(
            bytes(server_key(tx.connection).public_key)
        ).decode(),
        state_token=new_token(),
    )
    columns = {
        "office": office,
        "key_id": key_id,
        "credential_hash": kept(answer.credential),
        "token_key": b64decode(answer.token_key),
        "agent_address": agent_address.rstrip("/"),
        "state_token": answer.state_token,
        "enrolled_at": tx.now,
        "revoked_at": None,
        # A kiosk enrolled anew begins a new journal at 1.
        "last_ack": 0,
    }
    exists = tx.connection.execute(select(kiosks.c.id).where(kiosks.c.id == id)).first()
    if exists is None:
        tx.connection.execute(insert(kiosks), {"id": id, **columns})
    else:
        tx.connection.execute(update(kiosks).where(kiosks.c.id == id).values(columns))
        _end_leases(tx, id)
        tx.connection.execute(delete(kiosk_events).where(kiosk_events.c.kiosk == id))
    tx.connection.execute(
        insert(token_keys),
        {
            "key_id": key_id,
            "kiosk": id,
            "office": office,
            "key": b64decode(answer.token_key),
        },
    )
    return answer


def _free_key_id(connection: Connection) -> int:
    taken = set(connection.execute(select(token_keys.c.key_id)).scalars())
    free = [n for n in range(MAX_KEY_ID + 1) if n not in taken]
    if not free:
        raise EnrolRefused("every key id is taken; this city has enrolled 65536 times")
    return secrets.choice(free)


def _end_leases(tx: Transaction, kiosk: str) -> None:
    """What it held is free again: it left, or begins anew without its memory."""
    tx.connection.execute(
        update(leases)
        .where(leases.c.kiosk == kiosk, leases.c.ended_at.is_(None))
        .values(ended_at=tx.now)
    )
