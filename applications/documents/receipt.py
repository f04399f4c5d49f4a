"""The receipt of a deposit: its frozen snapshot (contract: templates/pdf/applications/receipt.html) and its request."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from calls.definition.timetable import MILESTONES
from calls.models import Call, CallRevision, Milestone
from portal.accounts.letterhead import letterhead
from portal.accounts.models import Organisation
from portal.core.calendar import day_of, end_of_day
from portal.core.documents import AttachedText, request_document
from portal.core.models import FrozenDocument
from portal.core.typography import choose, format_date, format_quantity, place_of, typeset

from ..models import Application, CompletionRequest, OutsideReceipt
from ..parcel.current import Contents
from ..queries.life import reopening_of

RECEIPT = "applications.receipt"
DATA_NOTICE = (
    "Les renseignements du dossier servent à instruire la candidature et à suivre l’accompagnement. Durées de "
    "conservation, destinataires et droits : page « Données personnelles » du portail."
)


def request_receipt(
    *,
    application: Application,
    parcel: Contents,
    revision: CallRevision,
    n: int,
    quality: str,
    received_at: datetime,
    completion: CompletionRequest | None = None,
    outside: OutsideReceipt | None = None,
) -> FrozenDocument:
    """Write the receipt of version `n`, rendered after commit by a worker; of a file received elsewhere, it says so."""
    answers = AttachedText(
        name=f"reponses-{application.number}-{n}.json",
        description="Réponses au formulaire de candidature",
        content=parcel.text,
    )
    return request_document(
        kind=RECEIPT,
        number=f"AD-{application.number}-{n}".upper(),
        title="Accusé d’enregistrement" if outside else "Accusé de dépôt",
        template="pdf/applications/receipt.html",
        snapshot={
            **receipt_snapshot(application, parcel, revision, n, quality, received_at, answers, completion),
            "outside": outside_block(outside) if outside else None,
        },
        at=received_at,
        attachments=[answers],
    )


def receipt_snapshot(
    application: Application,
    parcel: Contents,
    revision: CallRevision,
    n: int,
    quality: str,
    received_at: datetime,
    answers: AttachedText,
    completion: CompletionRequest | None = None,
) -> dict[str, Any]:
    """Plain data, nothing else: the document is never built from rows again."""
    call = application.call
    return {
        "institution": letterhead(call.owner),
        "call": {"title": call.title, "edition": call.edition, "closes_at": application.window.closes_at.isoformat()},
        "reopening": None if completion else reopening_block(application, received_at),
        "completion": completion_block(completion) if completion else None,
        "application": {
            "number": application.number,
            "deposited_at": received_at.isoformat(),
            "version": n,
            "project_title": parcel.title or "sans intitulé",
            "place": place_lines(application, parcel),
            "deposited_by": f"{quality}, {for_applicant(application)}",
            "rules_version": f"Version {revision.n} du {format_date(revision.made_at)}",
            "lead": {"name": capital(applicant_name(application)), "siren": application.lead.siren or ""},
            "co_applicants": [co_applicant_line(row) for row in parcel.co_applicants],
            "co_applicants_label": co_applicants_label(parcel.co_applicants),
        },
        "pieces": [_form_line(parcel, answers), *_piece_lines(parcel)],
        "promised": [
            {"label": promise["label"], "due_at": end_of_day(date.fromisoformat(promise["due_on"])).isoformat()}
            for promise in parcel.promises
        ],
        "explanations": explanations((v.sentence, parcel.justifications.get(v.code)) for v in parcel.ruled),
        "calendar": calendar_lines(call, application.window.closes_at),
        "contact": contact_block(call),
        "public_notice": "",
        "data_notice": data_notice(call),
    }


def explanations(rows: Iterable[tuple[str, str | None]]) -> list[dict[str, Any]]:
    """The conditions that the applicant has to explain, each with its words; None where nothing is to be explained."""
    return [
        {"sentence": sentence, "paragraphs": [line for line in text.split("\n") if line.strip()]}
        for sentence, text in rows
        if text is not None
    ]


def outside_block(outside: OutsideReceipt) -> dict[str, Any]:
    """Where and on what day the file was received, on what proof, and who entered it here."""
    return {
        "words": outside.words,
        "entered_at": outside.entered_at.isoformat(),
        "entered_by": str(outside.entered_by),
        "reference": outside.reference,
        "proof": {"filename": outside.proof.name, "size": outside.proof.size, "sha256": outside.proof.sha256},
    }


def co_applicant_line(row: Mapping[str, str]) -> dict[str, str]:
    """One co-applicant; the name of a commune says its kind."""
    commune = row["kind"] == Organisation.Kind.COMMUNE
    kind = "" if commune else Organisation.Kind(row["kind"]).label
    return {"name": capital(row["name"]), "kind": kind, "siren": row["siren"]}


def co_applicants_label(rows: Sequence[Mapping[str, str]]) -> str:
    """« Co-candidates » when they are communes only, « Co-candidats » otherwise; empty when the lead is alone."""
    if not rows:
        return ""
    communes = all(row["kind"] == Organisation.Kind.COMMUNE for row in rows)
    return choose(len(rows), "Co-candidate" if communes else "Co-candidat")


def completion_block(completion: CompletionRequest) -> dict[str, str]:
    """The request that this version answers."""
    return {"asked_on": format_date(completion.asked_at), "until": completion.due_at.isoformat()}


def reopening_block(application: Application, received_at: datetime) -> dict[str, str] | None:
    """Said only of a deposit that the limit of everybody would have refused."""
    reopening = reopening_of(application)
    if reopening is None or received_at <= application.window.closes_at:
        return None
    return {
        "until": reopening.until.isoformat(),
        "decided_on": format_date(reopening.decided_at),
        "reason": typeset(reopening.reason),
    }


def place_lines(application: Application, parcel: Contents) -> list[dict[str, str]]:
    """Stage, track, stratum and wave of what was deposited: those that the call has."""
    facts, windows = parcel.facts, list(application.call.windows.all())
    stages = {window.stage for window in windows}
    same = [w for w in windows if (w.stage, w.track_id) == (application.stage, application.window.track_id)]
    lines = [
        ("Étape", application.get_stage_display().capitalize() if len(stages) > 1 else ""),
        ("Volet", facts["track"]["label"] if facts["track"] else ""),
        ("Strate", facts["stratum"]["label"] if facts["stratum"] else ""),
        ("Vague", (application.window.label or f"vague {application.window.wave}") if len(same) > 1 else ""),
    ]
    return [{"label": label, "value": value} for label, value in lines if value]


def applicant_name(application: Application) -> str:
    """« commune d’Étretat »."""
    commune = application.lead.commune
    return f"commune {place_of(commune.name, commune.article)}" if commune else application.lead.name


def for_applicant(application: Application) -> str:
    """« pour la commune d’Étretat », « pour Le Havre Seine Métropole »."""
    return f"pour {'la ' if application.lead.commune else ''}{applicant_name(application)}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _form_line(parcel: Contents, answers: AttachedText) -> dict[str, Any]:
    sections = format_quantity(parcel.section_count, "rubrique")
    return {
        "label": f"Formulaire de candidature, {sections}",
        "filename": answers.name,
        "size": len(parcel.text.encode()),
        "sha256": parcel.sha256,
        "attached": True,
    }


def _piece_lines(parcel: Contents) -> list[dict[str, Any]]:
    return [
        {
            "label": piece.label,
            "filename": piece.file.name,
            "size": piece.file.size,
            "sha256": piece.file.sha256,
            "attached": False,
        }
        for piece in parcel.pieces
    ]


def calendar_lines(call: Call, closes_at: datetime) -> list[dict[str, str]]:
    """What comes after the limit, by date, with the words of the call or the usual ones."""
    rows = sorted((row for row in call.milestones.all() if _day(row) >= day_of(closes_at)), key=_day)
    return [
        {"label": row.label or MILESTONES.get(row.code, row.code), "when": format_date(_day(row), weekday=True)}
        for row in rows
    ]


def _day(row: Milestone) -> date:
    return row.on or day_of(row.at)  # type: ignore[arg-type]  # one of the two, by constraint


def contact_block(call: Call) -> dict[str, str]:
    """Whom to call, in full."""
    profile, address = call.owner.profile, call.extras.get("contact_address")
    return {
        "service": call.contact_service if address else f"{profile.short_name}, {call.contact_service}",
        "address": address or profile.address_line,
        "phone": call.contact_phone or profile.contact_phone,
        "hours": call.contact_hours or profile.contact_hours,
        "email": call.contact_email,
    }


def data_notice(call: Call) -> str:
    notice = call.extras.get("data_notice") or {}
    text = notice.get("text", DATA_NOTICE)
    address = notice.get("dpo_mail") or call.owner.profile.dpo_email
    return typeset(f"{text} Délégué à la protection des données : {address}.")
