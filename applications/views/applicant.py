"""The files of a commune: list, beginning, the page of one file, the whole file to read again."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from calls.models import Call, Window
from calls.queries import published_calls, verdicts_for
from calls.queries_applicants import INTENT, first_stage, window_for
from calls.rules import suspended
from portal.accounts.models import Organisation, User
from portal.accounts.queries import WRITING_RIGHTS, memberships_of
from portal.core.clock import portal_now
from portal.core.rules import no

from .. import states
from ..content.reading import sections_of
from ..forms.pieces import accepted_sentence
from ..models import Application, ApplicationMember, Deposit
from ..parcel.current import parcel_of
from ..queries.admissibility import pending_reservations
from ..queries.completion import awaited_completion
from ..queries.earlier import earlier_files
from ..queries.files import (
    answers_for_reading,
    draft_pieces_for_reading,
    facts_about,
    latest_deposit,
    own_applications,
    pieces_for_reading,
    progress_of,
)
from ..queries.life import limit_of
from ..queries.mandates import help_received, mandates_on, principals_of
from ..queries.staff import line_in_force
from ..rules.drafts import RECOVERABLE, can_abandon, recoverable_drafts
from ..rules.files import can_start, can_submit_application, can_take_up, can_withdraw, leads
from ..services.drafting import start_application
from ..states import DRAFT
from .route import route_context
from .shared import (
    deposit_words,
    editable,
    file_context,
    next_stage,
    own_application,
    piece_row,
    stages_of,
    summary_of,
    writing_context,
)
from .signature import asked_context

PER_PAGE = 20


def application_list(request: HttpRequest) -> HttpResponse:
    """The files of the person's organisations, and the open calls that await one."""
    now = portal_now()
    mine = own_applications(request.user).select_related("call__jury_rules").order_by("-created_at")
    mine = mine.prefetch_related("deposits__outside", "reopenings", "call__milestones")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    files = [
        {
            "application": item,
            "stages": stages_of(item),
            "then": next_stage(item),
            "deposit": last_of(item),
            "closes_at": None if suspended(item.call, now) else limit_of(item),
        }
        for item in page
    ]
    context = {"files": files, "page": page, "open_calls": open_calls(request, now), "now": now}
    context["deleted"] = [
        (file, file.abandoned_at + RECOVERABLE) for file in recoverable_drafts(request.user, now)[:PER_PAGE]
    ]
    return render(request, "applications/list.html", context)


def last_of(application: Application) -> Deposit | None:
    return max(application.deposits.all(), key=lambda deposit: deposit.n, default=None)


def open_calls(request: HttpRequest, now: datetime) -> QuerySet[Call]:
    """Published calls open now for which an organisation of the person has no file yet."""
    organisations = memberships_of(request.user).filter(right__in=WRITING_RIGHTS).values("organisation_id")
    letters = Window.objects.filter(call=OuterRef("pk"), stage=INTENT)
    open_now = published_calls().filter(
        Q(windows__stage=INTENT) | ~Exists(letters),  # one begins with the first stage
        state="published",
        windows__opens_at__lte=now,
        windows__closes_at__gte=now,
    )
    members = ApplicationMember.objects.filter(confirmed_at__isnull=False, left_at=None)
    begun = members.filter(call=OuterRef("pk"), organisation_id__in=organisations)
    some = organisations.exists()
    return open_now.exclude(Exists(begun)).distinct().order_by("title", "pk")[: PER_PAGE if some else 0]


def application_new(request: HttpRequest, slug: str) -> HttpResponse:
    """For which of my organisations, on which track, and may it apply? Then begin."""
    call, now = get_object_or_404(published_calls(), slug=slug), portal_now()
    request.institution = getattr(call.owner, "profile", None)
    memberships = memberships_of(request.user).filter(right__in=WRITING_RIGHTS)
    own = [membership.organisation for membership in memberships]
    organisations = [*own, *(o for o in principals_of(request.user, call) if o not in own)]
    chosen = next((o for o in organisations if str(o.uuid) == request.POST.get("organisation")), None)
    track = call.tracks.filter(code=request.POST.get("volet", "")).first()
    if request.method == "POST" and chosen is not None and (track or not call.tracks.exists()):
        application = start_application(call=call, organisation=chosen, by=request.user, at=now, track=track)
        messages.success(request, "Votre brouillon est commencé. Les faits connus sont déjà remplis.")
        return redirect("application", application.uuid)
    mine = {a.lead_id: a for a in own_applications(request.user).filter(call=call).order_by("created_at")}
    choices = [
        {**start_choice(request.user, call, o, now, mine.get(o.pk)), "missing": o == chosen} for o in organisations
    ]
    context = {"call": call, "choices": choices, "now": now, "intent": first_stage(call) == INTENT}
    return render(request, "applications/new.html", context)


def start_choice(
    user: User, call: Call, organisation: Organisation, now: datetime, application: Application | None
) -> dict[str, Any]:
    """One organisation: its file if it has one, else what the rules say of it and the tracks that it may take."""
    tracks = track_choices(user, call, organisation, now)
    answers = sorted((choice["answer"] for choice in tracks), key=lambda answer: not answer)
    if not answers:
        closed = no("Aucun volet de cet appel n’est ouvert à votre candidature.")
        answers = [closed if call.tracks.exists() else can_start(user, organisation, call, now)]
    return {
        "organisation": organisation,
        "application": application,
        "answer": answers[0],
        "tracks": tracks,
        "verdicts": verdicts_for(call, facts_about(organisation, call=call)),
    }


def track_choices(user: User, call: Call, organisation: Organisation, now: datetime) -> list[dict[str, Any]]:
    """The tracks open now, or to come, to this organisation; why one that it sees may not be taken."""
    choices, stage = [], first_stage(call)
    for track in call.tracks.all():
        facts = facts_about(organisation, call=call, track=track)
        window = window_for(call, now, facts, stage=stage, track=track)
        if window and window.closes_at >= now:
            answer = can_start(user, organisation, call, now, track)
            choices.append({"track": track, "window": window, "current": False, "answer": answer})
    return choices


def application_home(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Where the file stands and what comes next."""
    application, now = own_application(request, uuid), portal_now()
    progress, deposit = progress_of(application), latest_deposit(application)
    can_write = editable(request, application, now)
    context = {
        **writing_context(request, application, progress, now),
        "stages": stages_of(application),
        "then": next_stage(application),
        "summary": summary_of(progress),
        "can_write": can_write,
        "can_deposit": can_submit_application(request.user, application, now),
        "can_ask": can_write and leads(request.user, application),
        "can_withdraw": can_withdraw(request.user, application),
        "can_abandon": can_abandon(request.user, application),
        "deposit": deposit,
        "changed": deposit is None or (can_write and not parcel_of(application).same_as(deposit)),
        "deposit_words": deposit_words(deposit) if deposit else "",
        "promised": [piece_row(application, p, "", editable=True) for p in progress.promised_pieces] if deposit else [],
        **asked_context(application),
        "has_earlier": can_write
        and leads(request.user, application)
        and earlier_files(request.user, application).exists(),
        "history": application.transitions.select_related("by"),
        **route_context(request, application, now),
        "decision": line_in_force(application, notified=True),
        "reservations": pending_reservations(application) if application.state == states.ADMISSIBLE else [],
        "completion": awaited_completion(application),
        "expired": application.state == DRAFT and now > limit_of(application),
        "mandates": mandates_on(application),
        "help": help_received(application),
    }
    return render(request, "applications/home.html", context)


def has_earlier(request: HttpRequest, application: Application, at: datetime) -> bool:
    """Whether the answers of another file could be taken up."""
    return can_take_up(request.user, application, at).allowed and earlier_files(request.user, application).exists()


def application_read(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Read everything again, with what is missing."""
    application, now = own_application(request, uuid), portal_now()
    progress = progress_of(application)
    context = {
        **writing_context(request, application, progress, now, "read"),
        "reading": sections_of(progress),
        "pieces": draft_pieces_for_reading(application, progress),
        "missing_pieces": [
            piece_row(application, item, accepted_sentence(item.piece), editable=True)
            for item in progress.missing_apart
        ],
        "can_write": editable(request, application, now),
        "can_ask": leads(request.user, application),
        "can_deposit": can_submit_application(request.user, application, now),
    }
    return render(request, "applications/read.html", context)


def application_deposited(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The version that counts, as frozen."""
    application, now = own_application(request, uuid), portal_now()
    deposit = latest_deposit(application)
    if deposit is None:
        return redirect("application", application.uuid)
    context = {
        **file_context(request, application, now),
        "deposit": deposit,
        "deposit_words": deposit_words(deposit),
        "sections": answers_for_reading(deposit, for_jury=False),
        "pieces": pieces_for_reading(deposit, for_jury=False),
    }
    return render(request, "applications/deposited.html", context)
