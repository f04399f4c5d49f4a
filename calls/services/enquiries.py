"""Acts on the questions of a call: ask, publish the answer, decline."""

from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused, require
from portal.core.workflow import fire

from .. import emails_enquiries as emails
from .. import states_enquiry
from ..models import Call, Enquiry, FormerAnswer
from ..rules import can_answer_questions, can_ask_question, can_correct_answers


@transaction.atomic
def ask_question(*, call: Call, email: str, text: str, at: datetime) -> Enquiry:
    """Keep a question and tell the contact of the call; the same one asked twice is one. Raises `Refused`."""
    require(can_ask_question(call, at))
    enquiry, created = Enquiry.objects.get_or_create(
        call=call, email=email.strip().lower(), asked=text, state=states_enquiry.ASKED, defaults={"asked_at": at}
    )
    if created:
        enqueue_email(emails.question_received(enquiry), at=at)
    return enquiry


@transaction.atomic
def publish_answer(*, enquiry: Enquiry, question: str, answer: str, by: User, at: datetime) -> None:
    """Make question and answer public, tell the person who asked, forget their address. Raises `Refused`."""
    require(can_answer_questions(by, enquiry.call, at))
    recipient = enquiry.email
    stamps = {"question": question, "answer": answer, "settled_at": at, "email": ""}
    fire(enquiry, states_enquiry.ANSWER, by=by, at=at, stamps=stamps)
    enqueue_email(emails.question_answered(enquiry, recipient), at=at)


@transaction.atomic
def correct_answer(*, enquiry: Enquiry, question: str, answer: str, reason: str, by: User, at: datetime) -> None:
    """Change what is published, keep what it was, tell the person who asked. Raises `Refused`."""
    require(can_correct_answers(by, enquiry.call, at))
    former = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if (former.question, former.answer) == (question, answer):
        raise Refused("Rien n’a changé : corrigez la question ou la réponse.")
    stamps = {"question": question, "answer": answer, "corrected_at": at}
    log = fire(enquiry, states_enquiry.CORRECT, by=by, at=at, reason=reason, stamps=stamps)
    FormerAnswer.objects.create(transition=log, question=former.question, answer=former.answer)
    for recipient in emails.told_of(enquiry):
        enqueue_email(emails.answer_corrected(enquiry, recipient, reason), at=at)


@transaction.atomic
def decline_question(*, enquiry: Enquiry, reason: str, by: User, at: datetime) -> None:
    """Set a question aside and tell the person who asked why. Raises `Refused`."""
    require(can_answer_questions(by, enquiry.call, at))
    recipient = enquiry.email
    fire(enquiry, states_enquiry.DECLINE, by=by, at=at, reason=reason, stamps={"settled_at": at, "email": ""})
    enqueue_email(emails.question_declined(enquiry, recipient, reason), at=at)
