"""Settle claims: from the link sent to the official address, by staff, by the people in charge."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.core.clock import portal_now
from portal.core.middleware import public
from portal.core.rules import Refused, require
from portal.core.typography import format_instant, masked

from ..models import Claim, ClaimLink, Membership, User
from ..queries import claims_about, last_link, open_claims
from ..rules import can_settle, claims_judged_by, entries_seen_by, is_staff, link_answers, link_is_due, link_words
from ..rules_claims import cases_of
from ..services import accept_claim, refuse_claim, send_again
from ..services.claims import link_of_secret
from .entry import safe_path

PER_PAGE = 20


@public
@require_http_methods(["GET", "POST"])
@sensitive_variables("secret")
def claim_answer(request: HttpRequest, secret: str) -> HttpResponse:
    """The official address answers; the mail is the proof, no account is needed. An ended link sends another one."""
    link, at = link_of_secret(secret), portal_now()
    if link is None:
        raise Http404
    claim, error = link.claim, ""
    if request.method == "POST":
        try:
            answered_by_mail(request, link)
            return redirect("claim_answer", secret=secret)
        except Refused as refusal:
            error = str(refusal)
    context = {
        "claim": claim,
        "signs": claim.right == Membership.Right.SIGNATORY,
        "link": link,
        "valid": link_answers(link, at),
        "latest": last_link(claim),
        "again": link_is_due(claim, at),
        "case": cases_of([claim], at)[0],
        "error": error,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "accounts/claim_answer.html", context)


def answered_by_mail(request: HttpRequest, link: ClaimLink) -> None:
    """Another link, or the answer of a link that has not ended."""
    at = portal_now()
    if "send" in request.POST:
        sent = send_again(claim=link.claim, by=None, at=at)
        messages.success(request, f"Un nouveau lien part à {masked(official_of(sent.claim))}.")
        return
    require(link_answers(link, at))
    settle(request, link.claim, by=None, how="réponse de l’adresse officielle de la mairie")


@require_GET
def claim_follow(request: HttpRequest, uuid: str) -> HttpResponse:
    """The person who waits, or whoever named them: where the link is, and the button that sends it again."""
    claim, at = get_object_or_404(claims_about(request.user), pk=uuid), portal_now()
    signs = claim.right == Membership.Right.SIGNATORY
    context = {"claim": claim, "signs": signs, "words": link_words(claim), "again": link_is_due(claim, at)}
    return render(request, "accounts/claim_follow.html", context)


@require_POST
def claim_send_again(request: HttpRequest, uuid: str) -> HttpResponse:
    """The link leaves again for the official address."""
    judged = claims_judged_by(request.user).values("pk")
    claim = get_object_or_404(claims_about(request.user) | open_claims().filter(pk__in=judged), pk=uuid)
    try:
        link = send_again(claim=claim, by=request.user, at=portal_now())
        until = format_instant(link.expires_at)
        messages.success(request, f"Un nouveau lien part à {masked(official_of(claim))}. Il vaut jusqu’au {until}.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(safe_path(request, reverse("claim_follow", args=[claim.pk])))


def official_of(claim: Claim) -> str:
    return claim.membership.organisation.official_email


@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """Claims of the communes of one's calls, and who entered on the word of another organisation."""
    judged, at = claims_judged_by(request.user), portal_now()
    if not is_staff(request.user) and not judged.exists():
        raise Http404
    page = Paginator(judged.prefetch_related("links"), PER_PAGE).get_page(request.GET.get("page"))
    rows = cases_of(list(page), at)
    entries = Paginator(entries_seen_by(request.user), PER_PAGE).get_page(request.GET.get("entrees"))
    return render(request, "accounts/claims.html", {"page": page, "rows": rows, "entries": entries})


@require_POST
def claim_settle(request: HttpRequest, uuid: str) -> HttpResponse:
    """Staff or a person in charge answers."""
    claim = get_object_or_404(claims_known_to(request.user), pk=uuid)
    require(can_settle(request.user, claim))
    settle(request, claim, by=request.user, how=f"confirmé par {request.user}")
    return redirect(safe_path(request, "/gestion/rattachements/"))


def claims_known_to(user: User) -> QuerySet[Claim]:
    """Those one judges as staff, and those of the organisations where one is confirmed."""
    mine = user.memberships.filter(state="confirmed").values("organisation")
    judged = claims_judged_by(user).values("pk")
    return open_claims().filter(pk__in=judged) | open_claims().filter(membership__organisation__in=mine)


def settle(request: HttpRequest, claim: Claim, *, by: User | None, how: str) -> None:
    """Accept or refuse, and say so."""
    person, at, signs = claim.membership.user, portal_now(), claim.right == Membership.Right.SIGNATORY
    what = "La signature" if signs else "Le rattachement"
    if request.POST.get("answer") == "yes":
        accept_claim(claim=claim, by=by, how=how, at=at, departed=departed_of(request, claim))
        messages.success(request, f"{what} de {person} est {'confirmée' if signs else 'confirmé'}.")
    else:
        refuse_claim(claim=claim, by=by, reason=request.POST.get("reason", ""), at=at)
        refused = "refusée" if signs else "refusé"
        messages.success(request, f"{what} de {person} est {refused}. La personne en est informée.")


def departed_of(request: HttpRequest, claim: Claim) -> QuerySet[Membership]:
    """The members ticked as having left."""
    ticked = [key for key in request.POST.getlist("parti") if key.isdigit()]
    return claim.membership.organisation.memberships.filter(pk__in=ticked)
