"""What the money of a call contradicts: shares that do not make the total, codes that name nothing, floors too high."""

from calls.definition.consistency_form import Findings, unknown
from calls.definition.money import Money
from calls.definition.schema import CallDocument
from calls.definition.tree import Path, Problem
from portal.core.typography import format_amount


def money_findings(document: CallDocument) -> Findings:
    if document.money is None:
        return
    yield from _cuts(document, document.money)
    for rank, grant in enumerate(document.money.grants):
        if grant.ceiling is not None and grant.floor is not None and grant.floor > grant.ceiling:
            yield Problem("le plancher dépasse le plafond.", ("money", "grants", rank, "floor"))


def _cuts(document: CallDocument, money: Money) -> Findings:
    names = {
        "funder": ("aucun partenaire", {partner.code for partner in document.partners}),
        "stratum": ("aucune strate", {stratum.code for stratum in document.strata}),
        "track": ("aucun volet", {track.code for track in document.tracks}),
    }
    for rank, cut in enumerate(money.cuts):
        path: Path = ("money", "cuts", rank)
        if money.total is None:
            yield Problem("un total est partagé, mais il n’est pas écrit : ajoutez « total: ».", path)
        elif cut.sum != money.total:
            difference = format_amount(abs(money.total - cut.sum))
            side = "manque" if cut.sum < money.total else "est en trop"
            yield Problem(f"les parts font {format_amount(cut.sum)} : il {side} {difference} pour le total.", path)
        if cut.axis in names:
            none, known = names[cut.axis]
            for place, share in enumerate(cut.shares):
                if share.code not in known:
                    yield unknown(none, share.code, known, (*path, "shares", place, "code"))
