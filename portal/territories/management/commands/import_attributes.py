"""manage.py import_attributes FICHIER [--apply]: zonings, programmes and labels of communes."""

from typing import Any

from ...imports.facts import read_attributes
from ...services.plans import Plan, attribute_plan
from ..importing import ImportCommand


class Command(ImportCommand):
    help = "Attributs des communes (densité, PVD, FRR, labels…) : un CSV « attribut;insee;valeur;annee;source »."
    kind = "attributes"

    def plan(self, options: dict[str, Any]) -> Plan:
        return attribute_plan(read_attributes(options["path"]))
