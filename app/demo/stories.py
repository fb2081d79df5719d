"""What customers of the demo desk write about, and how agents answer."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.tickets import Priority


@dataclass(frozen=True)
class Story:
    """One kind of request. Braces are filled in: order, product, amount, city."""

    topic: str
    title: str
    text: str
    answer: str
    thanks: str = "Thank you, that helped."
    more: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    priority: Priority | None = None
    german: bool = False


PRODUCTS = ("Barista One", "Barista Duo", "Office 40", "Café Pro", "Mini")
CITIES = ("Leeds", "Bristol", "Utrecht", "Lyon", "Hamburg", "Graz", "Porto", "Aarhus")

STORIES = (
    Story("billing", "Refund for order {order}", "Hi,\n\nI returned order {order} two weeks ago and still have not seen the refund on my card. The parcel was delivered on Monday.\n\nCould you check?",
          "Hello,\n\nthank you for the details. I can see the parcel arrived. I am asking our finance team for the exact date and get back to you today.",
          more="Any news on this? The amount is still missing from my account.", note="Finance says the refund was blocked: card expired. Needs a new IBAN.",
          thanks="It arrived this morning, thank you!"),
    Story("billing", "Invoice shows the wrong VAT number", "Our invoice {order} shows an old VAT number. Please send a corrected one, our accountant needs it this week.",
          "Hello,\n\nI have corrected the number and sent the new invoice to your address.", tags=("invoice",)),
    Story("billing", "Charged twice in one month", "I was charged {amount} twice this month for the same plan. I would like my money back for the second one.",
          "Hello,\n\nyou are right, the second charge was ours. The refund is on its way and shows on your card in three to five days.", note="Double charge from the payment provider, see their incident."),
    Story("billing", "Question about the team plan", "Do seats roll over when somebody leaves? We are {amount} people at the moment and it changes every month.",
          "Hello,\n\nyes: a free seat stays free until somebody takes it, at no cost for the rest of the month.", tags=("plan",)),
    Story("billing", "Rechnung für Bestellung {order} fehlt", "Guten Tag,\n\nzu meiner Bestellung {order} habe ich keine Rechnung bekommen. Können Sie sie mir schicken?",
          "Guten Tag,\n\ndie Rechnung ist jetzt unterwegs an Ihre Adresse. Sie finden sie auch im Konto unter Rechnungen.", thanks="Angekommen, vielen Dank!", german=True),
    Story("billing", "Cancel my subscription", "Please cancel my plan at the end of the month. The machine stays, I just drink less coffee now.",
          "Hello,\n\nit is cancelled for the end of the month. Nothing else changes, the machine keeps working."),
    Story("technical support", "Cannot log in after password reset", "I have tried the reset link three times. The app says the password is wrong every time, on two phones.",
          "Hello,\n\nplease delete the saved password in your phone's settings: it fills in the old one. Then sign in with the new one.", more="That was it on the first phone, the second still refuses.", thanks="Both work now. Thanks!"),
    Story("technical support", "{product} is leaking at the back", "There is water under my {product} every morning, about a cup. It started after I moved it to the other side of the kitchen.",
          "Hello,\n\nplease switch it off at the wall first. Then take the tank out and look at the rubber ring: it slips when the machine is tilted. I am sending you a new one in any case.",
          note="Third leak of this batch. Told quality.", thanks="The ring it was. Dry since Tuesday."),
    Story("technical support", "App crashes on start", "Since the update the app closes at once. Android 15. Restarting did not help.",
          "Hello,\n\nthe update of today fixes this. Please install it from the store and tell me if it still closes.", tags=("android",), note="Crash fixed in 4.12.1."),
    Story("technical support", "No crema on the {product}", "The coffee of my {product} is thin and has no crema since last week. Same beans as always.",
          "Hello,\n\nthat sounds like lime in the brewing group. Please run the descaling programme once and set the grinder one step finer.", more="Descaling done, a little better. Grinder is at the finest already.", thanks="After the second round it is perfect again."),
    Story("technical support", "Machine does not show up in the app", "The app finds my neighbour's machine, but not my {product}. Wi-Fi works for everything else.",
          "Hello,\n\nplease hold the Wi-Fi key for ten seconds until it blinks twice, and stay on the 2.4 GHz network while pairing.", tags=("wifi",)),
    Story("technical support", "SSO: SAML assertion rejected", "Our office login fails with *assertion rejected* since this morning. Nobody of 60 people can get in.",
          "Hello,\n\nyour certificate expired last night. Please upload the new one under Office → Sign-in, then it works at once.", priority=Priority.HIGH, tags=("sso",), thanks="We are in. Sorry for the noise!"),
    Story("technical support", "Maschine zeigt Fehler 14", "Hallo,\n\nunsere {product} zeigt seit heute früh Fehler 14 und heizt nicht mehr. Wir haben sie schon aus- und eingeschaltet.",
          "Guten Tag,\n\nFehler 14 ist der Temperaturfühler. Wir tauschen das Teil in der Garantie, der Kurier kommt innerhalb von drei Tagen.", thanks="Läuft wieder, danke für die schnelle Hilfe!", german=True),
    Story("technical support", "Webhook returns 401", "Our stock system gets 401 from your webhook since Friday. Signature mismatch, it says.",
          "Hello,\n\nthe secret was rotated on Friday. Please use the new one from the developer settings; both are valid until tomorrow.", tags=("api",)),
    Story("orders", "Parcel has not arrived in {city}", "Order {order} should have been here on Thursday. The courier's page says *delivered*, but nobody in the house has it.",
          "Hello,\n\nI am sorry. I have asked the courier to trace it and write to you tomorrow at the latest. If it stays lost, we send a new one.", more="Still nothing. Could you send the new one?", note="Courier confirms: wrong door. Replacement sent.", thanks="The new one is here. Great service."),
    Story("orders", "Delivery address cannot be edited", "The form does not let me change the address of order {order}. I moved to {city} last week.",
          "Hello,\n\nI have changed it for you. The courier sends a new date."),
    Story("orders", "Two bags of beans missing", "Order {order} came with four bags instead of six. The box was closed.",
          "Hello,\n\nthat should not happen. The two missing bags leave the warehouse today."),
    Story("orders", "Can you deliver to an office on Saturday?", "We are {city} and closed on weekdays until noon. Is Saturday possible?",
          "Hello,\n\nyes, between nine and one. I have noted it on your account."),
    Story("orders", "Wo bleibt meine Bestellung {order}?", "Guten Tag,\n\nmeine Bestellung {order} ist seit zehn Tagen unterwegs. Ist sie verloren gegangen?",
          "Guten Tag,\n\ndie Sendung hing beim Kurier in {city} fest und kommt morgen. Bitte entschuldigen Sie.", thanks="Ist da. Danke!", german=True),
    Story("feature request", "Dark mode for the app", "I make my first coffee at five in the morning. The white screen is very bright at that hour. Could there be a dark one?",
          "Hello,\n\nthank you, that is a good idea and many ask for it. I have passed it on.", tags=("app",)),
    Story("feature request", "Export brewing statistics as CSV", "For our office report I would like to export how many cups each machine made, per day.",
          "Hello,\n\nthis is planned for the office plan. I have added your vote.", tags=("office",)),
    Story("feature request", "Timer per weekday", "The timer is the same every day. On weekends I get up later.",
          "Hello,\n\na fine wish. I passed it on to the people who build the app."),
    Story("general inquiry", "Do you have a showroom in {city}?", "I would like to try the {product} before buying. Is there a place near {city}?",
          "Hello,\n\nyes, our partner in {city} shows it on weekdays from ten to six. No appointment needed."),
    Story("general inquiry", "Which beans fit the {product}?", "I like it dark and without acid. Which of your beans would you take for the {product}?",
          "Hello,\n\nI would take *Harbour*, ground one step finer than usual. The first bag is on us, please tell me how it was."),
    Story("general inquiry", "Are the capsules recyclable?", "My town asks. Which bin do they go into?",
          "Hello,\n\nthe paper ones go into organic waste, the others into metal. The article in our help centre has pictures."),
)  # fmt: skip
