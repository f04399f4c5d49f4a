"""The letters of a decision: prepared, each read by a person, then sent to all in one act."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from calls.models import Call, Grid
from calls.queries import sender_of
from portal.accounts.models import User
from portal.core.mailing import Action, Sender, compose
from portal.core.models import FrozenDocument
from portal.core.outbox import enqueue_email
from portal.core.rules import Refused
from portal.core.typography import format_quantity

from ..documents.letters import copies_of
from ..documents.notices import Round, ScoreRow, request_notice
from ..models import Application, Decision, DecisionLine, DecisionNotice
from ..queries.letters import letter_counts, lines_without_address
from ..queries.staff import (
    NOTICE_MAIL,
    lines_of,
    notice_period,
    recipients_by_file,
    was_opened,
)
from ..rankings import places_of

READY = FrozenDocument.State.READY
COPY_MAIL = "applications.notice_copy"
GONE = "Les lettres sont parties : elles ne se refont plus."
NAMED = 10  # files named at once among those that nobody would receive
# Added by juries: the day of the session, and the scores of a file by criterion ({label, score, maximum}).
JURY_DATES: list[Callable[[Call], date | None]] = []
SCORE_SHEETS: list[Callable[[Application], list[ScoreRow]]] = []


def round_of(decision: Decision) -> Round:
    """What the letters of a decision share."""
    days = (day_of_jury(decision.call) for day_of_jury in JURY_DATES)
    return Round(
        decision=decision,
        lines=list(lines_of(decision)),
        jury_on=next((day for day in days if day), None),
        grid=Grid.objects.filter(call=decision.call).first(),
        places=places_of(decision.call),
    )


def score_sheet(application: Application) -> list[ScoreRow]:
    """The scores by criterion, as the jury gives them; empty without a jury."""
    return [row for sheet in SCORE_SHEETS for row in sheet(application)]


@transaction.atomic
def prepare_notices(*, decision: Decision, by: User, at: datetime) -> int:
    """Write the letters that do not exist yet, and again those that failed; returns how many. Raises `Refused`."""
    locked = Decision.objects.select_for_update(of=("self",)).select_related("call__owner__profile").get(pk=decision.pk)
    if locked.notified_at:
        raise Refused(GONE)
    told = round_of(locked)
    written = 0
    for line in told.lines:
        notice = getattr(line, "notice", None)
        if notice and notice.document.state != FrozenDocument.State.FAILED:
            continue
        write_notice(line, notice, told, at)
        written += 1
    return written


def write_notice(line: DecisionLine, notice: DecisionNotice | None, told: Round, at: datetime) -> None:
    """The letter of a line, or its next version when the first one could not be made; a new version is read again."""
    document = request_notice(line, told, scores=score_sheet(line.application), at=at)
    if notice is None:
        DecisionNotice.objects.create(line=line, number=document.number, document=document, prepared_at=at)
    else:
        DecisionNotice.objects.filter(pk=notice.pk).update(
            document=document, prepared_at=at, read_at=None, read_by=None
        )


@transaction.atomic
def mark_notice_read(*, notice: DecisionNotice, by: User, at: datetime) -> None:
    """A person has read the letter, after opening it. The first reader stays."""
    locked = DecisionNotice.objects.select_for_update().get(pk=notice.pk)
    if locked.document.state != READY:
        raise Refused("Cette lettre n’est pas encore prête. Revenez dans un instant.")
    if not was_opened(locked, by):
        raise Refused("Ouvrez la lettre avant de la déclarer lue.")
    if locked.read_at is None:
        DecisionNotice.objects.filter(pk=locked.pk).update(read_at=at, read_by=by)


def obstacles_to_sending(decision: Decision) -> list[str]:
    """What is still to be done before all the letters leave, one sentence each."""
    if decision.notified_at:
        return ["Les lettres sont déjà parties."]
    counts = letter_counts(decision)
    pending, unread = counts["missing"] + counts["pending"] + counts["failed"], counts["unread"]
    sentences = []
    if pending:
        sentences.append(f"{format_quantity(pending, 'lettre n’est pas prête', 'lettres ne sont pas prêtes')}.")
    if unread:
        sentences.append(f"{format_quantity(unread, 'lettre reste', 'lettres restent')} à lire.")
    return sentences + [
        f"Aucune adresse connue pour la candidature {line.application.number} : ajoutez celle de la mairie."
        for line in lines_without_address(decision)[:NAMED]
    ]


@transaction.atomic
def send_notices(*, decision: Decision, by: User, at: datetime) -> int:
    """Send all the letters in one act; the decision is notified. Returns how many mails. Raises `Refused`."""
    locked = Decision.objects.select_for_update(of=("self",)).select_related("call__owner__profile").get(pk=decision.pk)
    if obstacles := obstacles_to_sending(locked):
        raise Refused(" ".join(obstacles))
    sender = sender_of(locked.call)
    lines = list(lines_of(locked))
    recipients = recipients_by_file([line.application_id for line in lines])
    written = sum(send_letter(line, recipients[line.application_id], sender, at) for line in lines)
    send_copies(locked, at)
    DecisionNotice.objects.filter(line__decision=locked).update(sent_at=at)
    Decision.objects.filter(pk=locked.pk).update(notified_at=at, notified_by=by)
    decision.notified_at, decision.notified_by = at, by
    return written


def send_letter(line: DecisionLine, recipients: list[str], sender: Sender, at: datetime) -> int:
    """One mail to each person of the file, the letter attached; at least once, never two of the same."""
    application = line.application
    written = 0
    for recipient in recipients:
        mail = compose(
            "applications/staff_notice",
            kind=NOTICE_MAIL,
            object_key=f"application:{application.uuid}",
            period=notice_period(line.decision),
            recipient=recipient,
            sender=sender,
            context={
                "application": application,
                "call": line.decision.call,
                "number": line.notice.number,
                "embargo_until": line.decision.embargo_until,
            },
            action=Action("Lire la décision", f"/candidatures/{application.uuid}/decision/"),
            attachment=line.notice.document,
        )
        written += enqueue_email(mail, at=at)
    return written


def send_copies(decision: Decision, at: datetime) -> int:
    """One mail to each person who has a copy (préfet, Région…), with the letters' outcomes; once. Returns how many."""
    wanted: dict[str, list[DecisionLine]] = {}
    texts = {text.outcome: text for text in decision.call.letter_texts.all()}
    for line in lines_of(decision):
        for _, address in copies_of(texts.get(line.outcome)):
            if address:
                wanted.setdefault(address, []).append(line)
    sender = sender_of(decision.call)
    return sum(send_copy(decision, address, lines, sender, at) for address, lines in wanted.items())


def send_copy(decision: Decision, address: str, lines: list[DecisionLine], sender: Sender, at: datetime) -> bool:
    mail = compose(
        "applications/notice_copy",
        kind=COPY_MAIL,
        object_key=f"call:{decision.call.slug}",
        period=notice_period(decision),
        recipient=address,
        sender=sender,
        context={"decision": decision, "call": decision.call, "lines": lines},
    )
    return enqueue_email(mail, at=at)
