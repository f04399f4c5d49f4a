"""Mandates after an election: asked of all the communes of a call, answered by each; the site of a support."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from calls.models import Call
from calls.queries import roles_over
from portal.core.clock import portal_now
from portal.core.rules import Refused, no, require

from .forms_mandates import MandateForm, RenewalForm, SiteForm
from .models import Mandate, Site
from .queries_load import calls_with_support
from .rules import writes_for_the_communes
from .services_mandates import ask_renewal, confirm_mandate
from .views import followed_plan, plan_for, show_form


def renewals(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has answered the last renewal of a call, and the form that asks for another."""
    now = portal_now()
    call: Call = get_object_or_404(calls_with_support(request.user, now), slug=slug)
    request.institution = getattr(call.owner, "profile", None)
    leads = "manager" in roles_over(request.user, call, now)
    form = RenewalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not leads:
            require(no("La gestion de l’appel demande qui représente les communes."))
        if form.is_valid():
            try:
                asked = ask_renewal(call=call, renewal=form.instance, by=request.user, at=now)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"La question est posée à {asked} projets.")
                return redirect("renewals", slug)
    last = call.renewals.first()
    rows = Mandate.objects.filter(renewal=last).select_related("plan__application__lead").order_by("confirmed_on", "pk")
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    context = {"call": call, "form": form, "leads": leads, "last": last, "page": page}
    return render(request, "support/renewals.html", context | {"left": rows.filter(confirmed_on=None).count()})


def mandate(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """The commune says who represents it now."""
    plan, now = plan_for(request, uuid), portal_now()
    row = get_object_or_404(plan.mandates.select_related("renewal", "plan__application__lead"), pk=pk)
    if not writes_for_the_communes(request.user, plan):
        require(no("Les personnes qui écrivent pour la commune répondent à cette question."))
    form = MandateForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        told = {"act_number": "", "act_on": None, **form.cleaned_data}
        try:
            confirm_mandate(mandate=row, by=request.user, at=now, **told)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "C’est enregistré. Merci.")
            return redirect("support_plan", uuid)
    words = {"title": "Qui représente la commune ?", "verb": "Enregistrer", "lead": row.renewal.reason}
    return show_form(request, plan, form, back=reverse("support_plan", args=[uuid]), **words)


def plan_site(request: HttpRequest, uuid: str) -> HttpResponse:
    """What the support bears on, when it is more or less than the commune that applies."""
    plan = followed_plan(request, uuid)
    form = SiteForm(
        request.POST if request.method == "POST" else None, instance=Site.objects.filter(plan=plan).first(), plan=plan
    )
    if request.method == "POST" and form.is_valid():
        form.instance.recorded_by = request.user
        form.save()
        messages.success(request, "Le site est enregistré.")
        return redirect("workshops", uuid)
    back = reverse("workshops", args=[uuid])
    return show_form(request, plan, form, title="Le site de l’accompagnement", verb="Enregistrer le site", back=back)
