"""Landing, *Mes actions*, reminders to come, health."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from calls.presentation import rows_of
from calls.queries import calls_staffed_by, published_calls, scope_of
from portal.accounts.stepup import step_up_required
from portal.core import ui
from portal.core.clock import portal_now
from portal.core.documents import retry_document
from portal.core.documents.kinds import kind_label
from portal.core.downloads import text_response
from portal.core.middleware import public
from portal.core.models import AccessRecord, Reminder, ReminderRuleState

from . import dashboard, digests, health, presentation
from .forms import PeriodForm, RhythmForm
from .invitations import invitation_page
from .personal import personal_data
from .queries_documents import failed_documents
from .queries_mails import STAFF_ROLES, failed_mails, reminders_seen
from .reminder_rules import RULES
from .spaces import spaces_of


@public
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The door: what the portal is, the open calls, where to go."""
    if request.user.is_authenticated:
        return redirect("my_actions")
    now = portal_now()
    calls = [c for c in published_calls() if any(w.opens_at <= now <= w.closes_at for w in c.windows.all())]
    return render(request, "home/landing.html", {"rows": rows_of(calls[:6], now), "now": now})


@require_safe
@step_up_required
def personal_data_export(request: HttpRequest) -> HttpResponse:
    """All that the portal knows of the person who asks, as one file."""
    AccessRecord.objects.create(user=request.user, what="ses données", object_key="export", at=portal_now())
    text = json.dumps(personal_data(request.user), ensure_ascii=False, indent=1)
    return text_response(text, name="mes-donnees.json", content_type="application/json")


@require_safe
def my_actions(request: HttpRequest) -> HttpResponse:
    """What is awaited from me, by date, with the button that does it."""
    now, spaces = portal_now(), spaces_of(request.user)
    actions = dashboard.actions_for(request.user, now)
    files = presentation.own_files(request.user, now)
    context = {
        "eyebrow": presentation.eyebrow(request.user, spaces, request.user.role_title),
        "lead": presentation.lead(actions),
        "actions": actions,
        "steps": dashboard.first_steps_for(request.user, now),
        "commune": spaces.commune,
        "files": [presentation.card_of(file, now) for file in files],
        "side": presentation.side_of(request.user, spaces, files, now),
        "now": now,
    }
    return render(request, "home/my_actions.html", context)


@require_safe
def reminder_list(request: HttpRequest) -> HttpResponse:
    """What will leave, when, to whom, with its text; what left; which mails failed."""
    now = portal_now()
    calls = list(calls_staffed_by(request.user, now, *STAFF_ROLES))
    keys = [f"call:{call.slug}" for call in calls]
    state = request.GET.get("etat", "planned")
    order = ("due_at", "pk") if state == Reminder.State.PLANNED else ("-due_at", "-pk")
    period = PeriodForm(request.GET)
    rows = period.within(reminders_seen(request.user, now).filter(state=state)).order_by(*order)
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    paused = set(ReminderRuleState.objects.filter(call_key__in=keys).values_list("rule", "call_key"))
    managed = set(calls_staffed_by(request.user, now, "manager").values_list("pk", flat=True))
    rules = [
        (rule, rule.when(call), call, (rule.code, f"call:{call.slug}") in paused, call.pk in managed)
        for call in calls
        for rule in RULES
    ]
    links = [ui.Link(label=s.label.capitalize(), url=f"?etat={s.value}", current=s == state) for s in Reminder.State]
    told = digests.departures(list(page), now)
    context = {"page": page, "told": told, "rules": rules, "links": links, "period": period}
    return render(request, "home/reminders.html", context)


def reminder_rhythm(request: HttpRequest) -> HttpResponse:
    """How often a person wants their reminders, and what will leave towards them at that rhythm."""
    now, rhythm = portal_now(), digests.rhythm_of(request.user)
    form = RhythmForm(request.POST if request.method == "POST" else None, initial={"rhythm": rhythm})
    if request.method == "POST" and form.is_valid():
        digests.choose(user=request.user, at=now, **form.cleaned_data)
        messages.success(request, "Le rythme de vos rappels est enregistré.")
        return redirect("my_actions")
    rows = Reminder.objects.filter(recipient=request.user.email, state=Reminder.State.PLANNED).order_by("due_at", "pk")
    coming = [(digests.when_told(row, rhythm, now), row) for row in rows[:20]]
    return render(request, "home/rhythm.html", {"form": form, "coming": coming})


@require_POST
def reminder_pause(request: HttpRequest, slug: str, rule: str) -> HttpResponse:
    """Pause a rule for a call, or let it go on; what was clicked twice is done once."""
    call = get_object_or_404(calls_staffed_by(request.user, portal_now(), "manager"), slug=slug)
    if rule not in {known.code for known in RULES}:
        raise Http404
    key = {"rule": rule, "call_key": f"call:{call.slug}"}
    if request.POST.get("wanted") == "resume":
        ReminderRuleState.objects.filter(**key).delete()
    else:
        ReminderRuleState.objects.get_or_create(**key, defaults={"paused_at": portal_now(), "paused_by": request.user})
    return redirect("reminders")


@require_safe
def mail_failures(request: HttpRequest) -> HttpResponse:
    """The last mails that did not leave, of the person's own calls."""
    rows = failed_mails(request.user, portal_now())
    return render(request, "home/mail_failures.html", {"page": Paginator(rows, 25).get_page(request.GET.get("page"))})


@require_safe
def document_failures(request: HttpRequest) -> HttpResponse:
    """The documents that could not be made, of the calls that the person manages."""
    rows = failed_documents(request.user, portal_now())
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    documents = [(document, kind_label(document.kind)) for document in page]
    return render(request, "home/document_failures.html", {"page": page, "documents": documents})


@require_POST
def document_retry(request: HttpRequest, uuid: str) -> HttpResponse:
    """Ask again for a document that failed, from the same frozen data."""
    at = portal_now()
    document = get_object_or_404(failed_documents(request.user, at), pk=uuid)
    retry_document(document=document, at=at)
    messages.success(request, f"Le document {document.number} est relancé. Il sera prêt dans quelques instants.")
    return redirect("document_failures")


@require_safe
def invitation_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Who received the invitation to a call, who could not, who has begun."""
    now = portal_now()
    call = get_object_or_404(calls_staffed_by(request.user, now, *STAFF_ROLES), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    page, rows = invitation_page(call, request.GET.get("page"), scope_of(request.user, call, now, *STAFF_ROLES))
    return render(request, "home/invitations.html", {"call": call, "page": page, "rows": rows})


@public
@require_safe
def health_page(request: HttpRequest) -> JsonResponse:
    """Green or red, for a probe: database, scheduler, mails late."""
    report = health.pulse()
    return JsonResponse(report, status=200 if report["sante"] == "vert" else 503)
