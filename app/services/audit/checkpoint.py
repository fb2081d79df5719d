"""Checkpoints: what is known of the last block, to be kept where nobody reaches who reaches the database.

The seal of a block covers all blocks and rows before it. A log that was rewritten as a whole, even by who
holds the key, no longer has the seal that a checkpoint remembers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace

import orjson
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from app.adapters.audit_keys import Keys, UnknownKey
from app.core.clock import now
from app.criteria import fold
from app.models.audit import AuditBlock
from app.models.webhooks import Event
from app.record import emit
from app.services.audit.blocks import head
from app.services.audit.naming import Fault

EVENT = "AUDIT_CHECKPOINT"


@dataclass(frozen=True)
class Checkpoint:
    """The last block at one moment, signed with the key that seals."""

    block: int
    last_id: int
    mac: str
    key_id: str
    sealed_at: str
    made_at: str
    signature: str = ""

    @property
    def message(self) -> bytes:
        """Return what the signature is made over: every member but itself."""
        members = asdict(self)
        del members["signature"]
        return b"frontdesk audit checkpoint v1\n" + orjson.dumps(members, option=orjson.OPT_SORT_KEYS)

    def fault(self, keys: Keys) -> Fault | None:
        """Return what is wrong with the checkpoint itself."""
        try:
            is_ours = keys.mac(self.message, self.key_id) == self.signature
        except UnknownKey as error:
            return Fault(f"cannot be verified: the checkpoint of {self.made_at} is {error}")
        return None if is_ours else Fault(f"cannot be verified: the checkpoint of {self.made_at} was changed")

    def line(self) -> str:
        """Return it as one line of JSON."""
        return orjson.dumps(asdict(self)).decode()


def take(connection: Connection, keys: Keys) -> Checkpoint | None:
    """Return a checkpoint of the last block, or None while nothing was sealed."""
    last = head(connection)
    if last is None:
        return None
    sealed_at, made_at = (
        moment.astimezone(dt.UTC).isoformat(timespec="seconds") for moment in (last.sealed_at, now())
    )
    made = Checkpoint(last.id, last.last_id, last.mac, keys.current, sealed_at, made_at)
    return replace(made, signature=keys.mac(made.message, keys.current))


def parse(lines: Iterable[str]) -> list[Checkpoint]:
    """Read checkpoints, one a line. Raises ValueError for a line that is none."""
    return [_parsed(line) for line in lines if line.strip()]


def _parsed(line: str) -> Checkpoint:
    members = orjson.loads(line)
    kinds = {one.name: int if one.name in {"block", "last_id"} else str for one in fields(Checkpoint)}
    if not isinstance(members, dict) or {name: type(value) for name, value in members.items()} != kinds:
        raise ValueError("This line is not a checkpoint.")
    return Checkpoint(**members)


def tell(session: Session, keys: Keys) -> bool:
    """Send webhooks a checkpoint of the last block as AUDIT_CHECKPOINT, unless they know it already."""
    made = take(session.connection(), keys)
    if made is None or made.block == _told(session):
        return False
    emit(session, EVENT, session.get_one(AuditBlock, made.block), {"checkpoint": asdict(made)})
    return True


def _told(session: Session) -> int | None:
    told = select(Event.object_id).where(func.frontdesk_fold(Event.event_type) == fold(EVENT))  # as its index
    return session.scalar(told.order_by(Event.created_at.desc(), Event.id.desc()).limit(1))
