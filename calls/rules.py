"""What one may do with a call now, and why not."""

from datetime import datetime

from portal.accounts.models import User
from portal.core.rules import YES, Answer, first_refusal, no

from . import states
from .models import Call, CallRole, Window
from .queries import is_open, roles_of

MANAGER = CallRole.Role.MANAGER


def can_manage(user: User, call: Call, at: datetime) -> Answer:
    """Change a call in preparation, ask for its publication, invite its communes."""
    return YES if MANAGER in roles_of(user, call, at) else no("Seule la personne qui gère cet appel peut faire cela.")


def can_edit(user: User, call: Call, at: datetime) -> Answer:
    """Write the call in the back office: by its managers, as long as it is in preparation."""
    in_preparation = YES if call.state == states.DRAFT else no("Cet appel est publié : il ne se modifie plus ici.")
    return first_refusal(can_manage(user, call, at), in_preparation)


def can_ask_publication(user: User, call: Call, at: datetime) -> Answer:
    """Publishing needs a manager to ask and a second person to confirm."""
    in_preparation = YES if call.state == states.DRAFT else no("Cet appel est déjà publié.")
    return first_refusal(can_manage(user, call, at), in_preparation)


def can_invite_communes(user: User, call: Call, at: datetime) -> Answer:
    """Once the call is published and not yet closed."""
    published = YES if call.state == states.PUBLISHED else no("Publiez l’appel avant d’écrire aux mairies.")
    still = any(window.closes_at >= at for window in call.windows.all())
    return first_refusal(can_manage(user, call, at), published, YES if still else no("L’appel est clos."))


def window_accepts(call: Call, window: Window, at: datetime) -> Answer:
    """Whether a deposit received at `at` is in time; the last second of the limit is included."""
    from portal.core.typography import format_instant

    if call.state != states.PUBLISHED:
        return no("Cet appel n’est pas ouvert aux candidatures.")
    if at < window.opens_at:
        return no(f"Les candidatures ouvrent le {format_instant(window.opens_at)}, heure de Paris.")
    if not is_open(window, at):
        limit = format_instant(window.closes_at, seconds=True)
        return no(f"L’appel est clos depuis le {limit}, heure de Paris. Votre brouillon est conservé.")
    return YES
