"""The mails about the questions asked on a call."""

from django.urls import reverse

from portal.core.mailing import Action, compose
from portal.core.models import OutboundEmail
from portal.core.outbox import Mail

from .models import Enquiry
from .queries import sender_of


def question_received(enquiry: Enquiry) -> Mail:
    """To the contact of the call: someone asks."""
    call = enquiry.call
    return compose(
        "calls/question_received",
        kind="call.question_received",
        object_key=f"enquiry:{enquiry.uuid}",
        recipient=call.contact_email,
        sender=sender_of(call),
        context={"call": call, "enquiry": enquiry},
        action=Action("Répondre à cette question", reverse("staff_question", args=[call.slug, enquiry.uuid])),
    )


def question_answered(enquiry: Enquiry, recipient: str) -> Mail:
    """To the person who asked: question and answer, as published."""
    call = enquiry.call
    return compose(
        "calls/question_answered",
        kind="call.question_answered",
        object_key=f"enquiry:{enquiry.uuid}",
        recipient=recipient,
        sender=sender_of(call),
        context={"call": call, "enquiry": enquiry},
        action=Action("Lire toutes les questions et réponses", reverse("call_answers", args=[call.slug])),
    )


def told_of(enquiry: Enquiry) -> list[str]:
    """Where the answer was sent: the address is no more with the question, only in the mail that left."""
    sent = OutboundEmail.objects.filter(kind="call.question_answered", object_key=f"enquiry:{enquiry.uuid}")
    return list(sent.values_list("recipient", flat=True).order_by("recipient"))


def answer_corrected(enquiry: Enquiry, recipient: str, reason: str) -> Mail:
    """To the person who asked: the answer is no longer what they read."""
    call = enquiry.call
    return compose(
        "calls/answer_corrected",
        kind="call.answer_corrected",
        object_key=f"enquiry:{enquiry.uuid}",
        recipient=recipient,
        sender=sender_of(call),
        context={"call": call, "enquiry": enquiry, "reason": reason},
        action=Action("Lire toutes les questions et réponses", reverse("call_answers", args=[call.slug])),
        period=enquiry.corrected_at.isoformat() if enquiry.corrected_at else "",
    )


def question_declined(enquiry: Enquiry, recipient: str, reason: str) -> Mail:
    """To the person who asked: why the question is not published."""
    call = enquiry.call
    return compose(
        "calls/question_declined",
        kind="call.question_declined",
        object_key=f"enquiry:{enquiry.uuid}",
        recipient=recipient,
        sender=sender_of(call),
        context={"call": call, "enquiry": enquiry, "reason": reason},
        action=Action("Lire les questions déjà publiées", reverse("call_answers", args=[call.slug])),
    )
