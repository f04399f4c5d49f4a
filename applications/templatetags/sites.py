"""The map of the communes of a site."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.db.models import Q

from portal.core.typography import format_quantity
from portal.territories.maps.painting import painted
from portal.territories.maps.queries import map_of_communes
from portal.territories.models import Commune

register = template.Library()


@register.inclusion_tag("applications/_site_map.html")
def site_communes(codes: Sequence[str]) -> dict[str, Any]:
    """The communes of a site, lit among those of their intercommunalities; the list beside says them in words."""
    mine = Q(insee__in=codes)
    groups = Commune.objects.filter(mine, intercommunality__isnull=False).values("intercommunality")
    around = Commune.objects.filter(mine | Q(inhabited=True, intercommunality__in=groups))
    base = map_of_communes(around, key=f"site {' '.join(sorted(codes))}")
    summary = f"Carte du site : {format_quantity(len(codes), 'commune')} parmi celles de son intercommunalité"
    return {"drawing": painted(base, dict.fromkeys(codes, "selected"), summary=summary)}
