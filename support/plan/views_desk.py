"""The desks: what the team carries, what a provider owes."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from calls.queries import roles_over
from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.rules import Refused, no, require

from .forms_desk import CeilingForm
from .forms_sheets import DeliverableForm
from .models import Ceiling, Consultation, LogEntry
from .queries_exchanges import organisations_of
from .queries_load import calls_with_support, days_by_kind, loads_of, supported
from .services_exchanges import tell_deliverable


@require_safe
def support_load(request: HttpRequest) -> HttpResponse:
    """Days given by each adviser against their ceiling; by commune and kind of support. One call at a time."""
    now = portal_now()
    calls = list(calls_with_support(request.user, now)[:60])
    call = next((row for row in calls if row.slug == request.GET.get("appel")), calls[0] if calls else None)
    context = {"calls": calls, "call": call}
    if call:
        page = Paginator(supported(call), 25).get_page(request.GET.get("page"))
        by_plan = days_by_kind(list(page))
        context |= {
            "loads": loads_of(call, now),
            "leads": "manager" in roles_over(request.user, call, now),
            "page": page,
            "kinds": LogEntry.Kind.choices,
            "rows": [(plan, line_of(by_plan.get(plan.pk, {}))) for plan in page],
        }
    return render(request, "support/load.html", context)


def line_of(days: dict[str, object]) -> list[object]:
    """Days of each kind, then all together."""
    each = [days.get(kind, 0) for kind, _ in LogEntry.Kind.choices]
    return [*each, sum(each)]


@require_POST
def ceiling(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How many days an adviser can give, said by whoever leads the call."""
    now = portal_now()
    call = get_object_or_404(calls_with_support(request.user, now), slug=slug)
    if "manager" not in roles_over(request.user, call, now):
        require(no("La charge d’une personne est réglée par la gestion de l’appel."))
    person = get_object_or_404(User, pk=pk, pk__in=[load.user.pk for load in loads_of(call, now)])
    form = CeilingForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(error for errors in form.errors.values() for error in errors))
    Ceiling.objects.update_or_create(
        call=call, user=person, defaults={"days": form.cleaned_data["days"], "set_by": request.user}
    )
    messages.success(request, "Le plafond est enregistré.")
    return redirect(f"{reverse('support_load')}?appel={slug}")


# --- the provider --------------------------------------------------------------------------------------------------


def owed_by(user: User):
    """The consultations that the person's organisations won, what is owed first."""
    rows = Consultation.objects.filter(provider__in=organisations_of(user).values("pk"))
    return rows.select_related("plan__application__lead", "plan__application__call").order_by(
        "delivered_on", "due_on", "pk"
    )


@require_safe
def provider_desk(request: HttpRequest) -> HttpResponse:
    """What a provider has to hand, and nothing else."""
    page = Paginator(owed_by(request.user), 20).get_page(request.GET.get("page"))
    return render(request, "support/provider_desk.html", {"page": page})


def provider_deliverable(request: HttpRequest, pk: int) -> HttpResponse:
    """The provider hands its deliverable; another file replaces it as long as the support runs."""
    row, now = get_object_or_404(owed_by(request.user), pk=pk), portal_now()
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    form = DeliverableForm(*sent, instance=row, plan=row.plan, team=False, by=request.user, at=now)
    if request.method == "POST" and form.is_valid():
        form.keep()
        tell_deliverable(consultation=row, at=now)
        messages.success(request, "Le livrable est remis : le projet en est informé.")
        return redirect("provider_desk")
    words = {"title": row.deliverable or row.title, "verb": "Remettre le livrable", "back": reverse("provider_desk")}
    return render(request, "support/meeting_form.html", {"form": form, "subject": row.title, "lead": "", **words})
