"""What every table shares: the declaration fence, keys, versions, stamps and column shapes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from flask_appbuilder import Model
from sqlalchemy import (
    BigInteger,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Text,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.core.clock import now
from app.core.declare import Choice, Resource, ui
from app.core.i18n import _

Model.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

short_text = Annotated[str, mapped_column(String(200))]
"""One line of at most 200 characters."""
long_text = Annotated[str, mapped_column(Text)]
"""A text of any length."""
email_text = Annotated[str, mapped_column(String(320))]
"""A mail address; a column called `email` is checked as one."""
moment = Annotated[dt.datetime, mapped_column(DateTime(timezone=True))]
"""A point in time, kept in UTC."""
json_object = Annotated[dict[str, Any], mapped_column(JSONB, default=dict, server_default="{}")]
"""A JSON object, empty if nothing is given."""
json_list = Annotated[list[Any], mapped_column(JSONB, default=list, server_default="[]")]
"""A JSON list, empty if nothing is given; `ui(…, tags=True)` makes it a list of short texts."""


def choice(kind: type[Choice]) -> Enum:
    """Return the column type of a closed list: text with a CHECK, the StrEnum in Python."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def link(
    target: str, *, delete: str = "CASCADE", kind: Any = BigInteger, index: bool = True, **options: Any
) -> Any:
    """Return a foreign key to `target` ("teams.id"); `delete` is what SQL does to this row.

    It has an index of its own unless another one of the table begins with it (`asked`, say).
    """
    return mapped_column(kind, ForeignKey(target, ondelete=delete), index=index, **options)


def employee_link(*, delete: str = "SET NULL", **options: Any) -> Any:
    """Return a foreign key to an employee, whose key is that of the login (an integer)."""
    return link("employees.id", delete=delete, kind=Integer, **options)


def folded(table: str, *columns: str) -> tuple[Index, ...]:
    """Return an index on the folded text of each column, which finds equal texts and any part of a text."""
    return tuple(
        Index(
            f"ix_{table}_{column}_folded",
            literal_column(f"frontdesk_fold({column})").label("folded"),
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        )
        for column in columns
    )


def ordered(table: str, *columns: str) -> tuple[Index, ...]:
    """Return an index for the order of a list by each column, the key last, as its pages follow each other."""
    return tuple(Index(f"ix_{table}_{column}_order", column, "id") for column in columns)


def asked(
    table: str, *columns: str, words: tuple[str, ...] = (), order: str = "created_at"
) -> tuple[Index, ...]:
    """Return an index for lists narrowed down by a value of each column, in their order, the key last.

    So a page is read from one place of the index, whether hardly any row has the value or most have. Of texts
    (`words`), which are compared folded, equal ones are found; parts of them are not.
    """
    led: dict[str, Any] = {
        **{name: name for name in columns},
        **{name: text(f"frontdesk_fold({name})") for name in words},
    }
    return tuple(Index(f"ix_{table}_{name}_asked", value, order, "id") for name, value in led.items())


def custom(table: str) -> tuple[Index, ...]:
    """Return an index of the words by which the custom fields of a row are found (`app.fields.terms_sql`)."""
    terms = text("frontdesk_terms(custom_fields)")
    return (Index(f"ix_{table}_custom_fields", terms, postgresql_using="gin"),)


class Declared:
    """The fence: a mapped class states what it is, in a `resource` of its own, or is not defined."""

    resource: ClassVar[Resource]
    if TYPE_CHECKING:
        __tablename__: ClassVar[str]
        __table__: ClassVar[Any]
        id: Any

    def __init_subclass__(cls, **options: Any) -> None:
        if "__tablename__" in cls.__dict__ and not isinstance(cls.__dict__.get("resource"), Resource):
            raise TypeError(f"{cls.__name__} has a table but no declaration: resource = Resource(…)")
        super().__init_subclass__(**options)

    def __repr__(self) -> str:
        """Return class and key only: a representation must never run a query or show a secret."""
        return f"<{type(self).__name__} {self.__dict__.get('id')}>"


class Entry(Declared, Model):
    """A row that is written once and never edited by a person: a log, a delivery, a decision."""

    __abstract__ = True
    __table_args__: Any = ()
    __mapper_args__: ClassVar[Any] = {"eager_defaults": False}  # nobody waits for what the database fills in

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, info=ui(_("Number")))


class Record(Entry):
    """A row that people manage. `version` counts its changes and refuses a stale write."""

    __abstract__ = True

    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1", info=ui(_("Version")))

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  SQLAlchemy hands over the class
        return {"version_id_col": cls.__table__.c.version, "eager_defaults": False}


class Created:
    """Says when the row was made."""

    created_at: Mapped[moment] = mapped_column(default=now, info=ui(_("Created")), sort_order=90)


class Stamped(Created):
    """Says when the row was made and last changed."""

    updated_at: Mapped[moment] = mapped_column(
        default=now, onupdate=now, info=ui(_("Updated")), sort_order=91
    )
