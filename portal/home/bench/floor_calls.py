"""The floor of the back office of a big call: plain views over the same rows (docs/decisions/002).

Frozen as `floor.py` is. Every page reads the whole call, since every page of the portal tells what is left to write.
"""

from typing import Any

import yaml
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from calls.models import Call, Question, Section

from .floor import show

PLACEHOLDER = "À compléter"
PARTS = (
    "partners", "windows", "milestones", "tracks", "strata", "eligibility_rules", "sections__questions", "piece_types",
    "undertakings", "criteria", "bonuses", "rankings", "seat_templates", "reason_codes", "support_phases",
    "agreement_articles", "indicators", "downloads",
)  # fmt: skip


class SectionForm(forms.ModelForm):
    class Meta:
        model = Section
        fields = ("title", "lead", "stage", "code")


class QuestionForm(forms.ModelForm):
    class Meta:
        model = Question
        fields = ("label", "hint", "required", "max_length", "visible_to_jury", "is_fact", "prefill", "code")


def whole(request: HttpRequest, slug: str) -> Call:
    """The call with all its parts, for one of its team."""
    calls = Call.objects.select_related("owner__profile", "programme", "grid").prefetch_related(*PARTS)
    return get_object_or_404(calls, slug=slug, roles__user=request.user.pk)


def parts_of(call: Call) -> list[tuple[str, list[Any]]]:
    """Every part of the call under its name."""
    return [(name.partition("__")[0], list(getattr(call, name.partition("__")[0]).all())) for name in PARTS]


def to_write(call: Call) -> list[tuple[str, Any]]:
    """The parts where a text is still to be written, or that nothing informs."""
    kept = {row.code for row in call.downloads.all()}
    found = [(name, row) for name, rows in parts_of(call) for row in rows if PLACEHOLDER in str(vars(row))]
    return [*found, *(("documents", row) for row in call.extras["documents"] if row["code"] not in kept)]


@require_safe
def rooms(request: HttpRequest, slug: str) -> HttpResponse:
    call = whole(request, slug)
    return show(request, "rooms", {"call": call, "parts": parts_of(call), "left": to_write(call)})


@require_safe
def section(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The form of a section, then its questions, one row each with its acts."""
    call = whole(request, slug)
    here = next(row for row in call.sections.all() if row.code == code)
    context = {"call": call, "here": here, "form": SectionForm(instance=here), "left": to_write(call)}
    return show(request, "part", {**context, "items": here.questions.all()})


def question(request: HttpRequest, slug: str, section: str, code: str) -> HttpResponse:
    call = whole(request, slug)
    rows = next(row for row in call.sections.all() if row.code == section).questions.all()
    here = next(row for row in rows if row.code == code)
    form = QuestionForm(request.POST or None, instance=here)
    if request.method == "POST" and form.is_valid():
        form.save()
        return HttpResponseRedirect("/")
    return show(request, "part", {"call": call, "here": here, "form": form, "left": to_write(call), "items": ()})


@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """One section as it will be asked, its fields shut."""
    call = whole(request, slug)
    here = next(row for row in call.sections.all() if row.code == request.GET["section"])
    form = forms.Form()
    for row in here.questions.all():
        form.fields[row.code] = forms.CharField(
            label=row.label, help_text=row.hint, disabled=True, required=False, widget=forms.Textarea
        )
    return show(request, "part", {"call": call, "here": here, "form": form, "left": [], "items": call.sections.all()})


@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """Every row of the call as YAML."""
    call = whole(request, slug)
    parts = {name: [plain(row) for row in rows] for name, rows in parts_of(call)}
    parts["questions"] = [plain(row) for section in call.sections.all() for row in section.questions.all()]
    text = yaml.safe_dump({**plain(call), **parts}, allow_unicode=True, sort_keys=False)
    return HttpResponse(text, content_type="application/yaml")


def plain(row: Any) -> dict[str, Any]:
    kept = (bool, int, str, list, dict, type(None))
    return {
        name: value if isinstance(value, kept) else str(value)
        for name, value in vars(row).items()
        if not name.startswith("_")
    }
