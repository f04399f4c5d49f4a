"""Whether a file received elsewhere may be entered: who enters it, the day that its proof bears, the limit."""

from collections.abc import Collection
from datetime import date, datetime, time

from calls import states as call_states
from calls.models import Call, Window
from portal.core.calendar import LAST_SECOND, PARIS, day_of, wall_clock
from portal.core.rules import YES, Answer, no
from portal.core.typography import format_date, format_instant, typeset

from .staff import EXAMINING


def can_enter(roles: Collection[str]) -> Answer:
    """Whoever examines."""
    if EXAMINING & set(roles):
        return YES
    return no("Seules les personnes chargées de l’instruction enregistrent un dossier reçu ailleurs.")


def takes_outside_files(call: Call) -> Answer:
    """A published call, open, closed or archived; neither in preparation, nor suspended, nor without issue."""
    if call.state in (call_states.PUBLISHED, call_states.ARCHIVED):
        return YES
    return no("L’appel n’est pas publié, ou il est suspendu ou sans suite : aucun dossier ne s’y enregistre.")


def stated_instant(on: date, hour: time | None) -> datetime:
    """The instant that the proof bears; its day alone counts from its first second."""
    return wall_clock(on, hour or time(0))


def received_in_time(on: date, hour: time | None, window: Window | None, today: date) -> Answer:
    """The rule of everybody, on the day that the proof bears: the limit included, no hour, no favour.

    On the last day, a limit before its last second asks for the hour of receipt.
    """
    if on > today:
        return no(f"La date de réception, {format_date(on)}, est à venir.")
    if window is None:
        return no("Cet appel n’a pas de dates de dépôt pour ce candidat.")
    limit = f"la limite était le {format_instant(window.closes_at, seconds=True)}"
    if on < day_of(window.opens_at):
        return no(typeset(f"Reçue le {format_date(on)} : l’appel ouvrait le {format_instant(window.opens_at)}."))
    if on > day_of(window.closes_at):
        return no(typeset(f"Reçue le {format_date(on)}, hors délai : {limit}."))
    last_day = on == day_of(window.closes_at)
    if last_day and hour is None and window.closes_at.astimezone(PARIS).time().replace(microsecond=0) != LAST_SECOND:
        return no(typeset(f"Indiquez l’heure de réception : le {format_date(on)}, {limit}."))
    if hour is not None and stated_instant(on, hour) > window.closes_at:
        return no(typeset(f"Reçue le {format_instant(stated_instant(on, hour))}, hors délai : {limit}."))
    return YES
