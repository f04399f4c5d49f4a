"""What one may do with an application now, and why not."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from calls.eligibility import Verdict
from calls.models import Call, PieceType
from calls.queries import call_window, verdicts_for
from calls.rules import window_accepts
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.queries import may_edit, may_sign, signature_awaited
from portal.accounts.rules import awaited_words
from portal.core.calendar import day_of
from portal.core.models import StoredFile
from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.typography import format_quantity, typeset

from . import states
from .models import Application
from .progress import FileProgress
from .queries import (
    deposited_file,
    facts_about,
    file_for_commune,
    hidden_piece_codes,
    own_applications,
    staffed_applications,
)
from .rules_life import OPEN_STATES, file_accepts

READERS: list[Callable[[User, Application], bool]] = []
"""Upper apps add who else may read a deposited file: the non-recused juror."""


def can_start(user: User, organisation: Organisation, call: Call, at: datetime) -> Answer:
    """Begin the one file of an organisation: right to write, call open, no file yet, no blocking rule that fails."""
    window = call_window(call, at)
    return first_refusal(
        YES if may_edit(user, organisation) else no("Vous ne pouvez pas écrire pour cette commune."),
        window_accepts(call, window, at) if window else no("Cet appel n’a pas encore de dates."),
        no_file_yet(organisation, call),
        eligible(organisation, call),
    )


def no_file_yet(organisation: Organisation, call: Call) -> Answer:
    taken = organisation.application_members.filter(call=call, left_at=None, role__in=["lead", "member"])
    return no("Votre commune a déjà une candidature à cet appel.") if taken.exists() else YES


def eligible(organisation: Organisation, call: Call, values: dict[str, Any] | None = None) -> Answer:
    """Refused with the sentences of the blocking rules that fail; what is not known yet does not block."""
    return eligible_by(verdicts_for(call, facts_about(organisation, values)))


def eligible_by(verdicts: Iterable[Verdict]) -> Answer:
    """The same, from verdicts already given."""
    failed = [verdict.sentence for verdict in verdicts if verdict.effect == "blocking" and verdict.outcome == "fail"]
    return no(f"Votre commune ne peut pas candidater. {'. '.join(failed)}.") if failed else YES


def can_edit(user: User, application: Application, at: datetime) -> Answer:
    """Write answers and attach pieces: until the limit, deposited or not."""
    return first_refusal(
        YES if may_edit(user, application.lead) else no("Votre droit dans la commune est de lire, pas d’écrire."),
        _still_open(application),
        file_accepts(application, at),
    )


def _still_open(application: Application) -> Answer:
    """Draft or deposited. What was decided of a file is never told by a refusal: the letter tells it."""
    if application.state in OPEN_STATES:
        return YES
    where = "retirée" if application.state == states.WITHDRAWN else "en cours d’instruction"
    return no(typeset(f"Cette candidature est {where} : elle ne se modifie plus."))


def can_change_piece(user: User, application: Application, piece: PieceType, at: datetime) -> Answer:
    """Attach or remove: until the limit; a promised piece, until the day that the call allows."""
    usual = can_edit(user, application, at)
    if usual or not may_edit(user, application.lead):
        return usual
    promised = application.promises.filter(piece_code=piece.code).exists()
    in_time = piece.promised_until is not None and day_of(at) <= piece.promised_until
    return YES if promised and in_time and application.state in states.DEPOSITED else usual


def can_ask_signature(user: User, application: Application, at: datetime) -> Answer:
    """Ask the signatory to read and deposit: by a confirmed member."""
    confirmed = Membership.objects.filter(user=user, organisation=application.lead, state=Membership.State.CONFIRMED)
    waiting = no("Votre rattachement à la commune n’est pas encore confirmé : attendez-le pour faire signer.")
    return first_refusal(can_edit(user, application, at), YES if confirmed.exists() else waiting)


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
    sections, pieces = len(progress.sections_to_finish), len(progress.missing_pieces)
    if progress.complete:
        return YES
    parts = [format_quantity(sections, "section à compléter", "sections à compléter")] if sections else []
    parts += [format_quantity(pieces, "pièce à joindre", "pièces à joindre")] if pieces else []
    return no(
        typeset(f"Il reste {' et '.join(parts)} avant de déposer. Ouvrez « Tout relire » : ce qui manque y est marqué.")
    )


def undertakes_all(call: Call, undertakings: Iterable[str]) -> Answer:
    """Every undertaking of the call is ticked by the person who deposits."""
    wanted = set(call.undertakings.values_list("code", flat=True))
    return YES if wanted <= set(undertakings) else no("Cochez chaque engagement de la commune avant de déposer.")


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
        return file_for_commune(application, key)
    found = deposited_file(application, key)
    if found is None:
        return None
    file, code = found
    if staffed_applications(user).filter(pk=application.pk).exists():
        return file
    visible = code not in hidden_piece_codes(application.call)
    return file if visible and any(reader(user, application) for reader in READERS) else None


def can_read_piece(user: User, application: Application, key: Any) -> bool:
    return readable_file(user, application, key) is not None
