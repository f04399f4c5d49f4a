"""manage.py import_groupings FICHIER [--apply]: cantons, massifs, constituencies and other groupings of communes."""

from typing import Any

from ...imports.facts import read_groupings
from ...services.plans import Plan, grouping_plan
from ..importing import ImportCommand


class Command(ImportCommand):
    help = "Regroupements de communes (canton, massif, circonscription…) : un CSV « type;code;nom;insee;annee;source »."
    kind = "groupings"

    def plan(self, options: dict[str, Any]) -> Plan:
        return grouping_plan(read_groupings(options["path"]))
