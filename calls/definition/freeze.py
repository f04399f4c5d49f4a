"""What a published document may still change, and why not the rest: equal treatment of those who apply. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from calls.definition.diff import Change, Kind
from portal.core.typography import typeset

EQUAL = "cette partie est arrêtée à la publication, pour que tous candidatent aux mêmes conditions."
FROZEN = {
    "eligibility": "les conditions d’éligibilité sont arrêtées à la publication.",
    "applicants": "les conditions d’éligibilité sont arrêtées à la publication.",
    "perimeter": "le périmètre est arrêté à la publication.",
    "strata": "les strates sont arrêtées à la publication.",
    "tracks": "les volets sont arrêtés à la publication.",
    "examination": "ce que devient un dossier incomplet est arrêté à la publication.",
    "grid": "les critères et leurs points sont arrêtés à la publication.",
    "jury": "les règles du jury sont arrêtées à la publication.",
    "undertakings": "ceux qui ont déposé s’y sont déjà engagés.",
    "windows": "une période annoncée ne change pas ; sa limite se prolonge à deux personnes, par « Prolonger ».",
    "title": "c’est sous ce nom que l’appel est publié.",
    "slug": "c’est à cette adresse que l’appel est publié.",
    "code_prefix": "les numéros déjà donnés le portent.",
    "edition": "les numéros déjà donnés la portent.",
    "money": "les règles de financement sont arrêtées à la publication.",
}
EARLIER = "une date annoncée ne s’avance pas."
ANNOUNCED = "un jalon annoncé ne se retire pas : donnez-lui une autre date, ou une remarque."
KIND = "les réponses déjà écrites ne se liraient plus : ajoutez une autre question et retirez celle-ci."
CLOSED = "l’appel est clos : le formulaire ne change plus."
FORM = ("sections", "pieces")


@dataclass(frozen=True)
class Refusal:
    """One change that is not admitted, where, and why."""

    change: Change
    why: str

    @property
    def sentence(self) -> str:
        return typeset(f"{self.change.place} : {self.why}")


def refusals(changes: Iterable[Change], *, closed: bool) -> list[Refusal]:
    """The changes that a correction of a published call may not make; `closed`: the last limit has passed."""
    return [Refusal(change, why) for change in changes if (why := _why_not(change, closed))]


def form_changes(changes: Iterable[Change]) -> list[Change]:
    """Those that bear on what a commune fills in."""
    return [change for change in changes if change.within(*FORM)]


def lock_of(path: str, kind: Kind = "changed", *, closed: bool) -> str:
    """Why no change of this sort may be made at a path of `diff`, whatever the values; empty when some may."""
    return _why_not(Change(path, kind, "", "", ""), closed)


def _why_not(change: Change, closed: bool) -> str:
    for pattern, verdict in ADMITTED:
        if pattern.fullmatch(change.path):
            return verdict(change, closed)
    return FROZEN.get(change.path.partition(".")[0], EQUAL)


def _yes(change: Change, closed: bool) -> str:
    return ""


def _later(change: Change, closed: bool) -> str:
    """Dates are written year first: the order of the texts is that of the days."""
    if change.before is None or change.after is None:
        return "" if change.before is None else EARLIER
    return EARLIER if str(change.after) < str(change.before) else ""


def _milestone(change: Change, closed: bool) -> str:
    return ANNOUNCED if change.kind == "removed" else ""


def _form(change: Change, closed: bool) -> str:
    return CLOSED if closed else ""


def _question_kind(change: Change, closed: bool) -> str:
    return KIND


Verdict = Callable[[Change, bool], str]
_CODE = r"[^.]+"
ADMITTED: tuple[tuple[re.Pattern[str], Verdict], ...] = tuple(
    (re.compile(pattern), verdict)
    for pattern, verdict in (
        (r"(summary|goal|brief|themes|texts(\..+)?|support\.text|applicants\.text|data_notice\..+)", _yes),
        (r"(contact(\..+)?|reminders(\..+)?|frame(\..+)?|documents(\..+)?)", _yes),
        (rf"(partners(\..+)?|(objectives|axes|tracks)\.{_CODE}\.(label|text)|windows\.{_CODE}\.label)", _yes),
        (r"examination\.(completion_days|opinion_days|(checklist|fields)(\..+)?)", _yes),
        (rf"calendar\.{_CODE}\.when", _later),
        (rf"calendar\.{_CODE}", _milestone),
        (rf"calendar(\.{_CODE}\.(label|note))?", _yes),
        (rf"sections\.{_CODE}\.questions\.{_CODE}\.kind", _question_kind),
        (rf"pieces\.{_CODE}\.promised_until", _later),
        (r"(sections|pieces)(\..+)?", _form),
    )
)
