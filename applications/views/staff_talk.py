"""Staff: internal notes of a file, contacts with a commune, the « point d’étape » to all who wait."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calls.queries import held_in
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from portal.core.rules import Refused, require

from ..forms.talk import ContactForm, NoteForm, UpdateForm
from ..queries.staff import commune_row
from ..queries.talk import contacts_of, notes_of, pending_files, updates_of
from ..rules.talk import can_log_contact, can_note, can_write_to_all
from ..services.talk import add_note, ask_update, log_contact
from .staff import filtered_table, seen_by, staffed_call
from .staff_file import roles_on, staff_file

PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def staff_notes(request: HttpRequest, uuid: str) -> HttpResponse:
    """The notes of the service on a file, the latest first; POST adds one."""
    at, file = portal_now(), staff_file(request, uuid)
    require(can_note(roles_on(request, file, at)))
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        add_note(application=file, text=form.cleaned_data["text"], by=request.user, at=at)
        messages.success(request, "Votre note est gardée.")
        return redirect("staff_notes", uuid=file.uuid)
    page = Paginator(notes_of(file), PAGE).get_page(request.GET.get("page"))
    context = {"application": file, "call": file.call, "form": form, "page": page}
    return render(request, "applications/talk/notes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_contacts(request: HttpRequest, slug: str, insee: str) -> HttpResponse:
    """Calls, visits and meetings with a commune about a call, before it applies or after."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    held = held_in(request.user, call, at)
    require(can_log_contact(held.over(insee)))
    commune = commune_row(call, insee, scope=seen_by(held)[0], strata=list(call.strata.all()))
    if commune is None:
        raise Http404
    form = ContactForm(request.POST or None, today=day_of(at))
    if request.method == "POST" and form.is_valid():
        log_contact(call=call, commune=commune, by=request.user, at=at, **form.cleaned_data)
        messages.success(request, "Le contact est noté.")
        return redirect("staff_contacts", slug=slug, insee=insee)
    page = Paginator(contacts_of(call, insee), PAGE).get_page(request.GET.get("page"))
    context = {"call": call, "commune": commune, "form": form, "page": page}
    return render(request, "applications/talk/contacts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_update(request: HttpRequest, slug: str) -> HttpResponse:
    """One message to every file that waits, or to those of the table as it is filtered; how many it was written to."""
    at = portal_now()
    call = staffed_call(request, slug, at)
    held = held_in(request.user, call, at)
    require(can_write_to_all(held.over()))
    found = filtered_table(request, call, seen_by(held))
    only = list(found.qs.exclude(file=None).values_list("file", flat=True)) if found.narrows else None
    form = UpdateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_update(call=call, text=form.cleaned_data["text"], by=request.user, at=at, only=only)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le point d’étape part : cette page dit à combien de communes.")
            return redirect("staff_update", slug=slug)
    page = Paginator(updates_of(call), PAGE).get_page(request.GET.get("page"))
    context = {"call": call, "form": form, "page": page, "waiting": pending_files(call, only).count()}
    context["filtered"] = only is not None
    return render(request, "applications/talk/update.html", context)
