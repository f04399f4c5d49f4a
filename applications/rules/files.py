"""What one may do with an application now, and why not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum

from calls.models import Call, PieceType, Track, Undertaking, Window
from calls.queries import verdicts_for
from calls.queries_applicants import first_stage, window_for
from calls.rules import window_accepts
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.queries import WRITING_RIGHTS, may_edit, may_sign, signature_awaited
from portal.accounts.rules import awaited_words
from portal.core.calendar import day_of
from portal.core.models import StoredFile
from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import format_date, format_quantity, typeset

from .. import states
from ..content.progress import FileProgress
from ..models import Application, ApplicationMember, Mandate
from ..queries.completion import completion_file
from ..queries.conditions import with_other_files
from ..queries.files import (
    deposited_file,
    facts_about,
    facts_of_file,
    file_for_commune,
    hidden_piece_codes,
    own_applications,
    staffed_applications,
)
from ..queries.mandates import mandate_over
from ..queries.opinion import reads_everything_for_opinion, reads_for_opinion
from ..words import this, yours
from .drafts import no_file_yet
from .eligibility import eligible_by
from .life import OPEN_STATES, file_accepts

READERS: list[Callable[[User, Application], bool]] = []
"""Upper apps add who else may read a deposited file: the non-recused juror."""

MEGABYTE = 1_000_000
# What one file may hold, whatever the call says of each piece: one commune does not fill the disk.
MOST_FILES, MOST_MEGABYTES = 200, 500
CALL_US = "appelez le service, il vous dira comment faire."

SIGNATORIES: list[Callable[[Organisation, str], bool]] = []
"""The upper app of agreements says who has signed one under a call, named by its slug."""


def can_start(user: User, organisation: Organisation, call: Call, at: datetime, track: Track | None = None) -> Answer:
    """Begin the one file of an organisation: right to write, call open to it, no file yet, no blocking rule failed."""
    facts = facts_about(organisation, call=call, track=track)
    window = window_for(call, at, facts, stage=first_stage(call), track=track)
    return first_refusal(
        YES if may_begin(user, organisation, call) else no(f"Vous ne pouvez pas écrire pour {this(organisation)}."),
        may_apply(organisation, call),
        track_chosen(call, track),
        window_accepts(call, window, at) if window else no("Cet appel n’est pas ouvert à votre candidature."),
        no_file_yet(organisation, call, user),
        eligible_by(verdicts_for(call, with_other_files(facts, organisation, call, user)), yours(organisation)),
    )


def may_begin(user: User, organisation: Organisation, call: Call) -> bool:
    """Whoever writes there, or holds its mandate in this call."""
    return may_edit(user, organisation) or mandate_over(user, organisation, call) is not None


def may_apply(organisation: Organisation, call: Call) -> Answer:
    """Who may apply beyond the rules: everyone, those of a list, or those who signed under another call."""
    access = call.extras.get("access") or {}
    kind, contact = access.get("kind", "open"), f"Si c’est une erreur, écrivez à {call.contact_email}."
    if kind == "invitation" and not {organisation.siren, organisation.commune_id} & set(access.get("invited", ())):
        return no(
            f"Cet appel est réservé aux organismes invités ; {yours(organisation).lower()} n’en est pas. {contact}"
        )
    if kind == "signatories" and not any(signed(organisation, access["call"]) for signed in SIGNATORIES):
        parent = Call.objects.filter(slug=access["call"]).first()
        name = f"de l’appel « {parent.title} » {parent.edition}" if parent else "d’un appel précédent"
        return no(typeset(f"Cet appel est réservé aux signataires d’une convention {name}. {contact}"))
    return YES


def track_chosen(call: Call, track: Track | None) -> Answer:
    """Where a call has tracks, one is chosen, among its own."""
    known = [row.pk for row in call.tracks.all()]
    return YES if (track.pk in known if track else not known) else no("Choisissez un volet de l’appel.")


def track_opens(window: Window | None, at: datetime) -> Answer:
    """A track that still takes, or will take, files of this applicant."""
    if window is None:
        return no("Ce volet n’est pas ouvert à votre candidature.")
    return YES if window.closes_at >= at else no(f"Ce volet est clos depuis le {format_date(window.closes_at)}.")


@dataclass(frozen=True)
class Ground:
    """On what a person writes a file: in the name of one of its organisations, or under a mandate of the lead."""

    writes: bool
    mandate: Mandate | None = None


def ground_of(user: User, application: Application) -> Ground:
    """Whoever writes for the lead, or for a co-applicant that has confirmed it, needs no mandate."""
    if may_edit(user, application.lead) or writes_as_partner(user, application):
        return Ground(True)
    mandate = mandate_over(user, application.lead, application.call)
    return Ground(mandate is not None, mandate)


def may_write(user: User, application: Application) -> bool:
    return ground_of(user, application).writes


def writes_as_partner(user: User, application: Application) -> bool:
    """A confirmed editor, signatory or manager of a confirmed co-applicant."""
    partners = application.members.filter(confirmed_at__isnull=False, left_at=None).exclude(role="lead")
    return confirmed_writer(user).filter(organisation__in=partners.values("organisation")).exists()


def confirmed_writer(user: User) -> QuerySet[Membership]:
    """Where a person writes, their membership confirmed."""
    return Membership.objects.filter(user=user, state=Membership.State.CONFIRMED, right__in=WRITING_RIGHTS)


def can_edit(user: User, application: Application, at: datetime, ground: Ground | None = None) -> Answer:
    """Write answers and attach pieces: until the limit, deposited or not. `ground`, when it is read already."""
    return first_refusal(
        YES
        if (ground or ground_of(user, application)).writes
        else no("Votre droit dans la commune est de lire, pas d’écrire."),
        _still_open(application),
        file_accepts(application, at),
    )


def can_take_up(user: User, application: Application, at: datetime) -> Answer:
    """Fill a file with the answers of another one of the organisation that leads both."""
    return first_refusal(can_edit(user, application, at), leads(user, application))


def _still_open(application: Application) -> Answer:
    """Draft or deposited. What was decided of a file is never told by a refusal: the letter tells it."""
    if application.state in OPEN_STATES:
        return YES
    if application.state == states.ABANDONED:
        return no("Ce brouillon a été supprimé : il ne se modifie plus.")
    if application.stage == states.INTENT and application.state != states.WITHDRAWN:
        return no("Cette lettre d’intention a reçu sa réponse : elle ne se modifie plus.")
    where = "retirée" if application.state == states.WITHDRAWN else "en cours d’instruction"
    return no(typeset(f"Cette candidature est {where} : elle ne se modifie plus."))


def can_change_piece(user: User, application: Application, piece: PieceType, at: datetime) -> Answer:
    """Attach or remove: until the limit; a promised piece, until the day that the call allows."""
    usual = can_edit(user, application, at)
    if usual or not may_write(user, application):
        return usual
    promised = application.promises.filter(piece_code=piece.code).exists()
    in_time = piece.promised_until is not None and day_of(at) <= piece.promised_until
    return YES if promised and in_time and application.state in states.DEPOSITED else usual


def has_room(application: Application, octets: int) -> Answer:
    """Whether one more file of so many octets fits in the file: replaced files count, since a deposit may hold them."""
    kept = application.attachments.aggregate(count=Count("pk"), octets=Sum("file__size"))
    if kept["count"] >= MOST_FILES:
        return no(
            f"Cette candidature a déjà reçu {MOST_FILES} fichiers, remplacés compris. "
            f"Pour en joindre d’autres, {CALL_US}"
        )
    if (kept["octets"] or 0) + octets > MOST_MEGABYTES * MEGABYTE:
        return no(
            f"Avec ce fichier, la candidature pèserait plus de {MOST_MEGABYTES}\u00a0Mo, fichiers remplacés compris. "
            f"Joignez-le plus léger, ou {CALL_US}"
        )
    return YES


def can_ask_signature(user: User, application: Application, at: datetime) -> Answer:
    """Ask the signatory to read and deposit: by a confirmed member of the organisation that leads the file."""
    return first_refusal(can_edit(user, application, at), leads(user, application))


def leads(user: User, application: Application) -> Answer:
    """Confirmed in the organisation that leads the file: it alone has it signed and chooses who applies with it."""
    here = user.memberships.filter(organisation=application.lead).exclude(state=Membership.State.ENDED).first()
    if here is None:
        return no("Seule la commune qui porte la candidature peut faire cela.")
    if here.state == Membership.State.CONFIRMED:
        return YES
    return no("Votre rattachement à la commune n’est pas encore confirmé : attendez-le pour faire signer.")


def can_choose_partners(user: User, application: Application, at: datetime) -> Answer:
    """Add or remove a co-applicant: who writes for the lead, until the limit, when the call takes joint files."""
    joint = YES if largest_group(application.call) else no("Cet appel ne prévoit pas de candidature à plusieurs.")
    return first_refusal(joint, can_edit(user, application, at), leads(user, application))


def largest_group(call: Call) -> int:
    """How many applicants a joint file unites at most, lead included; 0 when the call takes none."""
    group = (call.extras.get("applicants") or {}).get("group") or {}
    return int(group.get("max", 0))


def can_answer_invitation(user: User, member: ApplicationMember, at: datetime) -> Answer:
    """Join a file, or decline: a confirmed writer of the organisation invited, while the file may change."""
    application = member.application
    open_row = member.confirmed_at is None and member.left_at is None
    return first_refusal(
        YES if open_row else no("Cette invitation a déjà reçu une réponse."),
        YES
        if confirmed_writer(user).filter(organisation=member.organisation_id).exists()
        else no("Votre droit dans cet organisme est de lire, pas de l’engager."),
        _still_open(application),
        window_accepts(application.call, application.window, at),
    )


@dataclass(frozen=True)
class Leaving:
    """Who may take a co-applicant out of a file, read once for a whole page: the lead, each for itself."""

    changes: Answer
    lead: Answer
    own: frozenset[int]

    def allows(self, member: ApplicationMember) -> Answer:
        if member.role == ApplicationMember.Role.LEAD or member.left_at is not None:
            return no("Cet organisme ne peut pas quitter la candidature.")
        return first_refusal(self.changes, YES if member.organisation_id in self.own else self.lead)


def leaving(user: User, application: Application, at: datetime) -> Leaving:
    """Until the limit only."""
    changes = first_refusal(_still_open(application), window_accepts(application.call, application.window, at))
    own = confirmed_writer(user).values_list("organisation_id", flat=True)
    lead = first_refusal(leads(user, application), can_edit(user, application, at))
    return Leaving(changes, lead, frozenset(own))


def can_submit_application(user: User, application: Application, at: datetime) -> Answer:
    """Own organisation, signatory, draft or new version, window open."""
    return first_refusal(
        signs_for(user, application.lead),
        _still_open(application),
        file_accepts(application, at),
    )


def signs_for(user: User, organisation: Organisation) -> Answer:
    """Confirmed signatory; whoever is named and waits learns from whom the answer is awaited."""
    if may_sign(user, organisation):
        return YES
    claim = signature_awaited(user, organisation)
    return no(awaited_words(claim) if claim else "Seule une personne habilitée à signer pour la commune peut déposer.")


def is_complete(progress: FileProgress) -> Answer:
    """Nothing is missing; else what is, counted."""
    sections, pieces = len(progress.sections_to_finish), len(progress.missing_apart)
    if progress.complete:
        return YES
    parts = [format_quantity(sections, "section à compléter", "sections à compléter")] if sections else []
    parts += [format_quantity(pieces, "pièce à joindre", "pièces à joindre")] if pieces else []
    return no(
        typeset(f"Il reste {' et '.join(parts)} avant de déposer. Ouvrez « Tout relire » : ce qui manque y est marqué.")
    )


def undertakes_all(asked: Iterable[Undertaking], ticked: Iterable[str]) -> Answer:
    """Every undertaking that bears on the file is ticked by the person who deposits."""
    wanted = {undertaking.code for undertaking in asked}
    return YES if wanted <= set(ticked) else no("Cochez chaque engagement de la commune avant de déposer.")


def next_wave(application: Application, at: datetime) -> Window | None:
    """The wave that a draft may still join once it missed its own; an expired draft is computed, never stored."""
    if application.state != states.DRAFT or at <= application.window.closes_at:
        return None
    window = window_for(
        application.call, at, facts_of_file(application), stage=application.stage, track=application.track
    )
    return window if window and window.closes_at >= at else None


def can_join_next_wave(user: User, application: Application, at: datetime) -> Answer:
    return first_refusal(
        YES if may_edit(user, application.lead) else no("Votre droit dans la commune est de lire, pas d’écrire."),
        YES if next_wave(application, at) else no("Aucune autre vague n’est à rejoindre pour cette candidature."),
    )


def can_change_track(user: User, application: Application) -> Answer:
    """While it is a draft; a deposited file keeps the track on which it is judged."""
    several = application.call.tracks.count() > 1
    return first_refusal(
        YES if may_edit(user, application.lead) else no("Votre droit dans la commune est de lire, pas d’écrire."),
        YES if application.state == states.DRAFT and not application.previous_id else no("Le volet ne change plus."),
        YES if several else no("Cet appel n’a pas d’autre volet."),
    )


def can_withdraw(user: User, application: Application) -> Answer:
    """The signatory withdraws a deposited file, until its admissibility is decided."""
    return first_refusal(
        YES
        if may_sign(user, application.lead)
        else no("Seule une personne habilitée à signer pour la commune peut retirer."),
        YES
        if application.state == states.SUBMITTED
        else no("Cette candidature ne peut plus être retirée ici : appelez le service."),
    )


def is_own(user: User, application: Application) -> bool:
    return own_applications(user).filter(pk=application.pk).exists()


def readable_file(user: User, application: Application, key: Any) -> StoredFile | None:
    """The file behind a download link, or None: own organisation, staff of the call, then registered readers."""
    if is_own(user, application):
        return file_for_commune(application, key) or completion_file(application, key)
    found = deposited_file(application, key)
    if found is None:
        return None
    file, code = found
    if staffed_applications(user).filter(pk=application.pk).exists():
        return file
    visible = code not in hidden_piece_codes(application.call)
    readers = (reads_for_opinion, *READERS)
    if visible:
        return file if any(reader(user, application) for reader in readers) else None
    return file if reads_everything_for_opinion(user, application) else None
