"""Keep an organisation: what it is, its services, its other names; and who changed what."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from portal.territories.spelling import plain

from ..models import Organisation, OrganisationAlias, OrganisationEdit, OrganisationUnit, User

OWN = {
    "kind": "Nature", "name": "Nom", "siren": "SIREN", "siret": "SIRET du siège", "rna": "Numéro RNA",
    "seat": "Commune du siège",
}  # fmt: skip


@transaction.atomic
def keep_organisation(
    *, organisation: Organisation | None, facts: dict[str, Any], by: User, at: datetime
) -> Organisation:
    """Write the cleaned answers of the form and log what they change.

    Services are added, never taken away: calls may name them.
    """
    row = organisation or Organisation()
    before = {} if organisation is None else as_it_stands(row)
    for name in OWN:
        if name in facts:
            setattr(row, name, facts[name])
    row.save()
    for name in facts["units"]:
        OrganisationUnit.objects.get_or_create(organisation=row, name=name)
    row.aliases.all().delete()
    aliases = {plain(alias.name)[:150]: alias for alias in facts["aliases"] if plain(alias.name) != plain(row.name)}
    OrganisationAlias.objects.bulk_create(
        OrganisationAlias(organisation=row, name=a.name, search_name=key, since=a.since, until=a.until)
        for key, a in aliases.items()
    )
    after = as_it_stands(row)
    changes = [[label, before.get(label, ""), said] for label, said in after.items() if before.get(label, "") != said]
    if changes:
        OrganisationEdit.objects.create(organisation=row, at=at, by=by, created=organisation is None, changes=changes)
    return row


def as_it_stands(row: Organisation) -> dict[str, str]:
    """By label, each fact in words: two pictures of it tell what an edit changed."""
    own = {"kind": row.get_kind_display(), "seat": str(row.seat or "")}
    names = sorted(alias_words(alias) for alias in row.aliases.all())
    return {
        **{label: own.get(name, getattr(row, name) or "") for name, label in OWN.items()},
        "Services": ", ".join(sorted(row.units.values_list("name", flat=True))),
        "Autres noms": ", ".join(names),
    }


def alias_words(alias: OrganisationAlias) -> str:
    since, until = (_day(day) for day in (alias.since, alias.until))
    dates = " ".join(filter(None, (since and f"depuis le {since}", until and f"jusqu’au {until}")))
    return f"{alias.name} ({dates})" if dates else alias.name


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
