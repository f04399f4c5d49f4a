"""Settle claims: from the link sent to the official address, by staff, by the people in charge."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.core.clock import portal_now
from portal.core.middleware import public
from portal.core.rules import Refused, require

from ..models import Claim, Membership, User
from ..queries import open_claims
from ..rules import can_settle, claims_judged_by, is_staff
from ..services import accept_claim, refuse_claim
from ..services.memberships import claim_of_secret
from .entry import safe_path


@public
@require_http_methods(["GET", "POST"])
@sensitive_variables("secret")
def claim_answer(request: HttpRequest, secret: str) -> HttpResponse:
    """The official address answers; the mail is the proof, no account is needed."""
    claim = claim_of_secret(secret)
    if claim is None:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            settle(request, claim, by=None, how="réponse de l’adresse officielle de la mairie")
            return redirect("claim_answer", secret=secret)
        except Refused as refusal:
            error = str(refusal)
    signs = claim.right == Membership.Right.SIGNATORY
    context = {"claim": claim, "signs": signs, "error": error, "reason": request.POST.get("reason", "")}
    return render(request, "accounts/claim_answer.html", context)


@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """Claims of the communes of one's calls."""
    if not is_staff(request.user) and not claims_judged_by(request.user).exists():
        raise Http404
    return render(request, "accounts/claims.html", {"claims": claims_judged_by(request.user)[:100]})


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
        accept_claim(claim=claim, by=by, how=how, at=at)
        messages.success(request, f"{what} de {person} est {'confirmée' if signs else 'confirmé'}.")
    else:
        refuse_claim(claim=claim, by=by, reason=request.POST.get("reason", ""), at=at)
        refused = "refusée" if signs else "refusé"
        messages.success(request, f"{what} de {person} est {refused}. La personne en est informée.")
