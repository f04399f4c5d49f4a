"""What is awaited from a person of a commune, by date, and the three first steps of a newcomer."""

from datetime import datetime

from django.urls import reverse

from portal.accounts.models import Membership, User
from portal.accounts.queries import WRITING_RIGHTS, memberships_of
from portal.core.typography import format_date, format_quantity, format_time, time_left, typeset
from portal.core.ui import Action, Step

from .. import states
from ..content.progress import FileProgress, SectionProgress
from ..emails.files import of_applicant
from ..models import Application, ApplicationMember, SignatureRequest
from ..queries.completion import completions_of_owner
from ..queries.files import own_applications, progress_read, with_progress
from ..queries.life import limit_of
from ..queries.mandates import mandated_files
from ..queries.partners import invitations_to_answer
from ..rules.completion import can_complete
from ..rules.files import confirmed_writer, next_wave
from ..rules.life import file_accepts

LIMIT = 20


def actions_for(user: User, at: datetime) -> list[Action]:
    """Drafts to finish, signatures awaited, deposits to come, pieces promised, invitations to apply together."""
    memberships = {m.organisation_id: m for m in memberships_of(user)}
    files = own_applications(user).filter(state__in=[states.DRAFT, *states.DEPOSITED])
    asked, shared = {r.application_id: r for r in open_requests(files)}, shared_files(user)
    actions = [*invitation_actions(user, at), *completion_actions(user, at)]
    rows = with_progress(files).prefetch_related("call__windows").order_by("window__closes_at", "pk")
    for application in rows[:LIMIT]:
        membership = memberships.get(application.lead_id)
        if membership is None and application.pk in shared and in_time(application, at):
            actions += writing_actions(application, progress_read(application))
        if membership is None or membership.right == Membership.Right.READER:
            continue
        progress, request = progress_read(application, at), asked.get(application.pk)
        if in_time(application, at):
            actions += draft_actions(application, progress, request, user, membership, at)
        elif application.state == states.DRAFT:
            actions += wave_actions(application, at)
        else:
            actions += promise_actions(application, progress, at)
    return actions


def in_time(application: Application, at: datetime) -> bool:
    """A draft that may still be deposited."""
    return application.state == states.DRAFT and bool(file_accepts(application, at))


def shared_files(user: User) -> set[int]:
    """The files that a person writes for a co-applicant, or under a mandate."""
    members = ApplicationMember.objects.filter(confirmed_at__isnull=False, left_at=None).exclude(role="lead")
    mine = members.filter(organisation__in=confirmed_writer(user).values("organisation"))
    mandated = mandated_files(user, WRITING_RIGHTS).values_list("pk", flat=True)
    return {*mine.values_list("application_id", flat=True), *mandated}


def invitation_actions(user: User, at: datetime) -> list[Action]:
    """Invitations to apply together, before the limit."""
    waiting = invitations_to_answer(user).filter(application__window__closes_at__gte=at)
    return [
        Action(
            title=f"Répondre à {member.application.lead}, qui propose une candidature commune",
            url=reverse("partner_answer", args=[member.application.uuid, member.pk]),
            verb="Lire et répondre",
            due=member.application.window.closes_at,
            consequence=closing_words(member.application, at),
        )
        for member in waiting[:LIMIT]
    ]


def open_requests(files) -> list[SignatureRequest]:
    waiting = SignatureRequest.objects.filter(application__in=files, state=SignatureRequest.State.ASKED)
    return list(waiting.select_related("signatory", "asked_by"))


def draft_actions(
    application: Application,
    progress: FileProgress,
    request: SignatureRequest | None,
    user: User,
    membership: Membership,
    at: datetime,
) -> list[Action]:
    """What the draft still needs, then its deposit."""
    signs = membership.right == Membership.Right.SIGNATORY and membership.state == Membership.State.CONFIRMED
    if signs and progress.complete:
        return [deposit_action(application, request, user, at)]
    if request and request.signatory_id == user.pk and not signs:
        return [reading_action(application)]
    return [*writing_actions(application, progress), signing_action(application, progress, request, at)]


def writing_actions(application: Application, progress: FileProgress) -> list[Action]:
    """The next section to write, the next piece to attach."""
    closes = limit_of(application)
    rows = [section_action(application, progress.sections_to_finish[0])] if progress.sections_to_finish else []
    if progress.missing_pieces:
        first, others = progress.missing_pieces[0].piece, len(progress.missing_pieces) - 1
        more = f"Et {format_quantity(others, 'autre pièce', 'autres pièces')}." if others else ""
        url = reverse("piece", args=[application.uuid, first.code])
        rows.append(Action(title=f"Joindre « {first.label} »", url=url, verb="Joindre", due=closes, consequence=more))
    return rows


def section_action(application: Application, section: SectionProgress) -> Action:
    missing, wrong = len(section.missing), len(section.faults)
    parts = [format_quantity(missing, "réponse attendue", "réponses attendues")] if missing else []
    parts += [format_quantity(wrong, "réponse à corriger", "réponses à corriger")] if wrong else []
    begun = section.state != "todo"
    return Action(
        title=f"{'Terminer' if begun else 'Écrire'} « {section.section.title} »",
        url=reverse("section", args=[application.uuid, section.section.code]),
        verb="Reprendre" if begun else "Écrire",
        due=limit_of(application),
        consequence=f"{', '.join(parts).capitalize()}.",
    )


def completion_actions(user: User, at: datetime) -> list[Action]:
    """What the examination asks to complete, before its limit, to who may answer."""
    waiting = completions_of_owner(user).filter(state=states.AWAITED, due_at__gte=at).order_by("due_at", "pk")
    return [
        Action(
            title=f"Compléter la candidature {of_applicant(request.application)}",
            url=reverse("completion", args=[request.application.uuid, request.uuid]),
            verb="Compléter",
            due=request.due_at,
            consequence=f"{format_quantity(len(request.items.all()), 'élément demandé', 'éléments demandés')}.",
            holds_up="Sans réponse, le dossier est examiné en l’état."
            if request.expiry == "as_is"
            else "Sans réponse, la candidature est non recevable.",
        )
        for request in waiting[:LIMIT]
        if can_complete(user, request, at)
    ]


def closing_words(application: Application, at: datetime) -> str:
    """« Clôture à 23 h 59, heure de Paris. Il reste 19 jours. »"""
    closes = limit_of(application)
    return f"Clôture à {format_time(closes)}, heure de Paris. Il reste {time_left(closes, at)}."


def deposit_action(application: Application, request: SignatureRequest | None, user: User, at: datetime) -> Action:
    """To the signatory, once nothing is missing."""
    asked = f"Demandé par {request.asked_by}. " if request and request.signatory_id == user.pk else ""
    return Action(
        title=f"Relire et déposer la candidature {of_applicant(application)}",
        url=reverse("signature_read", args=[application.uuid]),
        verb="Relire et déposer",
        due=limit_of(application),
        consequence=asked + closing_words(application, at),
    )


def reading_action(application: Application) -> Action:
    """To the person named to sign, while the commune has not confirmed it."""
    return Action(
        title=f"Lire la candidature {of_applicant(application)}",
        url=reverse("signature_read", args=[application.uuid]),
        verb="Lire",
        due=application.window.closes_at,
        consequence="Vous pourrez la déposer dès que la mairie aura confirmé que vous signez pour elle.",
    )


def signing_action(
    application: Application, progress: FileProgress, request: SignatureRequest | None, at: datetime
) -> Action:
    """To those who write: have the file signed."""
    title, closes = "Faire déposer la candidature par le maire", limit_of(application)
    ask = reverse("signature_ask", args=[application.uuid])
    if not progress.complete:
        url, verb, words = (
            reverse("application_read", args=[application.uuid]),
            "Voir ce qui manque",
            closing_words(application, at),
        )
    elif request is None:
        url, verb, words = ask, "Faire signer", closing_words(application, at)
    else:
        sent = f"Signature demandée à {request.signatory} le {format_date(request.asked_at)}."
        url, verb, words = ask, "Renvoyer le lien", f"{sent} {closing_words(application, at)}"
    return Action(title=title, url=url, verb=verb, due=closes, consequence=words)


def wave_actions(application: Application, at: datetime) -> list[Action]:
    """A draft that missed its wave, and may join the next one."""
    window = next_wave(application, at)
    if window is None:
        return []
    return [
        Action(
            title=f"Reporter à la vague suivante la candidature {of_applicant(application)}",
            url=reverse("application", args=[application.uuid]),
            verb="Reporter",
            due=window.closes_at,
            consequence="Votre brouillon n’a pas été déposé à temps ; il peut l’être dans la vague suivante.",
        )
    ]


def promise_actions(application: Application, progress: FileProgress, at: datetime) -> list[Action]:
    """Pieces promised at deposit and not handed in yet."""
    return [
        Action(
            title=f"Transmettre « {item.piece.label} »",
            url=reverse("piece", args=[application.uuid, item.piece.code]),
            verb="Transmettre",
            due=item.promised_for,
            consequence=f"Promise lors du dépôt, candidature {application.number}.",
            holds_up="Le dossier est examiné sans elle.",
        )
        for item in progress.promised_pieces
    ]


def first_steps_for(user: User, at: datetime) -> list[Step]:
    """Join one's commune, write a first section, have the mayor invited; each ticks itself off."""
    membership = (
        memberships_of(user).filter(organisation__kind="commune").exclude(right=Membership.Right.READER).first()
    )
    if membership is None or membership.right == Membership.Right.SIGNATORY:
        return []
    files = own_applications(user).filter(lead_id=membership.organisation_id)
    application = with_progress(files).order_by("-created_at").first()
    progress = progress_read(application, at) if application else None
    return [joined(membership), written(application, progress), invited(application)]


def joined(membership: Membership) -> Step:
    confirmed = membership.state == Membership.State.CONFIRMED
    when = f"Rattachement confirmé le {format_date(membership.confirmed_at)}" if membership.confirmed_at else ""
    waiting = typeset("Demande envoyée ; vous pouvez déjà écrire le brouillon")
    return Step(title="Rejoindre votre commune", done=confirmed, line=when if confirmed else waiting)


def written(application: Application | None, progress: FileProgress | None) -> Step:
    """Done once a section that someone had to write is complete."""
    if application is None or progress is None:
        url = reverse("applications")
        return Step(
            title="Écrire une première section", line="Les faits connus sont déjà remplis", url=url, verb="Commencer"
        )
    done = next((s for s in progress.sections if s.state == "complete" and written_by_hand(s)), None)
    if done:
        return Step(title="Écrire une première section", done=True, line=f"« {done.section.title} », complète")
    target = next((s for s in progress.sections if s.state != "complete"), next(iter(progress.sections), None))
    if target is None:  # every section hangs on a condition that does not hold
        url = reverse("application", args=[application.uuid])
        return Step(title="Écrire une première section", line="Rien n’est demandé pour l’instant", url=url, verb="Voir")
    url = reverse("section", args=[application.uuid, target.section.code])
    return Step(title="Écrire une première section", line=f"« {target.section.title} »", url=url, verb="Écrire")


def written_by_hand(section: SectionProgress) -> bool:
    return any(answer.value is not None and not answer.question.prefill for answer in section.answers)


def invited(application: Application | None) -> Step:
    title, line = "Inviter le maire à signer", "Il recevra un lien sur son téléphone"
    if application is None:
        return Step(title=title, line=line)
    if application.state != states.DRAFT or application.signature_requests.exists():
        return Step(title=title, done=True, line="Lien envoyé")
    return Step(title=title, line=line, url=reverse("signature_ask", args=[application.uuid]), verb="Inviter")
