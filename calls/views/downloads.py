"""The documents to download of a call: their bytes, named by the code of the document."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.core.downloads import file_response
from portal.core.middleware import public

from .shared import call_for


@public
@require_safe
def call_download(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The bytes; for everyone once the call is published, before for its team."""
    kept = call_for(request, slug).downloads.select_related("file").filter(code=code).first()
    if kept is None:
        raise Http404
    return file_response(kept.file)
