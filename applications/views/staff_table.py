"""What the page of the communes shows: rows, counts, strata, map, chain; plain data for the components."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.urls import NoReverseMatch, reverse

from applications import states
from applications.filters import CommuneFilter
from applications.models import DecisionLine
from applications.queries.staff import NOT_BEGUN
from applications.queries.tally import StratumCount
from calls.models import Call, Stratum
from calls.queries import call_window, is_open, milestone_day, stage_of
from portal.core import ui
from portal.core.typography import NBSP, format_ago, format_day, format_quantity, format_time, time_left
from portal.territories.models import Commune

FACTS = {
    states.SUBMITTED: "À examiner",
    states.ADMISSIBLE: "Recevable",
    states.INADMISSIBLE: "Non recevable",
    states.WITHDRAWN: "Retirée par la commune",
    states.KEPT: "Lettre d’intention retenue",
    states.NOT_KEPT: "Lettre d’intention non retenue",
}
BADGES = {NOT_BEGUN: "not_begun", states.DRAFT: "draft", states.WITHDRAWN: "withdrawn"}
MAIL_FACTS = {
    "sent": "Courriel d’ouverture envoyé",
    "failed": "Courriel d’ouverture revenu en erreur",
    "queued": "Courriel d’ouverture en cours d’envoi",
    "sending": "Courriel d’ouverture en cours d’envoi",
}


def link(name: str, *args: object) -> str:
    """The address of a page of another room; empty while that room has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Row:
    """One commune of the table. `failed` marks a fact that needs care."""

    insee: str
    name: str
    population: int | None
    badge: str
    state: str
    activity: str
    fact: str
    url: str
    verb: str
    number: str = ""
    failed: bool = False
    begun: bool = True
    place: str = ""
    officer: str = ""
    opinions: str = ""
    completion: str = ""

    @property
    def more(self) -> list[str]:
        """What else to know of a deposited file: compléments, opinions, who examines it."""
        return [words for words in (self.completion, self.opinions, self.officer) if words]


def places_of(found: CommuneFilter) -> dict[str, dict[int, str]]:
    """The words of the tracks and of the waves that the table shows, by key; empty when the call has none."""
    tracks = {track.pk: track.label for track in found.tracks.values()}
    waves = {window.pk: window.label or f"vague {window.wave}" for window in found.windows.values()}
    return {"file_track": tracks, "file_window": waves} if tracks or waves else {}


def row_of(
    commune: Commune,
    call: Call,
    at: datetime,
    *,
    closed: bool,
    reads: bool = True,
    places: Mapping[str, Mapping[int, str]] = MappingProxyType({}),
) -> Row:
    """A row of `communes_table`, in words. Of a draft, only how much of it is begun; `reads`: may open the files."""
    situation = commune.situation
    deposited = situation not in (NOT_BEGUN, states.DRAFT)
    badge = BADGES.get(situation, "deposited")
    opens = deposited and reads
    url = reverse("staff_application", args=[commune.file_uuid]) if opens else commune_url(call, commune)
    return Row(
        insee=commune.insee,
        name=commune.name.replace("'", "’"),
        population=commune.population,
        badge=badge,
        state=ui.BADGES[badge].label,
        activity=activity_words(commune, at, deposited=deposited),
        fact=fact_words(commune, closed=closed),
        url=url,
        verb="Instruire" if opens else "Contacter",
        number=commune.file_number or "",
        failed=situation == NOT_BEGUN and commune.opening_mail == "failed",
        begun=situation != NOT_BEGUN,
        officer=(commune.file_officer_name or "") if reads else "",
        opinions=opinions_words(commune) if reads else "",
        completion=completion_words(commune, at) if reads else "",
        place=", ".join(filter(None, (words.get(getattr(commune, name)) for name, words in places.items()))),
    )


@dataclass(frozen=True)
class VerdictRow:
    """One eligibility rule: its verdict as a badge, its sentence, whether it is a condition."""

    badge: ui.Badge
    sentence: str
    kind: str


VERDICTS: dict[str, ui.Badge] = {
    "pass": ui.Badge(label="Oui", tone="ok", icon="check-lg"),
    "fail": ui.Badge(label="Non", tone="err", icon="x-circle"),
    "warning": ui.Badge(label="Non, signalé", tone="warn", icon="exclamation-triangle"),
    "unknown": ui.Badge(label="À vérifier", tone="info", icon="search"),
    "derogated": ui.Badge(label="Dérogation", tone="ok", icon="check-lg"),
}
EFFECTS = {
    "blocking": "condition",
    "justify": "à justifier",
    "warning": "priorité",
    "informative": "pour information",
}


def verdict_rows(verdicts: Iterable[Any]) -> list[VerdictRow]:
    """Verdicts, computed now or frozen at deposit, as rows."""
    return [VerdictRow(VERDICTS[v.outcome], v.sentence, EFFECTS.get(v.effect, "")) for v in verdicts]


def commune_url(call: Call, commune: Commune) -> str:
    return reverse("staff_commune", args=[call.slug, commune.insee])


def activity_words(commune: Commune, at: datetime, *, deposited: bool) -> str:
    """« 12 mars, 16 h 04 » for a deposited file, « il y a 9 jours » for a draft."""
    seen = commune.activity_at
    if seen is None:
        return "aucune"
    return f"{format_day(seen)}, {format_time(seen)}" if deposited else format_ago(seen, at)


def opinions_words(commune: Commune) -> str:
    """« 3 demandés, 2 reçus »."""
    asked = commune.opinions_asked
    if not asked:
        return ""
    given = format_quantity(commune.opinions_given, "reçu")
    return f"{format_quantity(asked, 'avis demandé', 'avis demandés')}, {given}"


def completion_words(commune: Commune, at: datetime) -> str:
    """« Compléments attendus pour le 12 mars », or that their day has passed."""
    due_at = commune.completion_due
    if due_at is None:
        return ""
    return f"Compléments {'en retard depuis' if at > due_at else 'attendus pour'} le {format_day(due_at)}"


def fact_words(commune: Commune, *, closed: bool) -> str:
    """The one thing to know of a commune."""
    if commune.situation == NOT_BEGUN:
        return MAIL_FACTS.get(commune.opening_mail, "Pas encore de courriel d’ouverture")
    if commune.situation == states.DRAFT:
        if closed:
            return "Non déposée à la clôture"
        n = commune.begun_sections
        return format_quantity(n, "section commencée", "sections commencées") if n else "Aucune section commencée"
    if commune.situation == states.DECIDED and commune.outcome:
        label = DecisionLine.Outcome(commune.outcome).label
        return f"{label[:1].upper()}{label[1:]}"
    return FACTS.get(commune.situation, "")


# --- figures ------------------------------------------------------------------------------------------------------


def state_counts(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """The key of the map with its figures."""
    labels = {"deposited": "Déposé", "draft": "Brouillon en cours", "none": "Pas commencé"}
    found = [(state, label, counts[state]) for state, label in labels.items()]
    return [*found, ("withdrawn", "Retirée", counts["withdrawn"])] if counts["withdrawn"] else found


def heading(call: Call, at: datetime) -> str:
    """« Où en sont-elles, à 19 jours de la clôture ? »"""
    window = call_window(call, at)
    if window and is_open(window, at):
        return f"Où en sont-elles, à {time_left(window.closes_at, at)} de la clôture ?"
    return "Où en sont-elles ?"


def summary(counts: dict[str, int]) -> str:
    """The map in one sentence."""
    deposited = format_quantity(counts["deposited"], "commune a déposé", "communes ont déposé")
    drafts = format_quantity(counts["draft"], "a un brouillon", "ont un brouillon")
    rest = format_quantity(counts["none"], "n’a pas commencé", "n’ont pas commencé")
    return f"Sur {counts['total']}, {deposited}, {drafts}, {rest}."


def strip(strata: Sequence[StratumCount]) -> list[ui.Stratum]:
    return [ui.Stratum(label=s.label, deposited=s.deposited, drafts=s.draft, total=s.total) for s in strata]


def strata_note(strata: Sequence[StratumCount]) -> str:
    """The first stratum from which nothing came, in a sentence."""
    silent = next((s for s in strata if s.total and not s.deposited), None)
    if silent is None:
        return ""
    communes, drafts = format_quantity(silent.total, "commune"), format_quantity(silent.draft, "brouillon")
    return f"Strate sans candidature déposée, « {silent.label} » : {communes}, {drafts}."


def population_note(strata: Iterable[Stratum]) -> str:
    """Which population the table shows."""
    for stratum in strata:
        if stratum.kind == stratum.Kind.POPULATION:
            return f"Populations {stratum.population_kind}s {stratum.population_year}, Insee."
    return "Dernières populations municipales connues, Insee."


# --- the chain ----------------------------------------------------------------------------------------------------


def chain_of(call: Call, counts: dict[str, int], at: datetime, *, keeps_jury: bool) -> list[ui.Stage]:
    """The chain as the menu of a call, each link with its count; the jury's leads only those who keep it."""
    communes = reverse("staff_communes", args=[call.slug])
    jury_on = milestone_day(call, "jury")
    admissible = format_quantity(counts["passed"], "recevable", "recevables")
    urls = {
        "call": link("staff_call", call.slug),
        "application": f"{communes}?etat=deposee",
        "examination": f"{communes}?etat=a-examiner",
        "jury": link("jury_staff", call.slug) if keeps_jury else "",
        "agreement": link("agreements", call.slug),
        "support": link("support_home"),
    }
    facts = {
        "call": (str(counts["total"]), "communes invitées"),
        "application": (
            format_quantity(counts["deposited"], "déposée", "déposées"),
            format_quantity(counts["draft"], "brouillon"),
        ),
        "examination": (admissible, f"{counts['to_examine']}{NBSP}à examiner"),
        "jury": (format_day(jury_on), seats_words(call)) if jury_on else ("", ""),
    }
    omit: tuple[str, ...] = () if hasattr(call, "jury_rules") else ("jury",)
    return ui.chain(stage_of(call, at), facts=facts, urls={k: v for k, v in urls.items() if v}, omit=omit)


def seats_words(call: Call) -> str:
    """« 9 votants », of a call read `with_voters`."""
    return format_quantity(call.voters, "votant")
