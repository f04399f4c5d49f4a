"""Organisations whose commune has another code today, and organisations found by any of their names."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.territories.history import History
from portal.territories.models import Commune
from portal.territories.spelling import plain

from .models import Organisation, OrganisationAlias, Takeover, User

SHORTEST = 2
MOST_ACTS, MOST_TAKEOVERS = 20, 5


def of_former_communes() -> QuerySet[Organisation]:
    """Organisations of communes gone from the code, not taken over yet."""
    rows = Organisation.objects.filter(commune__inhabited=False, merged_into=None)
    return rows.select_related("commune").order_by("name", "pk")


def former_codes(past: History) -> list[str]:
    """One sentence by organisation whose commune became another, with the command that settles it."""
    found = []
    for row in of_former_communes():
        after = [code for code in past.successors(str(row.commune_id)) if code != row.commune_id]
        names = [str(commune) for commune in Commune.objects.filter(insee__in=after).order_by("insee")]
        if names:
            became = " et ".join(f"{name} ({code})" for name, code in zip(names, after, strict=False))
            how = "manage.py repair_references" if same_body(row, after) else "manage.py take_over"
            found.append(f"organisme «\u00a0{row}\u00a0» ({row.commune_id})\u00a0: devenu {became} ; {how}")
    return found


def same_body(row: Organisation, after: list[str]) -> bool:
    """Whether the commune only changed its code: its SIREN went with it, and nobody else stands there."""
    heirs = Commune.objects.filter(insee__in=after, siren=row.siren, organisation=None)
    return len(after) == 1 and row.siren is not None and heirs.exists()


class Happened(NamedTuple):
    """One act on an organisation: when, by whom, what in a few lines."""

    at: datetime
    by: User
    title: str
    lines: list[str]


def history_of(row: Organisation) -> list[Happened]:
    """The last acts on an organisation: its card opened or changed, what it took over, who took it over."""
    edits = [
        Happened(
            edit.at,
            edit.by,
            "Fiche ouverte" if edit.created else "Fiche modifiée",
            [change_words(*change) for change in edit.changes],
        )
        for edit in row.edits.select_related("by")[:MOST_ACTS]
    ]
    about = Takeover.objects.filter(Q(successor=row) | Q(lines__predecessor=row)).distinct()
    takeovers = [
        Happened(
            done.done_at,
            done.done_by,
            f"Reprise par « {done.successor} », {done.reason}",
            list(done.lines.order_by("pk").values_list("sentence", flat=True)[:MOST_ACTS]),
        )
        for done in about.select_related("successor", "done_by").order_by("-done_at")[:MOST_TAKEOVERS]
    ]
    return sorted([*edits, *takeovers], key=lambda act: act.at, reverse=True)[:MOST_ACTS]


def change_words(label: str, before: str, after: str) -> str:
    if before and after:
        return f"{label} : « {after} », avant « {before} »"
    return f"{label} : « {after} »" if after else f"{label} : « {before} » retiré"


def search_organisations(text: str) -> QuerySet[Organisation]:
    """Organisations by name, former or usual name, SIREN, SIRET or RNA. All of them if nothing is typed."""
    rows = Organisation.objects.select_related("merged_into", "seat").prefetch_related("aliases").order_by("name", "pk")
    wanted, number = plain(text[:150]), "".join(text.split()).upper()
    if len(wanted) < SHORTEST:
        return rows
    alias = OrganisationAlias.objects.filter(organisation=OuterRef("pk"), search_name__contains=wanted)
    typed = " ".join(text.replace("'", "’").split())
    named = Q(name__icontains=typed) | Q(commune__search_name__contains=wanted) | Exists(alias)
    return rows.filter(named | Q(siren=number) | Q(siret=number) | Q(rna=number))
