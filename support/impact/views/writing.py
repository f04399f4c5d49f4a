"""Write a publication, have the commune agree, publish it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require
from support.plan.views import followed_plan

from .. import presentation, rules, services
from ..forms.publication import ContactForm, NewPublicationForm, PublicationForm, ReasonForm, WithdrawForm
from ..models import Publication
from ..queries import owners_for, publications_visible_to, texts_of

PAGE = 20


def publication_for(request: HttpRequest, uuid: str) -> Publication:
    """A publication that this person works on; its organiser's look dresses the page."""
    publication = get_object_or_404(publications_visible_to(request.user, portal_now()), uuid=uuid)
    request.institution = getattr(publication.owner, "profile", None)
    return publication


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """The publications that one writes, reads again or publishes."""
    now = portal_now()
    rows = publications_visible_to(request.user, now).order_by("state", "-created_at", "-pk")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_begin": owners_for(request.user, now).exists(),
    }
    return render(request, "support/publications.html", context)


@require_POST
def report_begin(request: HttpRequest, uuid: str) -> HttpResponse:
    """Begin the experience report of a project, or open the one that exists."""
    plan = followed_plan(request, uuid)
    report = services.begin_report(plan=plan, by=request.user, at=portal_now())
    return redirect("publication_draft", report.uuid)


def publication_new(request: HttpRequest) -> HttpResponse:
    """Begin a text of the organiser."""
    owners = owners_for(request.user, portal_now())
    if not owners.exists():
        raise Http404
    form = NewPublicationForm(request.POST or None, owners=owners)
    if request.method == "POST" and form.is_valid():
        made = services.begin_own(by=request.user, at=portal_now(), **form.cleaned_data)
        return redirect("publication_edit", made.uuid)
    return render(request, "support/publication_new.html", {"form": form})


@require_safe
def publication_draft(request: HttpRequest, uuid: str) -> HttpResponse:
    """The text as it is written: what it lacks, what one may do, what happened."""
    publication, now = publication_for(request, uuid), portal_now()
    missing = services.missing_of(publication)
    context = {
        "publication": publication,
        "content": presentation.shown(services.content_of(publication)),
        "contact_titles": presentation.CONTACT_TITLES,
        "missing": missing,
        "may_write": rules.can_write(request.user, publication, now),
        "acts": presentation.acts_on(request.user, publication, missing, now),
        "history": presentation.history_of(publication),
    }
    return render(request, "support/publication_draft.html", context)


def publication_edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Write the text; nothing typed is lost when it is refused."""
    publication, now = publication_for(request, uuid), portal_now()
    require(rules.can_write(request.user, publication, now))
    form = PublicationForm(request.POST or None, publication=publication, texts=texts_of(publication))
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            services.save(publication=publication, version=version, written=form.written, by=request.user, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le texte est enregistré.")
            return redirect("publication_draft", uuid)
    return render(request, "support/publication_edit.html", {"form": form, "publication": publication})


def publication_contacts(request: HttpRequest, uuid: str) -> HttpResponse:
    """Whom readers may ask: one person at a time."""
    publication, now = publication_for(request, uuid), portal_now()
    require(rules.can_write(request.user, publication, now))
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.publication = publication
        form.instance.agreed_on = day_of(now) if form.cleaned_data["agreed"] else None
        form.save()
        messages.success(request, "Le contact est ajouté.")
        return redirect("publication_contacts", uuid)
    context = {"form": form, "publication": publication, "contacts": publication.contacts.all()[:20]}
    return render(request, "support/publication_contacts.html", context)


@require_POST
def publication_contact_remove(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    publication = publication_for(request, uuid)
    require(rules.can_write(request.user, publication, portal_now()))
    get_object_or_404(publication.contacts, pk=pk).delete()
    messages.success(request, "Le contact est retiré.")
    return redirect("publication_contacts", uuid)


# --- the way to the public page ----------------------------------------------------------------------------------


def act(request: HttpRequest, uuid: str, service: Callable[..., object], done: str) -> HttpResponse:
    """One act without argument; a refusal is said on the page of the text."""
    publication = publication_for(request, uuid)
    service(publication=publication, by=request.user, at=portal_now())
    messages.success(request, done)
    return redirect("publication_draft", uuid)


@require_POST
def publication_submit(request: HttpRequest, uuid: str) -> HttpResponse:
    return act(request, uuid, services.submit, "La commune reçoit un courriel pour relire et donner son accord.")


@require_POST
def publication_agree(request: HttpRequest, uuid: str) -> HttpResponse:
    return act(request, uuid, services.agree, "L’accord de la commune est enregistré. L’organisateur publie.")


@require_POST
def publication_publish(request: HttpRequest, uuid: str) -> HttpResponse:
    return act(request, uuid, services.publish, "La publication est en ligne.")


@require_POST
def publication_revise(request: HttpRequest, uuid: str) -> HttpResponse:
    return act(request, uuid, services.revise, "Écrivez la suite : la version publique reste en ligne.")


def reasoned(
    request: HttpRequest, uuid: str, form_class: type[ReasonForm], service: Callable[..., object], words: dict[str, str]
) -> HttpResponse:
    """An act that needs a reason."""
    publication = publication_for(request, uuid)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service(publication=publication, by=request.user, at=portal_now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words["done"])
            return redirect("publication_draft", uuid)
    return render(
        request, "support/publication_reason.html", {"form": form, "publication": publication, "words": words}
    )


def publication_return(request: HttpRequest, uuid: str) -> HttpResponse:
    require(rules.can_return(request.user, publication_for(request, uuid), portal_now()))
    words = {
        "title": "Renvoyer en rédaction",
        "lead": "L’équipe qui écrit reçoit votre remarque par courriel.",
        "done": "Le texte est renvoyé en rédaction.",
    }
    return reasoned(request, uuid, ReasonForm, services.send_back, words)


def publication_withdraw(request: HttpRequest, uuid: str) -> HttpResponse:
    require(rules.can_withdraw(request.user, publication_for(request, uuid), portal_now()))
    words = {
        "title": "Retirer du site public",
        "lead": "Le texte n’est plus lu par personne ; ses versions sont gardées.",
        "done": "Le texte n’est plus public.",
    }
    return reasoned(request, uuid, WithdrawForm, services.withdraw, words)
