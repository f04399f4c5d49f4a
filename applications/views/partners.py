"""A file at several: the list of co-applicants, the invitation that each answers for itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.queries import has_people
from portal.core.clock import portal_now
from portal.core.rules import YES, Refused, require

from ..emails.files import of_applicant
from ..forms.partners import PartnerForm
from ..models import Application, ApplicationMember
from ..queries.files import file_held, progress_of
from ..queries.partners import found_organisations, invitations_for, organisation_chosen, partners_of
from ..rules.drafts import can_abandon, no_file_yet
from ..rules.files import can_answer_invitation, can_choose_partners, is_own, largest_group, leaving
from ..services.partners import ContactMissing, confirm_partner, decline_partner, invite_partner, remove_partner
from .shared import own_application, writing_context


@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Who applies with the lead; the lead searches an organisation and invites it."""
    application, now = own_application(request, uuid), portal_now()
    text = request.POST.get("q") or request.GET.get("q", "")
    posted = request.POST if request.method == "POST" else None
    may_choose = can_choose_partners(request.user, application, now)
    if posted is not None:
        require(may_choose)
    form = PartnerForm(found_organisations(application, text) if may_choose else [], posted)
    if posted is not None and form.is_valid() and invited(request, application, form):
        return redirect("partners", application.uuid)
    rights = leaving(request.user, application, now)
    context = {
        **writing_context(request, application, progress_of(application), now, "partners"),
        "rows": [(member, bool(rights.allows(member))) for member in partners_of(application)],
        "may_choose": may_choose,
        "form": form,
        "q": text,
        "most": largest_group(application.call),
    }
    return render(request, "applications/partners.html", context)


def invited(request: HttpRequest, application: Application, form: PartnerForm) -> bool:
    """Invite what the form says; a refusal goes to the form."""
    values = form.cleaned_data
    organisation, role = organisation_chosen(values["who"]), values["role"]
    try:
        invite_partner(
            application=application,
            organisation=organisation,
            role=role,
            share=values["share"],
            contact=values["contact"],
            by=request.user,
            at=portal_now(),
        )
    except ContactMissing as refusal:
        form.add_error("contact", str(refusal))
        return False
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    told = organisation.official_email or values["contact"] or has_people(organisation)
    known = "" if told else " Le portail n’a pas son adresse : prévenez-le vous-même."
    messages.success(request, f"{organisation} est invité à confirmer.{known}")
    return True


@require_POST
def partner_end(request: HttpRequest, uuid: Any, pk: int) -> HttpResponse:
    """Take a co-applicant out, or leave."""
    application = own_application(request, uuid)
    member = get_object_or_404(partners_of(application), pk=pk)
    remove_partner(member=member, by=request.user, at=portal_now())
    messages.success(request, f"{member.organisation} ne fait plus partie de la candidature.")
    if is_own(request.user, application):
        return redirect("partners", application.uuid)
    return redirect("applications")


@require_http_methods(["GET", "HEAD", "POST"])
def partner_answer(request: HttpRequest, uuid: Any, pk: int) -> HttpResponse:
    """The organisation invited reads what is proposed, then confirms or declines."""
    member = get_object_or_404(invitations_for(request.user), pk=pk, application__uuid=uuid)
    application, now = member.application, portal_now()
    request.institution = getattr(application.call.owner, "profile", None)
    if request.method == "POST":
        return answered(request, member)
    context = {
        "member": member,
        "application": application,
        "call": application.call,
        "of_applicant": of_applicant(application),
        "may_answer": can_answer_invitation(request.user, member, now),
        **held_instead(request, member),
    }
    return render(request, "applications/partner_answer.html", context)


def held_instead(request: HttpRequest, member: ApplicationMember) -> dict[str, Any]:
    """The file that keeps the organisation from joining this one: why, its page, whether its draft may be deleted."""
    if member.confirmed_at or member.role != ApplicationMember.Role.MEMBER:
        return {"free": YES}
    held = file_held(member.organisation, member.application.call)
    free = no_file_yet(member.organisation, member.application.call, request.user)
    return {"free": free, "held": held, "can_abandon": held is not None and can_abandon(request.user, held)}


def answered(request: HttpRequest, member: ApplicationMember) -> HttpResponse:
    if request.POST.get("answer") == "yes":
        confirm_partner(member=member, by=request.user, at=portal_now())
        messages.success(request, "C’est confirmé. Vous pouvez lire et écrire le dossier.")
        return redirect("application", member.application.uuid)
    decline_partner(member=member, by=request.user, at=portal_now())
    messages.success(request, "Votre refus est envoyé.")
    return redirect("my_actions")
