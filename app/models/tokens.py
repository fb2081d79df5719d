"""One-time links: sign-in, reset, invitation, verification, rating. Only digests are kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.declare import Choice, Resource, ui
from app.core.i18n import _
from app.models.base import Created, Entry, choice, moment


class Purpose(Choice):
    """What a link is for."""

    SIGN_IN = "sign_in", _("Sign-in")
    RESET = "reset", _("Password reset")
    INVITE = "invite", _("Invitation")
    VERIFY = "verify", _("Verification")
    RATE = "rate", _("Rating")


class Token(Entry, Created):
    """The digest of a link, for whom it is, and until when it works."""

    __tablename__ = "tokens"
    __table_args__: Any = (Index("ix_tokens_subject", "subject_type", "subject_id"),)

    purpose: Mapped[Purpose] = mapped_column(choice(Purpose), info=ui(_("Purpose")))
    digest: Mapped[str] = mapped_column(String(64), unique=True, info=ui(_("Digest"), secret=True))
    subject_type: Mapped[str] = mapped_column(String(20), info=ui(_("Kind of person")))
    subject_id: Mapped[int] = mapped_column(BigInteger, info=ui(_("Person or ticket")))
    expires_at: Mapped[moment] = mapped_column(info=ui(_("Expires")))
    used_at: Mapped[moment | None] = mapped_column(info=ui(_("Used")))

    resource = Resource(title=_("Link"), plural=_("Links"), label="id")
