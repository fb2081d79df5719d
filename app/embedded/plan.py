"""What a starter tells the holder: programs, folders and user, as one JSON text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from app.embedded import binaries
from app.embedded.account import Account, current, readable
from app.embedded.place import data_place, socket_place

BOTH = ("postgres", "redis")


@dataclass(frozen=True)
class Plan:
    """Where and how the servers of one data folder run. A program that is not wanted is empty."""

    place: str
    sockets: str
    postgres: str
    valkey: str
    account: Account
    fast: bool

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        read = json.loads(text)
        return cls(**{**read, "account": Account(**read["account"])})

    def file(self, name: str) -> Path:
        return Path(self.place) / name


def make(data_dir: Path, fast: bool, wanted: tuple[str, ...]) -> Plan:
    """Find the programs and make the folders. Raises Unavailable with the remedy."""
    account = current()
    place = data_place(data_dir, account)
    return Plan(
        place=str(place),
        sockets=str(socket_place(place, account)),
        postgres=str(readable(account, binaries.postgres().parent)) if "postgres" in wanted else "",
        valkey=str(readable(account, binaries.valkey())) if "redis" in wanted else "",
        account=account,
        fast=fast,
    )
