"""What the document of a call holds and its page shows as plain blocks: facts, then a list; nothing when it is empty.

A new part of the document is one more function of `BEFORE_GRID` or `AFTER_GRID`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from portal.core.typography import format_quantity, typeset

from ..condition_words import say
from ..definition.deliberation import CollegeQuorum, college_sentence, share_sentence
from ..definition.dump import dump
from ..documents import places_words
from ..models import Call, EligibilityRule, SupportPhase
from ..words import APPLICANT_KINDS, INDICATOR_KINDS, PARTNER_ROLES, SUPPORT_KINDS

NOT_BLOCKING = {
    EligibilityRule.Effect.JUSTIFY: "À défaut, le candidat s’en explique par écrit.",
    EligibilityRule.Effect.WARNING: "Ce n’est pas une condition, mais une priorité.",
    EligibilityRule.Effect.INFORMATIVE: "Pour information.",
}


@dataclass(frozen=True)
class Block:
    """One section of the page: `lead` (paragraphs), `facts` (label, text), `items` (title, line)."""

    code: str
    title: str
    lead: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    items: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.lead or self.facts or self.items)


def blocks_before_grid(call: Call) -> list[Block]:
    return drawn(build(call) for build in BEFORE_GRID)


def blocks_after_grid(call: Call) -> list[Block]:
    return drawn(build(call) for build in AFTER_GRID)


def drawn(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in blocks if not block.is_empty]


def facts(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The pairs that say something, in French typography."""
    return tuple((label, typeset(text)) for label, text in pairs if text)


def listed(words: Iterable[str]) -> str:
    return " ; ".join(words)


# --- before the grid ---------------------------------------------------------------------------------------------


def applicants(call: Call) -> Block:
    """Who, where, alone or together, under which rules."""
    told = call.extras.get("applicants") or {}
    group = told.get("group") or {}
    kinds = ", ".join(APPLICANT_KINDS[kind].lower() for kind in call.applicant_kinds)
    return Block(
        "candidats",
        "Qui peut candidater",
        facts=facts(
            ("Candidats", told.get("text") or f"{kinds[0].upper()}{kinds[1:]}"),
            ("Périmètre", call.extras["perimeter_label"]),
            ("À plusieurs", group.get("text") or (f"Jusqu’à {group['max']} candidats ensemble" if group else "")),
            ("Volets", listed(track.label for track in call.tracks.all())),
            ("Strates", listed(stratum.label for stratum in call.strata.all())),
        ),
        items=tuple((typeset(rule.label), rule_line(rule)) for rule in call.eligibility_rules.all()),
    )


def rule_line(rule: EligibilityRule) -> str:
    """Its sentence, what it is when it does not exclude, whether one may derogate."""
    parts = [rule.parameters.get("sentence", ""), NOT_BLOCKING.get(rule.effect, "")]
    if rule.derogable:
        parts.append("Une dérogation motivée est possible.")
    return typeset(" ".join(part for part in parts if part))


def offer(call: Call) -> Block:
    """What is given: in kind or in money, how long, in which steps, which days of expertise."""
    support, agreement = call.extras.get("support") or {}, call.extras.get("agreement") or {}
    months = support.get("months")
    days = ((entry["label"], entry["days"]) for entry in agreement.get("expertise", ()))
    return Block(
        "offre",
        "Ce que reçoivent les candidatures retenues",
        lead=support.get("text", ""),
        facts=facts(
            ("Nature", ", ".join(SUPPORT_KINDS[kind] for kind in call.support_kinds).capitalize()),
            ("Durée", f"{months} mois" if months else ""),
            ("Expertise", listed(f"{label} ({format_quantity(n, 'jour')})" for label, n in days)),
        ),
        items=tuple((typeset(phase.title), phase_line(phase)) for phase in call.support_phases.all()),
    )


def phase_line(phase: SupportPhase) -> str:
    """« Mois 2 à 4. Synthèse du diagnostic »."""
    one = phase.first_month == phase.last_month
    months = f"Mois {phase.first_month}" if one else f"Mois {phase.first_month} à {phase.last_month}"
    return typeset(f"{months}. {phase.deliverable}" if phase.deliverable else f"{months}.")


# --- with the grid ---------------------------------------------------------------------------------------------


def rankings(call: Call) -> Block:
    """What is ranked apart, and how many places each ranking has; nothing when all files are ranked together."""
    if not call.rankings.all():
        return Block("classements", "")
    document = dump(call)
    grid = document.grid
    items = [
        (typeset(one.label), sentence(say(one.condition, document), places_words(grid, one))) for one in grid.rankings
    ]
    items.append(("Les autres candidatures", sentence("classées ensemble", places_words(grid, None))))
    lead = "Une candidature est classée dans le premier de ces classements qui est le sien."
    return Block("classements", "Ce qui est classé à part", lead=lead, items=tuple(items))


def sentence(*parts: str) -> str:
    """« Le volet est « Places » : 3 lauréates au plus. »"""
    text = " : ".join(part for part in parts if part)
    return typeset(f"{text[:1].upper()}{text[1:]}.")


# --- after the grid ----------------------------------------------------------------------------------------------


def decision(call: Call) -> Block:
    """Who decides, before which court; who sits in the jury, by college."""
    told = call.extras.get("decision") or {}
    rules = getattr(call, "jury_rules", None)
    court = told.get("court") or {}
    return Block(
        "decision",
        "Qui donne un avis, qui décide",
        facts=facts(
            ("Décision", told.get("authority", "")),
            ("Recours", ", ".join(part for part in (court.get("name"), court.get("address")) if part)),
            ("Quorum du jury", quorum_line(call)),
            ("À égalité", tie_break(call)),
            *(jury(call) if rules else ()),
        ),
    )


def quorum_line(call: Call) -> str:
    """« 5 membres présents, et plus de la moitié des membres à voix délibérative non déportés »; "" without a jury."""
    rules = getattr(call, "jury_rules", None)
    if rules is None:
        return ""
    written = call.extras.get("jury") or {}
    share = written.get("quorum_share")
    asked = [share_sentence(share, strict=written.get("quorum_strict", False))] if share else []
    asked += [college_sentence(CollegeQuorum(**row)) for row in written.get("quorum_colleges") or ()]
    return " et ".join([format_quantity(rules.quorum, "membre présent", "membres présents"), *asked])


def jury(call: Call) -> Iterator[tuple[str, str]]:
    """The seats by college, then how those that nobody names are filled."""
    colleges: dict[str, list[str]] = {}
    seats = list(call.seat_templates.all())
    for seat in seats:
        voice = "" if seat.voting else "observe" if seat.observer else "voix consultative"
        place = "préside" if seat.president else "copréside" if seat.co_chair else ""
        changing = "un par département" if seat.by_department else ""
        parts = [seat.label, place, voice, changing, "tiré au sort" if seat.drawn else ""]
        colleges.setdefault(seat.college or "Jury", []).append(", ".join(part for part in parts if part))
    yield from ((college, listed(labels)) for college, labels in colleges.items())
    yield "Désignation", " ".join(dict.fromkeys(seat.rule for seat in seats if seat.rule))


def tie_break(call: Call) -> str:
    """« Santé », puis « Nature », puis un vote du jury."""
    grid = getattr(call, "grid", None)
    labels = {row.code: row.label for row in call.criteria.all()}
    asked = [f"« {labels[code]} »" for code in grid.tie_break if code in labels] if grid else []
    if not asked:
        return ""
    last = "puis un vote du jury" if hasattr(call, "jury_rules") else "puis l’autorité qui décide"
    return f"{', puis '.join(asked)}, {last}."


def undertakings(call: Call) -> Block:
    items = tuple((typeset(row.label), "") for row in call.undertakings.all())
    return Block("engagements", "Ce à quoi le candidat s’engage", items=items)


def partners(call: Call) -> Block:
    """The owner, then the others by role, in the order of the document."""
    by_role: dict[str, list[str]] = {}
    for partner in call.partners.all():
        by_role.setdefault(PARTNER_ROLES.get(partner.role, partner.role), []).append(partner.name)
    if not by_role:
        return Block("partenaires", "Les partenaires")
    return Block(
        "partenaires",
        "Les partenaires",
        facts=facts(("Organisateur", call.owner.name), *((role, listed(names)) for role, names in by_role.items())),
    )


def indicators(call: Call) -> Block:
    """What will be measured, by kind."""
    by_kind: dict[str, list[str]] = {}
    for row in call.indicators.all():
        by_kind.setdefault(INDICATOR_KINDS.get(row.kind, "Autres"), []).append(row.label)
    return Block(
        "mesure", "Ce qui sera mesuré", facts=facts(*((kind, listed(labels)) for kind, labels in by_kind.items()))
    )


def data_notice(call: Call) -> Block:
    told = call.extras.get("data_notice") or {}
    return Block(
        "donnees",
        "Vos données personnelles",
        lead=told.get("text", ""),
        facts=facts(("Délégué à la protection des données", told.get("dpo_mail", ""))),
    )


Builder = Callable[[Call], Block]
BEFORE_GRID: tuple[Builder, ...] = (applicants, offer)
AFTER_GRID: tuple[Builder, ...] = (decision, undertakings, partners, indicators, data_notice)
