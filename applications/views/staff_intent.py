"""Staff: the answer to a letter of intent, which opens the whole file or says why it does not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from applications.forms.examination import DismissForm
from applications.rules.staff import can_answer_intent, can_keep_intent
from applications.services.route import dismiss_intent, keep_intent
from applications.views.staff_file import show, staff_file
from calls.queries import roles_of
from portal.core.clock import portal_now
from portal.core.rules import require


@require_POST
def intent_keep(request: HttpRequest, uuid: str) -> HttpResponse:
    """Keep the letter of intent: the applicant receives the whole file to write."""
    at = portal_now()
    file = staff_file(request, uuid)
    require(can_keep_intent(roles_of(request.user, file.call, at), file))
    keep_intent(application=file, by=request.user, at=at)
    messages.success(request, f"Lettre d’intention {file.number} retenue : le dossier est ouvert au candidat.")
    return redirect("staff_application", uuid=file.uuid)


@require_POST
def intent_dismiss(request: HttpRequest, uuid: str) -> HttpResponse:
    """Do not keep it, with a reason that the applicant reads."""
    at = portal_now()
    file = staff_file(request, uuid)
    require(can_answer_intent(roles_of(request.user, file.call, at), file))
    form = DismissForm(request.POST)
    if not form.is_valid():
        return show(request, file, at, form)
    dismiss_intent(application=file, reason=form.cleaned_data["reason"], by=request.user, at=at)
    messages.success(request, f"Lettre d’intention {file.number} non retenue : le candidat est prévenu.")
    return redirect("staff_application", uuid=file.uuid)
