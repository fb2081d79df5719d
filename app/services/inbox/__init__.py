"""What the inbox reads: the queues with their counts, a list, a ticket and everything beside it.

Reads only. Each function is one statement and asks `visible`, so that nobody sees another team's work.
"""

from __future__ import annotations

from app.services.inbox.beside import Macros, Other, macros, other_tickets
from app.services.inbox.entry import is_open_to
from app.services.inbox.events import Event, events
from app.services.inbox.order import NEWEST, Order
from app.services.inbox.people import People, people
from app.services.inbox.queues import CAP, VIEW, Kept, Places, Queue, places, queue, view_of
from app.services.inbox.rows import Line, Page, Question, rows
from app.services.inbox.ticket import Conversation, Opened, conversation, opened
from app.services.inbox.views import with_views

__all__ = [
    "CAP",
    "NEWEST",
    "VIEW",
    "Conversation",
    "Event",
    "Kept",
    "Line",
    "Macros",
    "Opened",
    "Order",
    "Other",
    "Page",
    "People",
    "Places",
    "Question",
    "Queue",
    "conversation",
    "events",
    "is_open_to",
    "macros",
    "opened",
    "other_tickets",
    "people",
    "places",
    "queue",
    "rows",
    "view_of",
    "with_views",
]
