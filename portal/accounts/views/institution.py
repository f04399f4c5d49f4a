"""The five steps that make an institution. Each step keeps what was typed, right or wrong, in the session."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_GET, require_http_methods

from portal.core.clock import portal_now
from portal.core.middleware import public
from portal.core.models import StoredFile
from portal.core.rules import require
from portal.core.ui import SectionLink
from portal.core.uploads import read_bytes

from ..forms.institution import STEPS, LookForm
from ..models import InstitutionProfile
from ..rules import can_create_institution
from ..services.institution import Manager, create_institution

KEY = "institution"
NAMES = list(STEPS)


@require_GET
def institution_start(request: HttpRequest) -> HttpResponse:
    require(can_create_institution(request.user))
    return redirect("institution_step", step=NAMES[0])


@require_http_methods(["GET", "POST"])
def institution_step(request: HttpRequest, step: str) -> HttpResponse:
    """One step: typed fields are kept whatever the button."""
    require(can_create_institution(request.user))
    if step not in STEPS:
        raise Http404
    if request.method == "GET":
        return page(request, step, form_of(request, step))
    form = STEPS[step][1](request.POST, request.FILES)
    valid = form.is_valid()
    keep(request, step, form)
    if request.POST.get("go") == "back":
        return redirect("institution_step", step=NAMES[max(NAMES.index(step) - 1, 0)])
    if not valid or form.errors or request.POST.get("go") == "preview":
        return page(request, step, form)
    if step != NAMES[-1]:
        return redirect("institution_step", step=NAMES[NAMES.index(step) + 1])
    return finish(request)


def keep(request: HttpRequest, step: str, form: forms.Form) -> None:
    """Write the raw fields in the session; a good logo becomes a file at once."""
    typed = request.session.get(KEY, {})
    typed[step] = {name: request.POST.get(name, "") for name in form.fields if name != "logo"}
    if isinstance(form, LookForm) and (key := form.keep_logo(by=request.user, at=portal_now())):
        typed["logo"] = key
    others = [name for name in typed.get("valid", []) if name != step]
    typed["valid"] = [*others, step] if form.is_valid() else others
    request.session[KEY] = typed


def form_of(request: HttpRequest, step: str) -> forms.Form:
    """What was typed at this step, with its errors; an untouched form otherwise."""
    typed = request.session.get(KEY, {}).get(step)
    return STEPS[step][1](typed) if typed else STEPS[step][1]()


def finish(request: HttpRequest) -> HttpResponse:
    """All steps again, from the session: the first wrong one is shown."""
    facts: dict[str, Any] = {}
    for name in NAMES:
        form = form_of(request, name)
        if not form.is_bound or not form.is_valid():
            messages.error(request, f"L’étape « {STEPS[name][0]} » est à compléter.")
            return redirect("institution_step", step=name)
        facts.update(form.cleaned_data)
    manager = Manager(facts.pop("email").lower(), facts.pop("full_name"), facts.pop("role_title"))
    logo = StoredFile.objects.filter(pk=request.session[KEY].get("logo")).first()
    made = create_institution(facts=facts, logo=logo, manager=manager, by=request.user, at=portal_now())
    request.session.pop(KEY)
    messages.success(request, f"« {made} » est créée. L’invitation part vers {manager.email}.")
    return redirect("members", uuid=made.uuid)


def page(request: HttpRequest, step: str, form: forms.Form) -> HttpResponse:
    typed = request.session.get(KEY, {})
    context = {
        "form": form,
        "step": step,
        "title": STEPS[step][0],
        "number": NAMES.index(step) + 1,
        "steps": [step_link(name, step, typed) for name in NAMES],
        "logo": StoredFile.objects.filter(pk=typed.get("logo")).first(),
        "theme": getattr(form, "theme", None),
    }
    return render(request, "accounts/institution_step.html", context)


def step_link(name: str, current: str, typed: dict[str, Any]) -> SectionLink:
    """A step and its state: complete, to correct, or to do."""
    number = NAMES.index(name) + 1
    url = reverse("institution_step", args=[name])
    link = SectionLink(title=STEPS[name][0], url=url, number=number, current=name == current)
    if name in typed.get("valid", []):
        return replace(link, state="complete")
    return replace(link, state="to_correct") if name in typed else link


def logo_etag(request: HttpRequest, slug: str) -> str | None:
    key = InstitutionProfile.objects.filter(slug=slug).values_list("logo__sha256", flat=True).first()
    return f'"{key}"' if key else None


@public
@require_GET
@cache_control(public=True, max_age=3600)
@condition(etag_func=logo_etag)
def institution_logo(request: HttpRequest, slug: str) -> HttpResponse:
    """The logo, public, kept an hour by browsers; an SVG can neither act nor fetch."""
    profile = get_object_or_404(InstitutionProfile.objects.select_related("logo"), slug=slug, logo__isnull=False)
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(read_bytes(profile.logo), content_type=profile.logo.detected_type, headers=headers)
