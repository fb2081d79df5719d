"""Sealing while others write: no row is missed, none appears afterwards, nobody waits."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, func, insert, select, text

from app.adapters.audit_keys import Keys
from app.core.clock import frozen, now
from app.core.extensions import db
from app.jobs import schedule
from app.models.audit import AuditBlock
from app.services import audit
from app.services.audit import seal, verify
from tests.audit.conftest import LOGS, entry

Write = Callable[..., None]
NEVER_WAITS = dt.timedelta(0)
SECONDS = 2.5


@pytest.fixture(scope="module")
def engine(app: Flask) -> Iterator[Engine]:
    """Connections as the application's role, beside the application's own."""
    made = create_engine(app.config["DATABASE_URL"], pool_size=12)
    yield made
    made.dispose()


@pytest.fixture(autouse=True)
def all_sealed(app: Flask, keys: Keys) -> None:
    """Whatever earlier tests wrote is sealed."""
    with app.app_context():
        audit.seal_now(db.session(), keys)
        db.session.commit()


@contextmanager
def writing(engine: Engine, number: int) -> Iterator[Connection]:
    """A transaction that has written a row and goes on."""
    with engine.connect() as connection:
        connection.execute(insert(LOGS).values(entry(number)))
        yield connection


def look(app: Flask, sealer: audit.Sealer, keys: Keys) -> int:
    """One look, committed."""
    with app.app_context():
        sealed = sealer.look(db.session(), keys)
        db.session.commit()
        return sealed


def fault(engine: Engine, keys: Keys) -> str | None:
    """What the look at everything says."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = verify(connection, keys).fault
        return str(found) if found else None


def test_a_row_that_commits_late_is_waited_for(app: Flask, engine: Engine, keys: Keys, write: Write) -> None:
    sealer = audit.Sealer(NEVER_WAITS)
    with writing(engine, 1) as late:
        write(range(2, 4))
        assert look(app, sealer, keys) == 0
        assert look(app, sealer, keys) == 0
        write(range(4, 5))
        late.commit()
    with writing(engine, 5):  # began after the first look: its number is greater, so it is not waited for
        assert look(app, sealer, keys) == 3
        assert fault(engine, keys) is None
    assert look(app, sealer, keys) == 1
    assert fault(engine, keys) is None


def test_a_row_that_never_commits_leaves_a_gap(app: Flask, engine: Engine, keys: Keys, write: Write) -> None:
    sealer = audit.Sealer(NEVER_WAITS)
    with writing(engine, 1) as late:
        write(range(2, 3))
        assert look(app, sealer, keys) == 0
        late.rollback()
    assert look(app, sealer, keys) == 1
    assert fault(engine, keys) is None


def write_on(engine: Engine, seed: int, over: threading.Event) -> None:
    """Write in transactions of a few rows, one in five of which is rolled back."""
    chance = random.Random(seed)
    while not over.is_set():
        with engine.connect() as connection:
            for number in range(chance.randint(1, 4)):
                connection.execute(insert(LOGS).values(entry(number)))
                over.wait(chance.random() / 200)
            (connection.rollback if chance.random() < 0.2 else connection.commit)()


def repeat(work: Callable[[], object], results: list[object], over: threading.Event) -> None:
    """Do `work` again and again and keep what it gives."""
    while not over.is_set():
        results.append(work())
        over.wait(0.005)


def test_many_writers_and_sealers_never_cause_a_false_alarm(app: Flask, engine: Engine, keys: Keys) -> None:
    over, faults, made = threading.Event(), [], []
    sealers = [audit.Sealer(NEVER_WAITS) for _ in range(2)]
    work = [threading.Thread(target=write_on, args=(engine, seed, over)) for seed in range(6)]
    work += [
        threading.Thread(target=repeat, args=(partial(look, app, sealer, keys), made, over))
        for sealer in sealers
    ]
    work.append(threading.Thread(target=repeat, args=(partial(fault, engine, keys), faults, over)))
    for thread in work:
        thread.start()
    over.wait(SECONDS)
    over.set()
    for thread in work:
        thread.join()
    assert sum(bool(rows) for rows in made) > 3
    assert len(faults) > 3
    assert set(faults) == {None}
    look(app, audit.Sealer(NEVER_WAITS), keys)
    with engine.connect() as connection:
        report = verify(connection, keys)
        assert (report.fault, report.unsealed) == (None, 0)
        assert report.rows == connection.scalar(select(func.count()).select_from(LOGS))


def test_rows_wait_half_a_minute_for_others_to_share_a_block(app: Flask, keys: Keys, write: Write) -> None:
    start, sealer = now() + dt.timedelta(hours=1), audit.Sealer()
    write(range(1))
    with frozen(start):
        assert look(app, sealer, keys) == 1
    write(range(2))
    with frozen(start + seal.EVERY - dt.timedelta(seconds=1)):
        assert look(app, sealer, keys) == 0
    with frozen(start + seal.EVERY):
        assert look(app, sealer, keys) == 2
    with frozen(start + 2 * seal.EVERY):
        assert look(app, sealer, keys) == 0, "nothing new: no block"


def test_no_session_keeps_numbers_for_later(engine: Engine) -> None:
    with engine.connect() as connection:
        kept = "SELECT seqcache FROM pg_sequence WHERE seqrelid = 'audit_logs_id_seq'::regclass"
        assert connection.scalar(text(kept)) == 1


def test_one_seals_at_a_time(app: Flask, engine: Engine, keys: Keys, write: Write) -> None:
    write(range(1))
    with engine.connect() as other:
        assert other.scalar(select(func.pg_try_advisory_xact_lock(seal.LOCK)))
        assert look(app, audit.Sealer(NEVER_WAITS), keys) == 0


def test_many_rows_are_sealed_in_several_goes(
    app: Flask, engine: Engine, keys: Keys, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "ROWS", 4)
    monkeypatch.setattr(seal, "AT_ONCE", 2)
    write(range(19))
    sealer = audit.Sealer(NEVER_WAITS)
    assert [look(app, sealer, keys) for _ in range(4)] == [8, 8, 3, 0]
    assert fault(engine, keys) is None


def test_the_clockwork_seals(app: Flask, engine: Engine, write: Write, keys: Keys) -> None:
    app.config["AUDIT_KEY"] = (
        "the key of the clockwork, and a former one,a key to seal with, long enough for anybody"
    )
    write(range(3))
    with app.app_context(), frozen(now() + dt.timedelta(hours=2)):
        schedule.beat()
    with engine.connect() as connection:
        newest = select(AuditBlock.row_count).order_by(AuditBlock.id.desc()).limit(1)
        assert connection.scalar(newest) == 3
        assert "sealed with the key" in str(verify(connection, keys).fault)


def test_a_new_key_seals_on_and_former_ones_verify(app: Flask, engine: Engine, write: Write) -> None:
    former = "the key of the clockwork,a key to seal with, long enough for anybody"
    for key in ("second", "third, second"):
        write(range(2))
        with app.app_context():
            audit.seal_now(db.session(), Keys(key))
            db.session.commit()
    assert fault(engine, Keys(f"third,second,{former}")) is None
    last = select(AuditBlock.id).where(AuditBlock.key_id == Keys("second").current)
    with engine.connect() as connection:
        number = connection.execute(last).scalar_one()
    assert f"Block {number} cannot be verified" in str(fault(engine, Keys(f"third,{former}")))
