"""The floor: plain Django views that show and write the same rows as the portal's pages, and nothing else.

Frozen: what is here changes only by a decision note (docs/decisions/001-plancher-des-mesures.md). Same middleware, same
session, one flat template per page, `{{ form.as_div }}`, no rule, no role but the one that opens the page, no menu.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Avg, Case, Count, F, Q, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.backends.django import DjangoTemplates
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.models import (
    AnswerFact,
    Application,
    ApplicationTransition,
    Deposit,
    DepositAttempt,
    DepositedPiece,
    EligibilityVerdict,
    SectionAnswers,
)
from calls.models import Call, Section
from juries.models import AgendaItem, JurySession
from portal.core.middleware import public
from portal.core.models import FrozenDocument, Job, OutboundEmail
from portal.territories.models import Commune

ROWS = 60
RANKED = 50
engine = DjangoTemplates(
    {
        "NAME": "floor",
        "DIRS": [Path(__file__).parent / "floor_templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
)


def show(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return HttpResponse(engine.get_template(f"{name}.html").render(context, request))


# --- public page of the call --------------------------------------------------------------------------------------


@public
@require_safe
def call_page(request: HttpRequest, slug: str) -> HttpResponse:
    calls = Call.objects.select_related("owner__profile", "grid").prefetch_related(
        "windows", "milestones", "criteria", "bonuses"
    )
    call = get_object_or_404(calls, slug=slug)
    documents = FrozenDocument.objects.filter(number__contains=f"-{call.code_prefix}-", state="ready")
    return show(request, "call", {"call": call, "documents": documents.select_related("file")})


# --- officer's list -----------------------------------------------------------------------------------------------


@require_safe
def communes(request: HttpRequest, slug: str) -> HttpResponse:
    """The communes of the call by last activity, sixty a page, with the counts by state and by stratum."""
    call = get_object_or_404(Call, slug=slug, roles__user=request.user.pk)
    invited = Commune.objects.filter(intercommunality_id__in=call.perimeter_codes)
    file = "organisation__applications_led"
    ours = Q(**{f"{file}__call": call}) | Q(**{f"{file}__isnull": True})
    rows = invited.filter(ours).order_by(F(f"{file}__last_activity_at").desc(nulls_last=True), "search_name").values(
        "insee", "name", "populations__value", uuid=F(f"{file}__uuid"), number=F(f"{file}__number"),
        state=F(f"{file}__state"), activity=F(f"{file}__last_activity_at"),
    )  # fmt: skip
    strata = list(call.strata.all())
    inside = [
        When(populations__value__gte=s.lower, populations__value__lt=s.upper or 10**9, then=Value(s.label))
        for s in strata
    ]
    states = invited.filter(ours).values(state=F(f"{file}__state")).annotate(n=Count("pk"))
    by_stratum = invited.annotate(stratum=Case(*inside, default=Value(""))).values("stratum").annotate(n=Count("pk"))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return show(request, "communes", {"call": call, "page": page, "states": states, "strata": by_stratum})


# --- one section: page and save -----------------------------------------------------------------------------------

FIELDS: dict[str, type[forms.Field]] = {"multiple": forms.MultipleChoiceField, "single": forms.ChoiceField}


def own(request: HttpRequest, uuid: Any) -> Application:
    files = Application.objects.filter(members__organisation__memberships__user=request.user.pk)
    return get_object_or_404(files.select_related("call", "window", "lead__commune"), uuid=uuid)


def section_form(section: Section, row: SectionAnswers, data: Any = None) -> forms.Form:
    """One field per question."""
    form = forms.Form(data, initial=row.values)
    for question in section.questions.all():
        kind = FIELDS.get(question.kind, forms.CharField)
        more: dict[str, Any] = {"widget": forms.Textarea} if question.kind == "long_text" else {}
        if question.kind in FIELDS:
            more["choices"] = [(option["code"], option["label"]) for option in question.options]
        form.fields[question.code] = kind(label=question.label, help_text=question.hint, required=False, **more)
    return form


def section(request: HttpRequest, uuid: Any, code: str) -> HttpResponse:
    """The form, or its answers kept."""
    application = own(request, uuid)
    sections = list(application.call.sections.prefetch_related("questions"))
    rows = {row.section_code: row for row in application.sections.all()}
    here = next(s for s in sections if s.code == code)
    if request.method == "POST":
        return save(application, rows[code], section_form(here, rows[code], request.POST))
    states = [(s, rows.get(s.code)) for s in sections]
    context = {"application": application, "sections": states, "here": here, "form": section_form(here, rows[code])}
    return show(request, "section", context)


def save(application: Application, row: SectionAnswers, form: forms.Form) -> JsonResponse:
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    now = timezone.now()
    with transaction.atomic():
        row.values, row.version, row.updated_at = {**row.values, **form.cleaned_data}, row.version + 1, now
        row.save(update_fields=["values", "version", "updated_at"])
        application.last_activity_at = now
        application.save(update_fields=["last_activity_at"])
    return JsonResponse({"version": row.version})


# --- deposit ------------------------------------------------------------------------------------------------------


class DepositForm(forms.Form):
    key = forms.UUIDField()
    confirm = forms.BooleanField()


@require_POST
def deposit(request: HttpRequest, uuid: Any) -> HttpResponse:
    form = DepositForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.as_div(), status=422)
    with transaction.atomic():
        files = Application.objects.select_for_update(of=("self",)).select_related("call", "window", "lead")
        application = get_object_or_404(
            files,
            uuid=uuid,
            state="draft",
            lead__memberships__user=request.user.pk,
            window__closes_at__gte=timezone.now(),
        )
        receive(application, request.user, form.cleaned_data["key"], timezone.now())
    return HttpResponseRedirect("/")


def receive(application: Application, user: Any, key: Any, now: datetime) -> None:
    """The rows of one deposit: state, log, attempt, receipt and its job, deposit and its parts, mails."""
    application.number = f"P-{application.pk}"
    application.state, application.last_activity_at = "submitted", now
    application.save(update_fields=["number", "state", "last_activity_at"])
    ApplicationTransition.objects.create(
        application=application, happened_at=now, transition="submit", from_state="draft", to_state="submitted",
        by=user, on_behalf_of=application.lead,
    )  # fmt: skip
    DepositAttempt.objects.create(application=application, at=now, by=user, accepted=True)
    answers = {row.section_code: row.values for row in application.sections.all()}
    receipt = FrozenDocument.objects.create(
        kind="receipt", number=f"R-{application.pk}", title="Accusé de dépôt", template="", snapshot=answers,
        issued_at=now,
    )  # fmt: skip
    Job.objects.create(kind="render", object_key=f"document:{receipt.pk}", created_at=now, not_before=now)
    row = Deposit.objects.create(
        application=application, n=1, idempotency_key=key, received_at=now, closes_at=application.window.closes_at,
        web_clock_at=now, deposited_by=user, quality="Maire", on_behalf_of=application.lead, receipt=receipt,
        revision=application.call.revisions.latest("n"), answers=answers, answers_sha256="0" * 64, facts={},
    )  # fmt: skip
    receive_parts(row, answers)
    people = application.lead.memberships.filter(state="confirmed").select_related("user")
    OutboundEmail.objects.bulk_create(
        OutboundEmail(
            kind="receipt", object_key=f"application:{application.uuid}", recipient=member.user.email, period="1",
            guarantee="at_least_once", subject="Candidature déposée", body=json.dumps(answers), from_name="Service",
            attachment=receipt, created_at=now, not_before=now,
        )
        for member in people
    )  # fmt: skip


def receive_parts(row: Deposit, answers: dict[str, Any]) -> None:
    """Pieces, typed facts and verdicts."""
    call, kept = row.application.call, row.application.attachments.filter(removed_at=None)
    DepositedPiece.objects.bulk_create(
        DepositedPiece(
            deposit=row, position=n, piece_code=a.piece_code, label=a.file.name, file=a.file, sha256=a.file.sha256
        )
        for n, a in enumerate(kept.select_related("file"), start=1)
    )
    values = {code: value for section in answers.values() for code, value in section.items()}
    facts = [(q.code, values[q.code]) for s in call.sections.prefetch_related("questions") for q in s.questions.all()
             if q.is_fact and q.code in values]  # fmt: skip
    AnswerFact.objects.bulk_create(
        AnswerFact(deposit=row, question_code=code, text=str(item)[:300])
        for code, value in facts
        for item in (value if isinstance(value, list) else [value])
    )
    EligibilityVerdict.objects.bulk_create(
        EligibilityVerdict(
            deposit=row, position=n, rule_code=rule.code, outcome="pass", effect=rule.effect, sentence=rule.label
        )
        for n, rule in enumerate(call.eligibility_rules.all(), start=1)
    )


# --- ranking ------------------------------------------------------------------------------------------------------


@require_safe
def ranking(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The files of the session by mean of their assessments, fifty a page."""
    session = get_object_or_404(JurySession.objects.select_related("call"), uuid=uuid,
                                call__seats__holders__user=request.user.pk)  # fmt: skip
    scored = Q(application__assessments__kind="jury", application__assessments__state="submitted")
    files = (
        AgendaItem.objects.filter(session=session, state="closed")
        .annotate(mean=Avg("application__assessments__total", filter=scored))
        .select_related("application__lead__commune")
        .order_by(F("mean").desc(nulls_last=True), "pk")
    )
    page = Paginator(files, RANKED).get_page(request.GET.get("page"))
    return show(request, "ranking", {"session": session, "page": page})


RAW_RANKING = """
    SELECT a.number, c.name, s.mean, s.n
    FROM (SELECT application_id, avg(total) AS mean, count(*) AS n FROM juries_assessment
          WHERE kind = 'jury' AND state = 'submitted' GROUP BY application_id) s
    JOIN applications_application a ON a.id = s.application_id
    JOIN juries_agendaitem i ON i.application_id = a.id AND i.session_id = %s
    JOIN accounts_organisation o ON o.id = a.lead_id
    JOIN territories_commune c ON c.insee = o.commune_id
    ORDER BY s.mean DESC, a.number
    LIMIT 50
"""
