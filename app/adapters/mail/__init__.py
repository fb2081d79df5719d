"""Outgoing mail: a letter, and the two ways it can go: by SMTP, or nowhere and be read in the console."""

from __future__ import annotations

from app.adapters.mail.letter import Letter, new_message_id
from app.adapters.mail.mailer import KeptMail, Mailer, MailFailed, Outcome
from app.adapters.mail.setup import from_config, sender
from app.adapters.mail.smtp import SmtpMail

__all__ = [
    "KeptMail",
    "Letter",
    "MailFailed",
    "Mailer",
    "Outcome",
    "SmtpMail",
    "from_config",
    "new_message_id",
    "sender",
]
