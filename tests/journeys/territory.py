"""The 54 real communes of Le Havre Seine Métropole, from the official files, with the addresses of their town halls."""

from dataclasses import replace

from django.conf import settings

from portal.accounts.models import Organisation
from portal.accounts.queries import organisation_of
from portal.territories.imports.official import read_territories
from portal.territories.models import Commune
from portal.territories.services import apply_differences, compare

LHSM = "200084952"


def import_communes() -> None:
    """The communes of one intercommunality, with their figures."""
    every = read_territories(settings.NODE_MODULES, commune_year=2023, epci_year=2022)
    kept = {code: row for code, row in every.communes.items() if row["intercommunality_id"] == LHSM}
    figures = {key: row for key, row in every.figures.items() if key[0] in kept}
    one = {LHSM: every.intercommunalities[LHSM]}
    apply_differences(compare(replace(every, communes=kept, figures=figures, intercommunalities=one)))


def town_hall_address(insee: str) -> str:
    return f"mairie-{insee}@mairies.exemple.fr"


def know_the_town_halls() -> None:
    """No screen takes the official addresses yet: they are written as an import would."""
    for commune in Commune.objects.filter(intercommunality_id=LHSM):
        organisation = organisation_of(commune)
        assert organisation is not None
        Organisation.objects.filter(pk=organisation.pk).update(official_email=town_hall_address(commune.insee))
