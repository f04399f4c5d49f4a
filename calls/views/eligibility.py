"""« Ma commune est-elle éligible ? », without account nor script: search, answer, an address to share and to print."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.core.clock import portal_now
from portal.core.middleware import public
from portal.territories.models import Commune, Intercommunality
from portal.territories.queries import place_line, search_communes, search_intercommunalities
from portal.territories.queries_history import successors_of
from portal.territories.spelling import plain, read_search, without_article
from portal.territories.words import intercommunality_name

from .. import presentation
from ..models import Call
from ..presentation.eligibility import GROUP
from ..rules import window_accepts
from .shared import breadcrumb_of, call_for

MOST = 12
Choice = tuple[str, str, str]  # code, name, what tells it from the others


def admits_groups(call: Call) -> bool:
    return GROUP in call.applicant_kinds


def found_for(call: Call, text: str, code: str) -> list[Commune | Intercommunality]:
    """What a text may mean: the communes of this very name, else those near it and, when admitted, the groups."""
    if code:
        return of_code(call, code)
    if not text:
        return []
    communes = search_communes(text, limit=MOST)
    name = without_article(read_search(text).name)
    exact = [commune for commune in communes if name in names_of(commune)]
    if exact:
        return list(exact)
    groups = search_intercommunalities(text, limit=MOST) if admits_groups(call) else []
    return [*(communes or uninhabited(text)), *groups]


def names_of(commune: Commune) -> set[str]:
    """Its name, and the former one by which it was found, as they compare."""
    return {without_article(commune.search_name), without_article(plain(getattr(commune, "formerly", "")))}


def uninhabited(text: str) -> list[Commune]:
    """The communes of this name where nobody lives, and that became no other."""
    empty = Commune.objects.filter(search_name=plain(text), inhabited=False)
    return [commune for commune in empty if successors_of(commune.insee) == (commune.insee,)]


def of_code(call: Call, code: str) -> list[Commune | Intercommunality]:
    """The commune of an INSEE code, of today or of before (several when it was shared out), or the group of a SIREN."""
    if len(code) == 9:
        return list(Intercommunality.objects.filter(siren=code)) if admits_groups(call) else []
    communes = Commune.objects.select_related("department", "intercommunality")
    return list(communes.filter(insee__in=successors_of(code)).order_by("search_name"))


def choices_of(found: list[Commune | Intercommunality]) -> list[Choice]:
    """Homonyms told apart by postal code, département and intercommunality."""
    return [
        (place.insee, place.name.replace("'", "’"), place_line(place))
        if isinstance(place, Commune)
        else (place.siren, intercommunality_name(place.kind, place.name.replace("'", "’")), f"SIREN {place.siren}")
        for place in found
    ]


def answer_for(call: Call, place: Commune | Intercommunality, row: Any) -> presentation.EligibilityAnswer:
    if isinstance(place, Commune):
        return presentation.eligibility_answer(call, place, row)
    return presentation.group_answer(call, place, row)


def check_of(request: HttpRequest, call: Call, row: presentation.CallRow) -> dict[str, Any]:
    """The answer for the place asked: by its name, by its code once a homonym is chosen."""
    wanted, chosen = request.GET.get("commune", "").strip()[:100], request.GET.get("insee", "").strip()[:9]
    found = found_for(call, wanted, chosen)
    answer = answer_for(call, found[0], row) if len(found) == 1 else None
    return {
        "wanted": wanted or (answer.name if answer else chosen),
        "answer": answer,
        "homonyms": choices_of(found) if len(found) > 1 else [],
        "groups_among": any(isinstance(place, Intercommunality) for place in found),
        "admits_groups": admits_groups(call),
    }


@public
@require_safe
def call_eligibility(request: HttpRequest, slug: str) -> HttpResponse:
    """`?commune=`: the search; once one place is meant, its own address."""
    call = call_for(request, slug)
    row = presentation.row_of(call, portal_now())
    check = check_of(request, call, row)
    if check["answer"]:
        return redirect("call_eligibility_of", slug, check["answer"].code)
    return page(request, call, row, check)


@public
@require_safe
def call_eligibility_of(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The answer for one commune or intercommunality, at an address that can be shared and printed."""
    call = call_for(request, slug)
    row = presentation.row_of(call, portal_now())
    found = of_code(call, code)
    if not found:
        raise Http404
    if len(found) > 1:
        return page(request, call, row, {"wanted": "", "homonyms": choices_of(found), "groups_among": False})
    answer = answer_for(call, found[0], row)
    if answer.code != code:
        return redirect("call_eligibility_of", slug, answer.code)
    group = found[0].intercommunality if isinstance(found[0], Commune) and admits_groups(call) else None
    return page(request, call, row, {"wanted": "", "answer": answer, "group": group})


def page(request: HttpRequest, call: Call, row: presentation.CallRow, check: dict[str, Any]) -> HttpResponse:
    context = {
        "call": call,
        "row": row,
        "contact": presentation.contact_of(call),
        "accepts": window_accepts(call, row.window, portal_now()) if row.window else None,
        "admits_groups": admits_groups(call),
        "now": portal_now(),
        "breadcrumb": breadcrumb_of(call, "Ma commune est-elle éligible ?"),
        **check,
    }
    return render(request, "calls/eligibility.html", context)
