"""Every way to tamper, at any place, as the owner of the tables with the triggers off: seen and named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert, select, text, update

from app.adapters.audit_keys import Keys
from app.core.clock import now
from app.models.audit import AuditBlock
from app.services.audit import blocks, checkpoint, entries, verify
from app.services.audit.blocks import BLOCKS
from tests.audit.conftest import LOGS, entry, ids, tampering

often = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
place = st.integers(min_value=0, max_value=42)


def found(connection: Connection, keys: Keys, *points: checkpoint.Checkpoint) -> str:
    """What the look says of the log as this connection sees it."""
    return str(verify(connection, keys, points).fault or "")


def block_of(connection: Connection, number: int) -> int:
    """The block whose seal covers a row."""
    covers = select(BLOCKS.c.id).where(BLOCKS.c.first_id <= number, BLOCKS.c.last_id >= number)
    return connection.execute(covers).scalar_one()


def test_an_untouched_log_is_whole(owner: Engine, sealed: int, keys: Keys) -> None:
    with tampering(owner) as connection:
        report = verify(connection, keys)
        assert (report.fault, report.rows, report.blocks, report.unsealed) == (None, 43, 6, 0)
        assert (
            len(ids(connection))
            < connection.execute(select(LOGS.c.id.label("last")).order_by(LOGS.c.id.desc())).scalars().first()
        )


EDITS: dict[str, Any] = {
    "action_type": "TEAM_DELETE",
    "action_details": {"changed": ["name"]},
    "performed_by": "employee:2",
    "actor_type": "system",
    "actor_id": None,
    "object_table": "tickets",
    "object_id": None,
    "ip": "192.0.2.1",
    "request_id": "",
    "created_at": now(),
}


@often
@given(at=place, column=st.sampled_from(sorted(EDITS)))
def test_an_edited_row_is_named(owner: Engine, sealed: int, keys: Keys, at: int, column: str) -> None:
    with tampering(owner) as connection:
        number = ids(connection)[at]
        connection.execute(update(LOGS).where(LOGS.c.id == number).values({column: EDITS[column]}))
        assert found(connection, keys) == f"Row {number} (block {block_of(connection, number)}) was edited."


def test_every_column_but_the_number_is_sealed() -> None:
    assert {*entries.COLUMNS, "created_at"} == set(LOGS.c.keys()) - {"id"} == set(EDITS)


@often
@given(at=place)
def test_a_deleted_row_is_named(owner: Engine, sealed: int, keys: Keys, at: int) -> None:
    with tampering(owner) as connection:
        number = ids(connection)[at]
        connection.execute(delete(LOGS).where(LOGS.c.id == number))
        assert found(connection, keys) == f"Row {number} (block {block_of(connection, number)}) was deleted."


def test_an_inserted_row_is_named(owner: Engine, sealed: int, keys: Keys) -> None:
    with tampering(owner) as connection:
        known = ids(connection)
        gaps = sorted(set(range(1, known[-1])) - set(known))
    for number in (*gaps, 0, -7):
        with tampering(owner) as connection:
            connection.execute(insert(LOGS).values(entry(5, id=number)))
            assert found(connection, keys).startswith(
                f"Row {number} (block {block_of(connection, max(number, 1))}) was inserted"
            )


def test_a_row_beyond_what_was_given_out_is_named(owner: Engine, sealed: int, keys: Keys) -> None:
    with tampering(owner) as connection:
        connection.execute(insert(LOGS).values(entry(5, id=10**12)))
        assert found(connection, keys) == f"Row {10**12} was inserted with a number that was never given out."


@often
@given(pair=st.sets(place, min_size=2, max_size=2), by_number=st.booleans())
def test_swapped_rows_are_named(
    owner: Engine, sealed: int, keys: Keys, pair: set[int], by_number: bool
) -> None:
    with tampering(owner) as connection:
        known = ids(connection)
        low, high = sorted(known[at] for at in pair)
        if by_number:
            for was, becomes in ((low, -9), (high, low), (-9, high)):
                connection.execute(update(LOGS).where(LOGS.c.id == was).values(id=becomes))
        else:
            held = {
                row.id: row._asdict()
                for row in connection.execute(select(LOGS).where(LOGS.c.id.in_((low, high))))
            }
            for one, other in ((low, high), (high, low)):
                connection.execute(update(LOGS).where(LOGS.c.id == one).values(held[other] | {"id": one}))
        within = block_of(connection, low)
        assert (
            found(connection, keys)
            == f"Row {low} (block {within}) was swapped: it holds what row {high} held."
        )


@often
@given(at=place)
def test_a_cut_tail_of_rows_is_named(owner: Engine, sealed: int, keys: Keys, at: int) -> None:
    with tampering(owner) as connection:
        number = ids(connection)[at]
        connection.execute(delete(LOGS).where(LOGS.c.id >= number))
        assert found(connection, keys) == f"Row {number} (block {block_of(connection, number)}) was deleted."


def cut(connection: Connection, block: int) -> None:
    """Cut off rows and blocks from a block on."""
    first = connection.execute(select(BLOCKS.c.first_id).where(BLOCKS.c.id == block)).scalar_one()
    connection.execute(delete(LOGS).where(LOGS.c.id >= first))
    connection.execute(delete(BLOCKS).where(BLOCKS.c.id >= block))


@pytest.mark.parametrize("block", range(1, 7))
def test_a_tail_cut_with_its_blocks_is_seen(owner: Engine, sealed: int, keys: Keys, block: int) -> None:
    with tampering(owner) as connection:
        point = checkpoint.take(connection, keys)
        assert point
        cut(connection, block)
        assert (
            found(connection, keys)
            == f"The log is cut: 6 blocks were made, and it ends with block {block - 1}."
        )
        connection.execute(
            text("UPDATE revisions SET number = :n WHERE name = 'audit_blocks'"), {"n": block - 1}
        )
        assert found(connection, keys) == ""
        assert f"is cut: it ends with block {block - 1}" in found(connection, keys, point)


@pytest.mark.parametrize("block", range(1, 6))
def test_a_missing_block_is_named(owner: Engine, sealed: int, keys: Keys, block: int) -> None:
    with tampering(owner) as connection:
        connection.execute(delete(BLOCKS).where(BLOCKS.c.id == block))
        assert found(connection, keys) == f"Block {block} is missing."


BLOCK_EDITS: dict[str, Any] = {
    "first_id": 0, "last_id": 10**9, "row_count": 1, "merkle_root": "0" * 64, "marks": b"",
    "previous_mac": "1" * 64, "mac": "2" * 64, "sealed_at": now(),
}  # fmt: skip


@pytest.mark.parametrize("column", BLOCK_EDITS)
@often
@given(block=st.integers(min_value=1, max_value=6))
def test_an_edited_block_is_named(owner: Engine, sealed: int, keys: Keys, column: str, block: int) -> None:
    with tampering(owner) as connection:
        connection.execute(update(BLOCKS).where(BLOCKS.c.id == block).values({column: BLOCK_EDITS[column]}))
        assert found(connection, keys) == f"Block {block} was rewritten: its seal does not match it."


def test_every_column_of_a_block_is_tried() -> None:
    assert set(BLOCK_EDITS) | {"id", "key_id"} == set(AuditBlock.__table__.c.keys())


def test_a_block_under_an_unknown_key_is_named(owner: Engine, sealed: int, keys: Keys) -> None:
    with tampering(owner) as connection:
        connection.execute(update(BLOCKS).where(BLOCKS.c.id == 3).values(key_id="abcdefab"))
        assert found(connection, keys).startswith("Block 3 cannot be verified: sealed with the key abcdefab")


def reseal(connection: Connection, keys: Keys, number: int, *, to_the_end: bool) -> None:
    """Edit a row and seal its block anew, as one who holds the key; `to_the_end`, all blocks after it too."""
    connection.execute(update(LOGS).where(LOGS.c.id == number).values(performed_by="nobody"))
    previous, begun = blocks.START, False
    for block in [one for page in blocks.pages(connection) for one in page]:
        made = block
        if block.first_id <= number <= block.last_id or (begun and to_the_end):
            begun = True
            rows = entries.read(connection, previous.last_id, block.last_id)
            made = blocks.follow(previous, block.last_id, rows, keys, block.sealed_at)
            connection.execute(update(BLOCKS).where(BLOCKS.c.id == block.id).values(made.columns()))
        previous = made


@often
@given(at=st.integers(min_value=0, max_value=39))
def test_a_block_sealed_anew_breaks_the_chain(owner: Engine, sealed: int, keys: Keys, at: int) -> None:
    with tampering(owner) as connection:
        number = ids(connection)[at]
        block = block_of(connection, number)
        reseal(connection, keys, number, to_the_end=False)
        assert (
            found(connection, keys)
            == f"Block {block + 1} does not continue block {block}: one of them was rewritten."
        )


@often
@given(at=place)
def test_a_log_rewritten_with_the_key_is_seen_by_a_checkpoint(
    owner: Engine, sealed: int, keys: Keys, at: int
) -> None:
    with tampering(owner) as connection:
        point = checkpoint.take(connection, keys)
        assert point
        assert found(connection, keys, point) == ""
        reseal(connection, keys, ids(connection)[at], to_the_end=True)
        assert found(connection, keys) == ""
        assert found(connection, keys, point).startswith(
            "Block 6 or one before it was rewritten, with the key"
        )


@pytest.mark.parametrize(
    "change", [{"block": 3}, {"mac": "0" * 64}, {"made_at": "2020-01-01"}, {"signature": ""}]
)
def test_a_changed_checkpoint_is_told(owner: Engine, sealed: int, keys: Keys, change: dict[str, Any]) -> None:
    with tampering(owner) as connection:
        point = checkpoint.take(connection, keys)
        assert point
        assert "was changed" in found(connection, keys, replace(point, **change))


def test_a_look_from_a_later_block_on_trusts_what_is_before(owner: Engine, sealed: int, keys: Keys) -> None:
    with tampering(owner) as connection:
        early, late = ids(connection)[0], ids(connection)[30]
        connection.execute(delete(LOGS).where(LOGS.c.id == early))
        assert verify(connection, keys, since=1).fault is None
        assert verify(connection, keys, since=1).rows == 35
        connection.execute(delete(LOGS).where(LOGS.c.id == late))
        assert f"Row {late} " in str(verify(connection, keys, since=1).fault)
        assert str(verify(connection, keys, since=9).fault) == "Block 9 is missing."


def test_a_checkpoint_survives_its_line(app: Flask, owner: Engine, sealed: int, keys: Keys) -> None:
    with tampering(owner) as connection:
        point = checkpoint.take(connection, keys)
        assert point
        assert checkpoint.parse([point.line(), ""]) == [point]
    for line in ("{}", "[]", '{"block": "1"}', "x"):
        with pytest.raises(ValueError, match=r"checkpoint|character"):
            checkpoint.parse([line])
