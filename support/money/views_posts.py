"""A subsidised post: recruitment, holder, sharing key, years, proofs and payments."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.accounts.stepup import step_up_required
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.models import AccessRecord
from portal.core.rules import require
from portal.core.scanning import may_open
from support.plan.models import SupportPlan
from support.plan.queries import plans_visible_to
from support.plan.rules import can_contribute, can_follow
from support.plan.views import followed_plan, plan_room, show_form
from support.plan.views_meetings import done

from . import services_posts as services
from .forms_payments import PaidForm
from .forms_posts import HolderForm, LeaveForm, PostForm, ProveForm, ShareForm, YearForm
from .models import Post, PostYear
from .presentation_posts import post_facts, vacancy_words, year_rows
from .queries_posts import first_plan, granted_for, percents, posts_visible_to
from .rules import can_open_proofs, can_pay

MOST_PLANS = 30


def post_for(request: HttpRequest, uuid: str) -> Post:
    row = get_object_or_404(posts_visible_to(request.user, portal_now()), uuid=uuid)
    request.institution = getattr(first_plan(row).application.call.owner, "profile", None)
    return row


def plan_seen(request: HttpRequest, post: Post) -> SupportPlan:
    """The first project of the post that this person reads: a shared post is seen from each."""
    seen = set(plans_visible_to(request.user, portal_now()).values_list("pk", flat=True).order_by())
    return next(share.plan for share in post.shares.all() if share.plan_id in seen)


def followed_post(request: HttpRequest, uuid: str) -> Post:
    row = post_for(request, uuid)
    require(can_follow(request.user, plan_seen(request, row), portal_now()))
    return row


def shown(request: HttpRequest, post: Post, form: Form, **words: Any) -> HttpResponse:
    back = reverse("post", args=[post.uuid])
    return show_form(request, plan_seen(request, post), form, back=back, **{"lead": str(post), **words})


@require_safe
def post(request: HttpRequest, uuid: str) -> HttpResponse:
    """One post: who holds it, its recruitment, its years, who bears what."""
    row, now = post_for(request, uuid), portal_now()
    plan, today = plan_seen(request, row), day_of(now)
    context = {
        **plan_room(request, plan, "money"),
        "post": row,
        "facts": post_facts(row, today),
        "vacancy": vacancy_words(row, today),
        "holders": row.holders.all()[:20],
        "shares": row.shares.all(),
        "whole": percents(row) == 100,
        "years": year_rows(row)[:20],
        "pays": can_pay(request.user, plan, now),
        "opens": can_open_proofs(request.user, plan, now),
    }
    return render(request, "support/money/post.html", context)


def post_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Follow a post."""
    plan = followed_plan(request, uuid)
    form = PostForm(
        request.POST if request.method == "POST" else None, initial={"employer": plan.application.lead.name}
    )
    told = {"plan": plan, "by": request.user, "at": portal_now()}
    if done(request, form, lambda: services.open_post(post=form.save(commit=False), **told)):
        messages.success(request, "Le poste est suivi.")
        return redirect("post", form.instance.uuid)
    back = reverse("plan_money", args=[uuid])
    return show_form(request, plan, form, title="Suivre un poste", verb="Suivre ce poste", back=back)


def post_edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Recruitment steps, employer, part of the Anah."""
    row = followed_post(request, uuid)
    form = PostForm(request.POST if request.method == "POST" else None, instance=row)
    if done(request, form, form.save):
        messages.success(request, "La fiche du poste est à jour.")
        return redirect("post", uuid)
    return shown(request, row, form, title="Fiche du poste", verb="Enregistrer la fiche")


def post_share(request: HttpRequest, uuid: str) -> HttpResponse:
    """The sharing key between the projects of the call."""
    row, now = followed_post(request, uuid), portal_now()
    call = first_plan(row).application.call
    plans = plans_visible_to(request.user, now).filter(application__call=call).order_by("application__number")
    held = {share.plan_id: share.percent for share in row.shares.all()}
    sent = request.POST if request.method == "POST" else None
    form = ShareForm(sent, plans=plans[:MOST_PLANS], percents=held)
    if done(request, form, lambda: services.share_post(post=row, key=form.key())):
        messages.success(request, "La clé de répartition est enregistrée.")
        return redirect("post", uuid)
    return shown(request, row, form, title="Répartir le poste", verb="Enregistrer la répartition")


def post_arrival(request: HttpRequest, uuid: str) -> HttpResponse:
    """Somebody takes the post."""
    row, today = followed_post(request, uuid), day_of(portal_now())
    form = HolderForm(request.POST if request.method == "POST" else None, initial={"from_on": today})
    if done(request, form, lambda: services.take_post(post=row, **form.cleaned_data)):
        messages.success(request, "L’arrivée est notée.")
        return redirect("post", uuid)
    return shown(request, row, form, title="Noter une arrivée", verb="Noter l’arrivée")


def post_departure(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """Whoever holds the post leaves it."""
    row, today = followed_post(request, uuid), day_of(portal_now())
    holder = get_object_or_404(row.holders, pk=pk)
    form = LeaveForm(request.POST if request.method == "POST" else None, initial={"until_on": today})
    if done(request, form, lambda: services.leave_post(holder=holder, **form.cleaned_data)):
        messages.success(request, "Le départ est noté.")
        return redirect("post", uuid)
    return shown(request, row, form, title="Noter un départ", verb="Noter le départ", lead=holder.name)


def post_year(request: HttpRequest, uuid: str) -> HttpResponse:
    """One more year, with its forecast cost."""
    row = followed_post(request, uuid)
    form = YearForm(request.POST if request.method == "POST" else None, instance=PostYear(post=row))
    if done(request, form, form.save):
        messages.success(request, "L’année est inscrite.")
        return redirect("post", uuid)
    return shown(request, row, form, title="Inscrire une année", verb="Inscrire l’année")


def year_of(request: HttpRequest, uuid: str, pk: int) -> tuple[Post, PostYear]:
    row = post_for(request, uuid)
    return row, get_object_or_404(row.years, pk=pk)


def year_prove(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """The commune proves what a year has cost."""
    (row, year), now = year_of(request, uuid, pk), portal_now()
    require(can_contribute(request.user, plan_seen(request, row), now))
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    form = ProveForm(*sent, by=request.user, at=now)
    if request.method == "POST" and form.is_valid() and (kept := form.keep_files()):
        told = {"year": year, "real_cost": form.cleaned_data["real_cost"], "by": request.user, "at": now}
        if done(request, form, lambda: services.prove_year(**told, **kept)):
            messages.success(request, "L’année est justifiée : une autre personne la verse.")
            return redirect("post", uuid)
    return shown(request, row, form, title="Justifier une année", verb="Transmettre")


@step_up_required
def year_pay(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """Pay a year on its real cost."""
    (row, year), now = year_of(request, uuid, pk), portal_now()
    require(can_pay(request.user, plan_seen(request, row), now))
    form = PaidForm(request.POST if request.method == "POST" else None, initial={"paid_on": day_of(now)})
    if done(request, form, lambda: services.pay_year(year=year, by=request.user, at=now, **form.cleaned_data)):
        messages.success(request, "Le versement est enregistré.")
        return redirect("post", uuid)
    lead = granted_for(year, row).sentence
    return shown(request, row, form, title="Verser une année", verb="Enregistrer le versement", lead=lead)


@require_safe
def year_file(request: HttpRequest, uuid: str, pk: int, name: str) -> HttpResponse:
    """The statement of cost, or the report, of a year."""
    (row, year), now = year_of(request, uuid, pk), portal_now()
    require(can_open_proofs(request.user, plan_seen(request, row), now))
    file = {"cout": year.proof, "rapport": year.report}.get(name)
    if file is None:
        raise Http404
    require(may_open(file, own=file.created_by_id == request.user.pk))
    AccessRecord.objects.create(user=request.user, what="poste", object_key=f"post:{row.uuid}", at=now)
    return file_response(file)
