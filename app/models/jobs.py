"""Work that takes longer than a request: changes of many rows, exports and imports, and what of it failed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.declare import Api, Can, Choice, Desk, Grant, Menu, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.core.matter import Matter
from app.models.base import (
    Created,
    Entry,
    asked,
    choice,
    employee_link,
    json_object,
    link,
    moment,
    ordered,
    short_text,
)
from app.models.files import File


class JobKind(Choice):
    """What a job does."""

    BULK = "bulk", _("Change of many")
    EXPORT = "export", _("Export")
    IMPORT = "import", _("Import")
    REPLAY = "replay", _("Send again")
    RETYPE = "retype", _("Change of type")


class JobState(Choice):
    """How far a job has come."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    PARKED = "parked", _("Parked")


OPEN = (JobState.WAITING, JobState.RUNNING)
"""The states in which something is still to come."""


class Job(Entry, Created):
    """One piece of long work of one person, done in batches; `cursor` says where the next one begins.

    A worker takes a lease (`leased_until`, `lease_count` + 1), and each batch commits its rows together
    with the cursor, so that whatever is cut off goes on from there. `attempts` counts leases since the last
    batch that was done.
    """

    __tablename__ = "jobs"
    __table_args__: Any = (
        Index("ix_jobs_open", "due_at", postgresql_where=text("state IN ('waiting', 'running')")),
        *asked("jobs", "kind", "state", "employee_id", words=("object_table",)),
        *ordered("jobs", "created_at"),
    )

    kind: Mapped[JobKind] = mapped_column(choice(JobKind), info=ui(_("What")))
    object_table: Mapped[str] = mapped_column(String(63), info=ui(_("Table")))
    verb: Mapped[str] = mapped_column(String(40), info=ui(_("Deed")))
    arguments: Mapped[json_object] = mapped_column(info=ui(_("Arguments"), secret=True))
    employee_id: Mapped[int | None] = employee_link(delete="CASCADE", index=False, info=ui(_("Started by")))
    api_key_id: Mapped[int | None] = link("api_keys.id", delete="CASCADE", info=ui(_("Started by the key")))
    state: Mapped[JobState] = mapped_column(
        choice(JobState), default=JobState.WAITING, server_default="waiting", info=ui(_("State"))
    )
    total: Mapped[int | None] = mapped_column(BigInteger, info=ui(_("Rows")))
    done: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0", info=ui(_("Done")))
    failed: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0", info=ui(_("Failed")))
    cursor: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0", info=ui(_("Up to")))
    cancel_requested: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default="false", info=ui(_("To be cancelled"))
    )
    due_at: Mapped[moment] = mapped_column(default=now, info=ui(_("Due")))
    leased_until: Mapped[moment | None] = mapped_column(info=ui(_("Leased until")))
    lease_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0", info=ui(_("Leases")))
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0", info=ui(_("Tries")))
    error: Mapped[str | None] = mapped_column(Text, info=ui(_("Error")))
    started_at: Mapped[moment | None] = mapped_column(info=ui(_("Started")))
    finished_at: Mapped[moment | None] = mapped_column(info=ui(_("Ended")))
    file_id: Mapped[int | None] = link("files.id", delete="SET NULL", info=ui(_("File")))

    file: Mapped[File | None] = relationship(viewonly=True)

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to come."""
        return self.state in OPEN

    resource = Resource(
        title=_("Job"), plural=_("Jobs"), desk=Desk.WATCH, menu=Menu.RECORDS, icon="clock", label="id",
        columns=("created_at", "kind", "object_table", "verb", "state", "total", "done", "failed", "finished_at"),
        show=(
            "created_at", "kind", "object_table", "verb", "state", "total", "done", "failed", "attempts", "started_at",
            "finished_at", "error",
        ),
        filters=("kind", "object_table", "state", "employee_id", "created_at"), grows=True, order="-created_at",
        matters=(Matter(label=_("Jobs that stopped"), asks="state=failed,parked", icon="ban"),),
        page="/jobs/{id}",
        rows=Rows(owner="employee_id", key="api_key_id"),
        allow={
            Role.ADMIN: Grant(Can.READ | Can.EDIT),
            Role.SUPERVISOR: Grant(Can.READ | Can.EDIT, rows=Scope.OWN),
            Role.AGENT: Grant(Can.READ | Can.EDIT, rows=Scope.OWN),
        },
        keys=Grant(Can.READ | Can.EDIT),
        audit=("kind", "object_table", "verb", "state"), service="jobs", actions=("cancel", "retry"),
        single=("cancel", "retry"),
        api=Api(
            show=(
                "id", "kind", "object_table", "verb", "state", "total", "done", "failed", "cancel_requested", "error",
                "file_id", "created_at", "started_at", "finished_at",
            )
        ),
    )  # fmt: skip


class JobFailure(Entry):
    """One row that a job could not do, and why."""

    __tablename__ = "job_failures"

    job_id: Mapped[int] = link("jobs.id", nullable=False, info=ui(_("Job")))
    position: Mapped[int] = mapped_column(BigInteger, info=ui(_("Row")))
    label: Mapped[short_text] = mapped_column(info=ui(_("Name")))
    field: Mapped[str] = mapped_column(String(120), default="", info=ui(_("Field")))
    code: Mapped[str] = mapped_column(String(60), info=ui(_("Code")))
    message: Mapped[str] = mapped_column(Text, info=ui(_("Why")))
    raw: Mapped[Any | None] = mapped_column(JSONB, info=ui(_("As it was given"), secret=True))

    job: Mapped[Job] = relationship(viewonly=True)

    resource = Resource(
        title=_("Row that failed"), plural=_("Rows that failed"), label="label",
        columns=("position", "label", "field", "message"), order="position",
        rows=Rows(owner="job.employee_id", key="job.api_key_id"),
        allow={
            Role.ADMIN: Grant(Can.READ),
            Role.SUPERVISOR: Grant(Can.READ, rows=Scope.OWN),
            Role.AGENT: Grant(Can.READ, rows=Scope.OWN),
        },
        keys=Grant(Can.READ),
        api=Api(show=("id", "job_id", "position", "label", "field", "code", "message")),
    )  # fmt: skip
