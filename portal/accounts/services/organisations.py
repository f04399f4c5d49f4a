"""Keep an organisation: what it is, its services, its other names."""

from typing import Any

from django.db import transaction

from portal.territories.spelling import plain

from ..models import Organisation, OrganisationAlias, OrganisationUnit

OWN = ("kind", "name", "siren", "siret", "rna", "seat")


@transaction.atomic
def keep_organisation(*, organisation: Organisation | None, facts: dict[str, Any]) -> Organisation:
    """Write the cleaned answers of the form. Services are added, never taken away: calls may name them."""
    row = organisation or Organisation()
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
    return row
