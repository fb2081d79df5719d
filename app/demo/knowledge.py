"""The knowledge base of the demo desk."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import services
from app.access import SYSTEM
from app.models.articles import Article, ArticleState
from app.models.people import Employee

ARTICLES: tuple[tuple[str, str, str], ...] = (
    ("Machines", "Descale your machine", "Lime is the reason for thin coffee and long brewing times.\n\n1. Fill the tank with descaling solution up to the mark.\n2. Put a bowl of one litre under the spout.\n3. Hold **Rinse** for five seconds. The programme takes 18 minutes.\n4. Rinse with two tanks of clear water.\n\nDo it every three months, with hard water every month."),
    ("Machines", "What the error codes mean", "| Code | Meaning | What to do |\n|---|---|---|\n| 8 | No water | Fill the tank and press it down |\n| 11 | Drip tray full | Empty it |\n| 14 | Temperature sensor | Write to us, it is a warranty case |\n| 21 | Grinder blocked | Switch off, take out the beans, look for a stone |"),
    ("Machines", "Clean the milk system", "Once a week, take the milk system apart and rinse it with warm water. All four parts may go into the dishwasher."),
    ("Machines", "Set the grinder", "Turn the wheel one step at a time, and only while it grinds. Finer makes stronger and slower coffee."),
    ("Machines", "Water under the machine", "Nearly always it is the rubber ring of the tank. Take the tank out, press the ring flat and put the tank back level. If it stays wet, switch the machine off at the wall and write to us."),
    ("Machines", "Move to another kitchen", "Empty tank and tray, switch off at the wall, carry it upright. Wait an hour before the first cup when it comes from the cold."),
    ("App", "Connect the machine with the app", "1. Stay on the 2.4 GHz network.\n2. Hold the Wi-Fi key for ten seconds until it blinks twice.\n3. Open the app and choose **Add a machine**.\n\nThe phone may change back to 5 GHz afterwards."),
    ("App", "Reset your password", "Choose **Forgot password** at sign-in. The link works once, for 15 minutes. If the app still says that the password is wrong, delete the saved one in your phone's settings."),
    ("App", "Let colleagues use the office machine", "Under *Office → People* you invite by e-mail. Everybody brews with their own profile."),
    ("App", "Single sign-on for offices", "We speak SAML 2.0. Upload your metadata under *Office → Sign-in*. Remember that certificates expire: we write to you 30 days before."),
    ("Billing", "When will I get my refund?", "Three to five working days after we have the parcel back, to the card you paid with. If that card has expired we ask you for an account number."),
    ("Billing", "Find your invoices", "Under *Account → Invoices*. Each has six digits, which we ask for when you write to us."),
    ("Billing", "Change or cancel your plan", "A change begins on the first of the next month. You may cancel any time; the machine keeps working."),
    ("Billing", "Seats and how they are counted", "A seat is a person with a profile. Free seats cost nothing for the rest of the month."),
    ("Orders", "Where is my parcel?", "The mail we send with it holds the courier's link. If it says *delivered* and nobody has it, write to us: we trace it and send a new one if it stays lost."),
    ("Orders", "Change the delivery address", "Until the parcel leaves the warehouse you can change it in your account. Afterwards we can, if you write to us the same day."),
    ("Orders", "Send something back", "Within 30 days, in any box. Print the label from your account and drop it at a parcel shop."),
    ("Beans", "Which beans fit which machine", "| Machine | Beans | Grinder |\n|---|---|---|\n| Barista One | Harbour | 3 |\n| Barista Duo | Harbour, Meadow | 3–4 |\n| Office 40 | Meadow | 5 |\n| Mini | capsules only | – |"),
    ("Beans", "Are the capsules recyclable?", "Paper capsules go into organic waste, metal ones into metal. Please take the lid off first."),
    ("Inside", "How we trace parcels", "Open the courier's desk with the customer's number, choose **Trace**, note the case in the ticket and come back the next day."),
)  # fmt: skip


def write(session: Session, authors: list[Employee]) -> None:
    """Write twenty articles; the last section is for employees only."""
    for place, (section, title, content) in enumerate(ARTICLES):
        state = ArticleState.INTERNAL if section == "Inside" else ArticleState.PUBLIC
        values = {
            "title": title,
            "content": content,
            "section": section,
            "tags": [section.casefold()],
            "language": "en",
        }
        article = services.add(session, SYSTEM, Article, {**values, "state": state})
        article.created_by = authors[place % len(authors)].id
