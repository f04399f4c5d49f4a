"""What the pages of a file share: the file in scope, its sections, its deadline, whom to call."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from calls.models import Call, Window
from calls.queries import milestone_day
from calls.rules import suspended
from portal.core import ui
from portal.core.typography import (
    choose,
    format_date,
    format_instant,
    format_quantity,
    format_time,
    sentence_left,
    typeset,
)

from .. import states
from ..content.progress import FileProgress, PieceProgress, SectionProgress
from ..documents.receipt import applicant_name, capital
from ..emails.files import of_applicant
from ..models import Application, Deposit
from ..queries.files import latest_deposit, own_applications, read_now
from ..queries.life import limit_of
from ..rules.files import can_edit, largest_group

STAGES = {
    states.DRAFT: "application",
    states.SUBMITTED: "examination",
    states.INADMISSIBLE: "examination",
    states.ADMISSIBLE: "jury",
    states.DECIDED: "jury",  # recorded, perhaps not notified: the commune learns nothing of it here
    states.WITHDRAWN: "application",
    states.KEPT: "examination",
    states.NOT_KEPT: "examination",
}


def own_application(request: HttpRequest, uuid: Any) -> Application:
    """The file of the address, of the person's own organisations, or 404; `read_at` is the instant of this reading."""
    application = get_object_or_404(read_now(own_applications(request.user)), uuid=uuid)
    request.institution = getattr(application.call.owner, "profile", None)
    return application


def file_context(request: HttpRequest, application: Application, at: datetime) -> dict[str, Any]:
    """Common context of every page of a file."""
    return {
        "application": application,
        "call": application.call,
        "closes_at": limit_of(application),
        "now": at,
        "of_applicant": of_applicant(application),
        "contact": contact_of(application.call),
        "banner": banner_of(application, at),
        "left": left_sentence(application, at),
    }


def writing_context(
    request: HttpRequest, application: Application, progress: FileProgress, at: datetime, current: str = ""
) -> dict[str, Any]:
    """Context of the pages where one writes: the list of sections beside the text."""
    return {
        **file_context(request, application, at),
        "progress": progress,
        "sections": [section_link(application, section, current) for section in progress.sections],
        "extra": extra_links(application, progress, current),
        "list_url": reverse("application", args=[application.uuid]),
    }


def section_link(application: Application, section: SectionProgress, current: str = "") -> ui.SectionLink:
    return ui.SectionLink(
        title=section.section.title,
        url=reverse("section", args=[application.uuid, section.section.code]),
        state=section.state,
        number=section.number,
        count=count_of(section),
        part=section.part,
        current=section.section.code == current,
    )


def count_of(section: SectionProgress) -> str:
    """« 3 sur 7 », « 2 à corriger », « À commencer »; nothing once complete."""
    if section.state == "to_correct":
        return f"{len(section.faults)} à corriger"
    if section.state == "begun":
        return f"{section.answered} sur {section.awaited}"
    return "À commencer" if section.state == "todo" else ""


def extra_links(application: Application, progress: FileProgress, current: str) -> list[ui.SectionLink]:
    here, asked = progress.pieces_here, sum(item.needed for item in progress.pieces)
    together = ui.SectionLink(
        title="Co-candidats",
        url=reverse("partners", args=[application.uuid]),
        icon="people",
        current=current == "partners",
    )
    return [
        *([together] if largest_group(application.call) else []),
        ui.SectionLink(
            title="Conditions",
            url=reverse("application_conditions", args=[application.uuid]),
            icon="check-circle",
            current=current == "conditions",
        ),
        ui.SectionLink(
            title="Pièces",
            url=reverse("pieces", args=[application.uuid]),
            icon="paperclip",
            count=f"{here} sur {asked}",
            current=current == "pieces",
        ),
        ui.SectionLink(
            title="Tout relire",
            url=reverse("application_read", args=[application.uuid]),
            icon="eye",
            current=current == "read",
        ),
    ]


def banner_of(application: Application, at: datetime) -> dict[str, str] | None:
    """The state banner of a page where one writes; none once the file can no longer change."""
    until = limit_of(application)
    limit = f"{format_instant(until)} (heure de Paris)"
    if suspended(application.call, at):
        text = "L’appel est suspendu : aucun dépôt n’est reçu. Ce que vous avez écrit est conservé."
        return {"title": "Brouillon, non déposé", "text": typeset(text)} if application.state == states.DRAFT else None
    if application.state == states.DRAFT and at > until:
        text = f"L’appel est clos depuis le {limit}. Votre brouillon est conservé, vous pouvez le relire."
        return {"title": "Brouillon, non déposé", "text": text}
    if application.state == states.DRAFT and at < application.window.opens_at:
        opens = format_instant(application.window.opens_at)
        text = f"Les candidatures ouvrent le {opens} (heure de Paris). Vous pourrez alors reprendre votre brouillon."
        return {"title": "Brouillon, non déposé", "text": text}
    if application.state == states.DRAFT:
        commune = application.lead.commune_id is not None
        who = "Seul le maire" if commune else "Seule la personne habilitée à signer"
        whose = "la commune" if commune else "votre organisme"
        text = f"{who} peut déposer, avant le {limit}. D’ici là, seuls {whose} et qui écrit avec vous le lisent."
        return {"title": "Brouillon, non déposé", "text": text}
    if application.state == states.SUBMITTED and at <= until:
        deposit = latest_deposit(application)
        assert deposit is not None
        text = f"La version {deposit.n} reste valable. Vos changements comptent une fois déposés, avant le {limit}."
        return {"title": "Nouvelle version, non déposée", "text": text}
    return None


def left_sentence(application: Application, at: datetime) -> str:
    """« Il reste 19 jours, jusqu’au mardi 31 mars 2026 à 23 h 59 (heure de Paris). »; empty once closed."""
    until = limit_of(application)
    left = sentence_left(until, at)
    return f"{left}, jusqu’au {format_instant(until)} (heure de Paris)." if left else ""


def contact_of(call: Call) -> ui.Contact:
    profile = getattr(call.owner, "profile", None)
    return ui.Contact(
        service=call.contact_service,
        phone=call.contact_phone,
        hours=call.contact_hours or (profile.contact_hours if profile else ""),
        email=call.contact_email,
    )


def stages_of(application: Application) -> list[ui.Stage]:
    """The chain of the file; a call without jury has no such link."""
    omit = () if hasattr(application.call, "jury_rules") else ("jury",)
    current = STAGES[application.state]
    return ui.chain("agreement" if current in omit else current, omit=omit)


def next_stage(application: Application) -> str:
    """« jury, le 5 mai 2027 »."""
    day = milestone_day(application.call, "jury")
    if application.state != states.SUBMITTED or day is None or not hasattr(application.call, "jury_rules"):
        return ""
    return f"jury, le {format_date(day)}"


def completeness_of(progress: FileProgress) -> str:
    """« 6 complètes sur 10 »."""
    complete = progress.complete_sections
    return f"{complete} {choose(complete, 'complète')} sur {len(progress.sections)}"


def summary_of(progress: FileProgress) -> str:
    """« 6 sections complètes sur 10, 3 pièces jointes sur 5. »"""
    complete, asked = progress.complete_sections, sum(item.needed for item in progress.pieces)
    sections = f"{complete} {choose(complete, 'section complète', 'sections complètes')} sur {len(progress.sections)}"
    here = progress.pieces_here
    return f"{sections}, {here} {choose(here, 'pièce jointe', 'pièces jointes')} sur {asked}."


def piece_row(application: Application, item: PieceProgress, accepted: str, *, editable: bool) -> ui.Piece:
    """One document asked for, as a row: its state in words and the one thing to do."""
    return ui.Piece(
        title=item.piece.label,
        state="refused" if item.isolated else item.state,
        line=piece_line(item, accepted),
        url=reverse("piece", args=[application.uuid, item.piece.code]),
        verb=piece_verb(item) if editable else "",
    )


def piece_line(item: PieceProgress, accepted: str) -> str:
    if item.isolated:
        names = ", ".join(attachment.file.name for attachment in item.isolated)
        return typeset(f"{names} contient un programme malveillant : le fichier est isolé. Joignez-en un autre.")
    if item.files:
        names = ", ".join(attachment.file.name for attachment in item.files)
        lacking = max(0, item.piece.min_count - len(item.files))
        return typeset(f"{names}. Il manque {format_quantity(lacking, 'fichier')}." if lacking else names)
    if item.promised_for:
        return f"Promise pour le {format_date(item.promised_for)}."
    optional = "" if item.needed else "Facultative. "
    promise = (
        f", ou promettez-la jusqu’au {format_date(item.piece.promised_until)}" if item.piece.promised_until else ""
    )
    return f"{optional}{accepted}{promise}."


def piece_verb(item: PieceProgress) -> str:
    if item.state == "promised":
        return "Transmettre"
    return "Modifier" if item.files else "Joindre"


def saved_label(at: datetime | None, now: datetime) -> str:
    """« Enregistré à 14 h 32 », with the day when it was another one."""
    if at is None:
        return ""
    same_day = format_date(at) == format_date(now)
    return (
        f"Enregistré à {format_time(at)}"
        if same_day
        else f"Enregistré le {format_instant(at, weekday=False, year=False)}"
    )


def wave_words(window: Window) -> str:
    """« Deuxième relève », or « vague 2 »."""
    return window.label or f"vague {window.wave}"


def editable(request: HttpRequest, application: Application, at: datetime) -> bool:
    return bool(can_edit(request.user, application, at))


def deposit_words(deposit: Deposit) -> str:
    """« Commune d’Étretat, le jeudi 12 mars 2026 à 16 h 04 min 27 s », or where it was received elsewhere."""
    if deposit.outside:
        return f"{capital(applicant_name(deposit.application))}, reçue {deposit.outside.words}"
    return f"{capital(applicant_name(deposit.application))}, le {format_instant(deposit.received_at, seconds=True)}"
