"""Who works in an organisation, who is invited, who asks to join."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.core.clock import portal_now
from portal.core.paging import page_of
from portal.core.rules import require

from ..forms.csv_invitations import MODEL, Line, Outcome, UnreadableFile, outcomes, read_lines
from ..forms.people import CsvForm, InvitationForm
from ..models import Organisation
from ..queries import claims_of_colleagues, members_of, open_claims, open_invitations, organisations_visible_to
from ..rules import can_end, can_invite, charge_of, rights_offered_by
from ..rules_claims import cases_of
from ..services import end_membership, invite, revoke_invitation

PER_PAGE = 20


def organisation_for(request: HttpRequest, uuid: str) -> Organisation:
    """404 for whoever is not confirmed there."""
    organisation = get_object_or_404(organisations_visible_to(request.user).select_related("profile"), uuid=uuid)
    if hasattr(organisation, "profile"):
        request.institution = organisation.profile
    return organisation


@require_GET
def members(request: HttpRequest, uuid: str) -> HttpResponse:
    """Members, invitations that wait, claims to answer."""
    organisation, at = organisation_for(request, uuid), portal_now()
    charge = charge_of(organisation)
    page = page_of(request, members_of(organisation), PER_PAGE, "page")
    waiting = {claim.membership_id: claim for claim in open_claims().filter(membership__in=[m.pk for m in page])}
    judged = claims_of_colleagues(request.user).filter(membership__organisation=organisation)
    claims = page_of(request, judged.prefetch_related("links"), PER_PAGE, "demandes")
    context = {
        "organisation": organisation,
        "page": page,
        "members": [(member, bool(can_end(request.user, member, charge)), waiting.get(member.pk)) for member in page],
        "claims": claims,
        "cases": cases_of(list(claims), at),
        "invitations": page_of(request, open_invitations(organisation, at), PER_PAGE, "invitations"),
        "may_invite": bool(rights_offered_by(request.user, organisation)),
    }
    return render(request, "accounts/members.html", context)


@require_http_methods(["GET", "POST"])
def invitation_new(request: HttpRequest, uuid: str) -> HttpResponse:
    """Invite one person."""
    organisation = organisation_for(request, uuid)
    require(can_invite(request.user, organisation, "reader"))
    form = InvitationForm(request.POST or None, user=request.user, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        invitation = invite(organisation=organisation, by=request.user, at=portal_now(), **form.cleaned_data)
        messages.success(request, f"L’invitation part vers {invitation.email}. Elle vaut sept jours.")
        return redirect("members", uuid=organisation.uuid)
    return render(request, "accounts/invitation_new.html", {"organisation": organisation, "form": form})


@require_http_methods(["GET", "POST"])
def invitation_file(request: HttpRequest, uuid: str) -> HttpResponse:
    """Invite from a CSV file; the report says what became of each line."""
    organisation = organisation_for(request, uuid)
    require(can_invite(request.user, organisation, "reader"))
    form = CsvForm(request.POST or None, request.FILES or None)
    report: list[Outcome] = []
    if request.method == "POST" and form.is_valid():
        try:
            lines = read_lines(form.cleaned_data["file"].read())
            report = outcomes(lines, lambda line: invite_line(request, organisation, line))
        except UnreadableFile as error:
            form.add_error("file", str(error))
    context = {"organisation": organisation, "form": form, "report": report, "sent": sum(o.done for o in report)}
    return render(request, "accounts/invitation_file.html", context)


def invite_line(request: HttpRequest, organisation: Organisation, line: Line) -> Outcome:
    form = InvitationForm(line.data, user=request.user, organisation=organisation)
    if not form.is_valid():
        return Outcome(line.number, line.email, False, " ".join(first_errors(form)))
    invite(organisation=organisation, by=request.user, at=portal_now(), **form.cleaned_data)
    return Outcome(line.number, form.cleaned_data["email"], True, "Invitation envoyée.")


def first_errors(form: InvitationForm) -> list[str]:
    """One sentence per wrong column; a right that cannot be given is named."""
    sentences = {"right": "Droit inconnu ou que vous ne pouvez pas donner : lecture, rédaction, signature ou gestion."}
    return [sentences.get(name, str(errors[0])) for name, errors in form.errors.items()]


@require_GET
def invitation_model(request: HttpRequest, uuid: str) -> HttpResponse:
    """The file to fill in."""
    organisation_for(request, uuid)
    headers = {"Content-Disposition": 'attachment; filename="invitations.csv"'}
    return HttpResponse(MODEL, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
def invitation_revoke(request: HttpRequest, uuid: str, pk: str) -> HttpResponse:
    """The link stops working."""
    organisation = organisation_for(request, uuid)
    require(can_invite(request.user, organisation, "reader"))
    invitation = get_object_or_404(organisation.invitations.filter(grant="membership"), pk=pk)
    revoke_invitation(invitation=invitation, at=portal_now())
    messages.success(request, f"L’invitation de {invitation.email} est retirée.")
    return redirect("members", uuid=organisation.uuid)


@require_POST
def member_end(request: HttpRequest, uuid: str, pk: int) -> HttpResponse:
    """A person leaves the organisation; its files stay."""
    organisation = organisation_for(request, uuid)
    membership = get_object_or_404(members_of(organisation), pk=pk)
    require(can_end(request.user, membership, charge_of(organisation)))
    end_membership(membership=membership, by=request.user, at=portal_now())
    messages.success(request, f"L’accès de {membership.user} est retiré.")
    if membership.user_id == request.user.pk:
        return redirect("my_actions")
    return redirect("members", uuid=organisation.uuid)
