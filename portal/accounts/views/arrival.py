"""`/rejoindre/`: find one's commune, say who one is, receive a code, draft at once."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from portal.core.clock import portal_now
from portal.core.middleware import public
from portal.territories.models import Commune
from portal.territories.queries import place_line, search_communes, searchable_communes

from ..forms.people import ArriveForm, JoinForm
from ..models import Membership
from ..queries import memberships_of
from ..services import claim_commune, person_at
from ..services.people import complete
from .entry import safe_path, send_code

TYPED = "arrival"


@public
@require_GET
def join(request: HttpRequest) -> HttpResponse:
    """Search one's commune. `next` is where the person was going (a call's page)."""
    insee, text = request.GET.get("commune", ""), request.GET.get("q", "").strip()
    going = safe_path(request, "")
    if insee:
        return redirect(with_next(reverse("join_commune", args=[insee]), going))
    communes = [
        (commune, place_line(commune), with_next(reverse("join_commune", args=[commune.insee]), going))
        for commune in search_communes(text)
    ]
    return render(request, "accounts/join.html", {"q": text, "communes": communes, "next": going})


@public
@require_http_methods(["GET", "POST"])
def join_commune(request: HttpRequest, insee: str) -> HttpResponse:
    """Say who one is in this commune. Signed in: the claim; else a code is mailed, and the same page comes back."""
    commune = get_object_or_404(searchable_communes().select_related("department"), insee=insee)
    found = memberships_of(request.user).filter(organisation__commune=commune).first()
    if found and request.method == "GET":
        return redirect(safe_path(request))
    if request.user.is_authenticated:
        return join_signed_in(request, commune)
    return join_by_mail(request, commune)


def join_signed_in(request: HttpRequest, commune: Commune) -> HttpResponse:
    known = {"full_name": request.user.full_name, "role_title": request.user.role_title}
    typed = {**request.session.get(TYPED, {}), **{name: value for name, value in known.items() if value}}
    form = JoinForm(request.POST or None, initial=typed)
    if request.method == "POST" and form.is_valid():
        person = {name: form.cleaned_data[name] for name in ("full_name", "role_title")}
        complete(request.user, **person)
        told = {"right": form.right, "replaces": form.cleaned_data["replaces"]}
        membership = claim_commune(user=request.user, commune=commune, at=portal_now(), **told)
        request.session.pop(TYPED, None)
        messages.success(request, welcome(membership))
        return redirect(safe_path(request))
    return page(request, commune, form)


def join_by_mail(request: HttpRequest, commune: Commune) -> HttpResponse:
    """The same answer whether the address is known or not."""
    form = ArriveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[TYPED] = {
            "full_name": form.cleaned_data["full_name"],
            "role_title": form.cleaned_data["role_title"],
            "signs": "yes" if form.cleaned_data["signs"] else "no",
            "replaces": form.cleaned_data["replaces"],
        }
        back = with_next(request.path, safe_path(request, ""))
        sent = send_code(request, person_at(form.cleaned_data["email"]), back)
        if sent:
            return sent
        form.add_error("email", "Trop de codes ont été demandés pour cette adresse. Attendez une minute.")
    return page(request, commune, form)


def page(request: HttpRequest, commune: Commune, form: JoinForm) -> HttpResponse:
    context = {"commune": commune, "form": form, "next": safe_path(request, "")}
    return render(request, "accounts/join_commune.html", context)


def with_next(path: str, going: str) -> str:
    return f"{path}?{urlencode({'next': going}, safe='/')}" if going else path


def welcome(membership: Membership) -> str:
    """What the person may do now."""
    if membership.state == Membership.State.CONFIRMED:
        return f"Vous avez rejoint « {membership.organisation} »."
    return (
        f"Vous avez rejoint « {membership.organisation} ». Vous pouvez écrire dès maintenant ; "
        "le dépôt sera possible quand la commune aura confirmé votre rattachement."
    )
