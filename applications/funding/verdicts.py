"""What the rules say of a plan, each in one French sentence with its figures and its source; which one bites. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from calls.definition.money import Tax
from calls.grants import TAXES, euros
from portal.core.typography import format_plain, typeset

from .limits import Limit, Scheme, biting, limits, public_ceiling
from .own_share import SOURCE, Owner, own_share
from .plans import ZERO, FundingPlan, rate_of, together

CONCOURS_SOURCE = "CGCT, art. L. 5214-16 V, L. 5215-26 et L. 5216-5 VI"


@dataclass(frozen=True)
class PlanVerdict:
    """`met` is None when it hangs on somebody's decision. `bites`: the rule that decides the most that may be given."""

    code: str
    met: bool | None
    sentence: str
    source: str = ""
    bites: bool = False


@dataclass(frozen=True)
class Frame:
    """What bears on the plans of a file, beside the law. `department`: where its applicant lies.

    `scheme`: the aid of the call, None when none is known to apply. `strict`: no deposit while a rule is not kept.
    """

    scheme: Scheme | None = None
    tax: Tax = "ht"
    department: str = ""
    strict: bool = False


@dataclass(frozen=True)
class Costed:
    """An operation: its plan, and who commands it."""

    plan: FundingPlan
    owner: Owner = field(default_factory=Owner)


def verdicts(operation: Costed, scheme: Scheme | None) -> list[PlanVerdict]:
    """All the rules on one operation, in their order."""
    plan, owner = operation.plan, operation.owner
    found = [balance(plan)]
    if scheme is not None:
        found += _aid(plan, scheme, limits(plan, scheme, owner))
        found += _public(plan, scheme)
    return [*found, *_own(plan, owner), *_concours(plan)]


def verdicts_of_schemes(operation: Costed, schemes: Iterable[Scheme]) -> list[PlanVerdict]:
    """All the rules on one operation that several schemes pay: the aid of each, then what bears on all of them."""
    plan, owner = operation.plan, operation.owner
    every = list(schemes)
    aids = [verdict for scheme in every for verdict in _aid(plan, scheme, limits(plan, scheme, owner))]
    public = [verdict for scheme in every for verdict in _public(plan, scheme)]
    apart = {verdict.sentence: verdict for verdict in reversed(public)}
    return [balance(plan), *aids, *reversed(apart.values()), *_own(plan, owner), *_concours(plan)]


def verdicts_of_all(operations: Sequence[Costed], scheme: Scheme | None) -> list[PlanVerdict]:
    """The rules on the total of several operations: the least own shares add up, each with its own ground."""
    plan = together(operation.plan for operation in operations)
    found = [balance(plan)]
    if scheme is not None:
        # The own share of each operation is looked at by itself: for the total, no owner is bound by it.
        found += _aid(plan, scheme, limits(plan, scheme, Owner(local=False)))
        found += _public(plan, scheme)
    return [*found, *_own_of_all(plan, operations)]


def balance(plan: FundingPlan) -> PlanVerdict:
    if not plan.gap:
        sentence = f"Le plan est équilibré : {euros(plan.cost)} de dépenses et de ressources."
    elif plan.gap < 0:
        sentence = (
            f"Il manque {euros(-plan.gap)} de ressources : {euros(plan.cost)} de dépenses {TAXES[plan.tax]}, "
            f"{euros(plan.total)} de ressources."
        )
    else:
        sentence = (
            f"Il y a {euros(plan.gap)} de ressources en trop : {euros(plan.cost)} de dépenses {TAXES[plan.tax]}, "
            f"{euros(plan.total)} de ressources."
        )
    return PlanVerdict("balance", not plan.gap, typeset(sentence))


def _aid(plan: FundingPlan, scheme: Scheme, found: list[Limit]) -> Iterator[PlanVerdict]:
    """The aid asked of the scheme against the most that it may give, and the rule that decides."""
    asked, limit = plan.given_by(scheme.code), biting(found)
    if not asked:
        return
    why = _why(plan, scheme, limit)
    if asked <= limit.most:
        sentence = f"{scheme.terms.label} : {euros(asked)} demandés, {euros(limit.most)} au plus {why}."
    elif limit.rule == "floor":
        sentence = f"{scheme.terms.label} : aucune aide possible {why}."
    else:
        sentence = (
            f"{scheme.terms.label} : {euros(asked)} demandés, {euros(asked - limit.most)} de trop. "
            f"L’aide est de {euros(limit.most)} au plus {why}."
        )
    yield PlanVerdict("aid", asked <= limit.most, typeset(sentence), scheme.source, bites=True)


def _why(plan: FundingPlan, scheme: Scheme, limit: Limit) -> str:
    """« (60 % de la dépense éligible, 120 000 € hors taxes) »: the rule that bites, with its figures."""
    terms = scheme.terms
    base = f"{euros(plan.eligible(terms.base, terms.code))} {TAXES[terms.base]}"
    ceiling, floor = euros(terms.ceiling or ZERO), euros(terms.floor or ZERO)
    capped = "de dépense" if terms.ceiling_on == "cost" else "d’aide"
    return {
        "rate": f"({format_plain(terms.rate)} % de la dépense éligible, {base})",
        "ceiling": f"(plafond de {ceiling} {capped})",
        "floor": f"(plancher de {floor} {capped})",
        "public_ceiling": "(plafond de toutes les aides publiques, déduction faite des autres)",
        "own_share": "(part minimale du maître d’ouvrage, déduction faite des autres aides)",
        "envelope": "(enveloppe de l’appel)",
    }[limit.rule]


def _public(plan: FundingPlan, scheme: Scheme) -> Iterator[PlanVerdict]:
    most = public_ceiling(plan, scheme)
    if most is None or scheme.public_ceiling is None:
        return
    eligible = euros(plan.eligible_investment(scheme.code))
    said = f"{format_plain(scheme.public_ceiling)} % de l’investissement éligible ({eligible})"
    if plan.cost != plan.investment:
        said += f", fonctionnement en plus ({euros(plan.cost - plan.investment)})"
    met = plan.public_aid <= most
    verb = "" if met else f", {euros(plan.public_aid - most)} de trop"
    sentence = f"Aides publiques : {euros(plan.public_aid)}{verb} ; le plafond est de {euros(most)}, {said}."
    yield PlanVerdict("public_ceiling", met, typeset(sentence), scheme.source)


def _own(plan: FundingPlan, owner: Owner) -> Iterator[PlanVerdict]:
    """The share of the owner against the least that the law asks of it, and what the least rests on."""
    share = own_share(plan, owner)
    if share is None:
        return
    ground = share.ground
    part = "de l’investissement" if plan.cost != plan.investment else "du maître d’ouvrage"
    if not ground.percent:
        sentence = f"Part {part} : pas de minimum ({ground.label})."
    else:
        rule = f"{ground.percent} % des financements publics ({euros(share.base)}), {ground.label}"
        short = f", il manque {euros(share.missing)}" if share.missing else ""
        sentence = f"Part {part} : {euros(plan.own)}{short} ; le minimum est de {euros(share.least)}, {rule}."
    if ground.authority:
        sentence += f" À confirmer par {ground.authority}."
    met = False if share.missing else None if ground.authority else True
    yield PlanVerdict("own_share", met, typeset(sentence), ground.source)


def _own_of_all(plan: FundingPlan, operations: Sequence[Costed]) -> Iterator[PlanVerdict]:
    shares = [share for share in (own_share(one.plan, one.owner) for one in operations) if share is not None]
    if not shares:
        return
    least, missing = sum((s.least for s in shares), ZERO), sum((s.missing for s in shares), ZERO)
    short = f", il manque {euros(missing)} dans une opération au moins" if missing else ""
    sentence = f"Part des maîtres d’ouvrage : {euros(plan.own)}{short} ; les minimums font {euros(least)} ensemble."
    met = False if missing else None if any(share.ground.authority for share in shares) else True
    yield PlanVerdict("own_share", met, typeset(sentence), SOURCE)


def _concours(plan: FundingPlan) -> Iterator[PlanVerdict]:
    """Money of an intercommunality to its commune: never more than the commune pays itself, net of the other aids."""
    if not plan.concours:
        return
    over = plan.concours - plan.own
    if over > 0:
        sentence = (
            f"Fonds de concours : {euros(plan.concours)}, {euros(over)} de plus que la part de la commune, hors "
            f"subventions ({euros(plan.own)})."
        )
    else:
        sentence = (
            f"Fonds de concours : {euros(plan.concours)}, pas plus que la part de la commune ({euros(plan.own)})."
        )
    sentence += " Il finance un équipement, après deux délibérations concordantes."
    yield PlanVerdict("concours", over <= 0, typeset(sentence), CONCOURS_SOURCE)


def rate_sentence(plan: FundingPlan) -> str:
    """« 80 % d’aides publiques, 20 % du maître d’ouvrage. »"""
    aid, own = rate_of(plan.public_aid, plan.cost), rate_of(plan.own, plan.cost)
    return typeset(f"{format_plain(aid)} % d’aides publiques, {format_plain(own)} % du maître d’ouvrage.")


def vat_sentence(plan: FundingPlan) -> str:
    """What the FCTVA may give back, for a plan without tax; nothing for another."""
    if plan.tax != "ht" or not plan.vat_fund:
        return ""
    return typeset(
        f"Pour information : le FCTVA peut rendre {euros(plan.vat_fund)}, 16,404 % de l’investissement toutes taxes "
        "comprises (une étude, seulement si des travaux suivent). Ce n’est pas une ressource de ce plan."
    )
