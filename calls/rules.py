"""What one may do with a call now, and why not."""

from datetime import datetime

from portal.accounts.models import User
from portal.core.rules import YES, Answer, first_refusal, no
from portal.core.spaces import current_space
from portal.core.typography import format_instant, typeset

from . import states
from .models import Call, CallRole, Window
from .queries import is_open, roles_of
from .queries_enquiries import questions_end
from .queries_guests import by_invitation

MANAGER = CallRole.Role.MANAGER
ANSWERING = frozenset({CallRole.Role.MANAGER, CallRole.Role.OFFICER})


def can_manage(user: User, call: Call, at: datetime) -> Answer:
    """Change a call in preparation, ask for its publication, invite its communes."""
    return YES if MANAGER in roles_of(user, call, at) else no("Seule la personne qui gère cet appel peut faire cela.")


def can_edit(user: User, call: Call, at: datetime) -> Answer:
    """Write the call in the back office: by its managers, as long as it is in preparation."""
    in_preparation = YES if call.state == states.DRAFT else no("Cet appel est publié : il ne se modifie plus ici.")
    return first_refusal(can_manage(user, call, at), in_preparation)


def can_ask_publication(user: User, call: Call, at: datetime) -> Answer:
    """Publishing needs a manager to ask and a second person to confirm."""
    in_preparation = YES if call.state in states.PREPARATION else no("Cet appel est déjà publié.")
    return first_refusal(can_manage(user, call, at), in_preparation)


def can_invite_communes(user: User, call: Call, at: datetime) -> Answer:
    """Once the call is published and not yet closed."""
    stopped = "L’appel est suspendu : reprenez-le avant d’écrire aux mairies."
    why = stopped if call.state == states.SUSPENDED else "Publiez l’appel avant d’écrire aux mairies."
    published = YES if call.state == states.PUBLISHED else no(why)
    still = any(window.closes_at >= at for window in call.windows.all())
    return first_refusal(can_manage(user, call, at), published, YES if still else no("L’appel est clos."))


def can_list_guests(user: User, call: Call, at: datetime) -> Answer:
    """See and fill the list of the organisations invited: of a call by invitation, by who manages it."""
    why = "Cet appel n’est pas sur invitation : choisissez-le dans la rubrique « Territoire et candidats »."
    return first_refusal(can_manage(user, call, at), YES if by_invitation(call) else no(why))


def can_write_to_guests(user: User, call: Call, at: datetime) -> Answer:
    """Once the call is published and not yet closed."""
    return first_refusal(can_list_guests(user, call, at), can_invite_communes(user, call, at))


def can_rehearse(user: User, call: Call, at: datetime) -> Answer:
    """A call in preparation or alive, by who manages it, anywhere but in a rehearsal."""
    known = states.PREPARATION | states.LIVE
    alive = YES if call.state in known else no("Cet appel est terminé : il ne se répète plus.")
    outside = no("Vous êtes déjà dans une répétition.") if current_space() else YES
    return first_refusal(can_manage(user, call, at), alive, outside)


NOT_OPEN = {
    states.CANCELLED: "Cet appel est classé sans suite : il ne reçoit plus de candidature.",
    states.ARCHIVED: "Cet appel est archivé : il ne reçoit plus de candidature.",
}


def suspended(call: Call, at: datetime) -> bool:
    """Whether the call was suspended at this instant: what was received before waits for nobody."""
    return call.state == states.SUSPENDED and (call.suspended_at is None or at >= call.suspended_at)


def suspension_sentence(call: Call) -> str:
    """Why nothing may be deposited, and what becomes of what is written."""
    return typeset(
        f"L’appel est suspendu depuis le {format_instant(call.suspended_at)} : aucun dépôt n’est reçu. "
        f"Motif : {call.state_reason.rstrip('.')}. "
        "Ce que vous avez écrit est conservé ; vous serez prévenus de la reprise."
    )


def window_accepts(call: Call, window: Window, at: datetime) -> Answer:
    """Whether a deposit received at `at` is in time; the last second of the limit is included."""
    if suspended(call, at):
        return no(suspension_sentence(call))
    if call.state not in states.LIVE:
        return no(NOT_OPEN.get(call.state, "Cet appel n’est pas ouvert aux candidatures."))
    if at < window.opens_at:
        return no(f"Les candidatures ouvrent le {format_instant(window.opens_at)}, heure de Paris.")
    if not is_open(window, at):
        limit = format_instant(window.closes_at, seconds=True)
        return no(f"L’appel est clos depuis le {limit}, heure de Paris. Votre brouillon est conservé.")
    return YES


def can_ask_question(call: Call, at: datetime) -> Answer:
    """Anyone may, until the end of the questions (last second included), else until the last limit."""
    if call.state != states.PUBLISHED:
        return no("Cet appel ne reçoit pas de question.")
    end = questions_end(call)
    if at > end:
        return no(f"Les questions sont closes depuis le {format_instant(end)}, heure de Paris.")
    return YES


def can_correct_answers(user: User, call: Call, at: datetime) -> Answer:
    """Change a published answer: by who manages the call."""
    return can_manage(user, call, at)


def can_answer_questions(user: User, call: Call, at: datetime) -> Answer:
    """Read the questions asked, answer or decline them."""
    held = ANSWERING & roles_of(user, call, at)
    return YES if held else no("Seules les personnes qui gèrent ou instruisent cet appel répondent aux questions.")
