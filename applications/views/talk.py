"""Messages in a file: the commune's page, the service's page, the files of both."""

from typing import Any

from django.contrib import messages as told
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.clock import portal_now
from portal.core.downloads import file_response
from portal.core.rules import Answer, require
from portal.core.scanning import may_open
from portal.core.uploads import UploadRefused

from ..forms.talk import MessageForm
from ..models import Application, Message
from ..queries.talk import file_of_message, messages_of
from ..rules.talk import can_read_messages, can_write_as_applicant, can_write_as_service, is_deposited
from ..services.examination import record_reading
from ..services.talk import send_message
from .shared import file_context, own_application
from .staff_file import roles_on, staff_file

PAGE = 20
READ = "messages lus"


@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The commune reads and writes to the service."""
    at, application = portal_now(), own_application(request, uuid)
    require(is_deposited(application))
    may = can_write_as_applicant(request.user, application)
    form = answer(request, application, Message.Side.APPLICANT, may)
    if form is None:
        return redirect("messages", uuid=application.uuid)
    context = {**file_context(request, application, at), **talk_context(request, application, form, may)}
    return render(request, "applications/talk/messages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_messages(request: HttpRequest, uuid: str) -> HttpResponse:
    """The service reads and writes to the commune; the reading goes to the access journal."""
    at, application = portal_now(), staff_file(request, uuid)
    roles = roles_on(request, application, at)
    require(can_read_messages(roles))
    may = can_write_as_service(roles, application)
    form = answer(request, application, Message.Side.SERVICE, may)
    if form is None:
        return redirect("staff_messages", uuid=application.uuid)
    record_reading(user=request.user, what=READ, object_key=f"application:{application.uuid}", at=at)
    context = {"application": application, "call": application.call}
    context |= talk_context(request, application, form, may)
    return render(request, "applications/talk/staff_messages.html", context)


def answer(request: HttpRequest, application: Application, side: str, may: Answer) -> MessageForm | None:
    """Send what was posted (None once sent), else the form to show."""
    if request.method != "POST":
        return MessageForm()
    require(may)
    form = MessageForm(request.POST, request.FILES)
    if form.is_valid():
        data, at = form.cleaned_data, portal_now()
        try:
            send_message(
                application=application,
                side=side,
                text=data["text"],
                uploads=data["attachments"],
                by=request.user,
                at=at,
            )
        except UploadRefused as refusal:
            form.add_error("attachments", str(refusal))
        else:
            told.success(request, "Votre message est envoyé.")
            return None
    return form


def talk_context(request: HttpRequest, application: Application, form: MessageForm, may: Answer) -> dict[str, Any]:
    page = Paginator(messages_of(application), PAGE).get_page(request.GET.get("page"))
    return {"page": page, "form": form, "may": may}


@require_safe
def message_file(request: HttpRequest, uuid: Any, key: Any) -> HttpResponse:
    """A file of a message, for the commune."""
    found = file_of_message(own_application(request, uuid), key)
    if found is None:
        raise Http404
    require(may_open(found, own=False))
    return file_response(found)


@require_safe
def staff_message_file(request: HttpRequest, uuid: str, key: Any) -> HttpResponse:
    """The same, for the service."""
    at, application = portal_now(), staff_file(request, uuid)
    require(can_read_messages(roles_on(request, application, at)))
    found = file_of_message(application, key)
    if found is None:
        raise Http404
    require(may_open(found, own=False))
    record_reading(user=request.user, what=READ, object_key=f"application:{application.uuid}", at=at)
    return file_response(found)
