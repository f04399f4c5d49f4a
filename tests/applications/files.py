"""Files ready to deposit, for the tests of this app."""

import io
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from applications.models import Application, Attachment, Deposit, SectionAnswers
from applications.services.submission import submit_application
from calls.models import Call
from portal.accounts.models import Organisation, User
from portal.core.clock import portal_now
from portal.core.uploads import store_bytes
from tests.factories import ETRETAT, make_application, make_call, make_member, make_town_hall

ANSWERS = {
    "S1": {"Q1": "La place des Marronniers", "Q2": "1 200"},
    "S2": {"Q3": "La place reste vide l’après-midi dès le mois de mai.", "Q4": ["isolement"]},
}


def make_town(spec: tuple[str, str, str, int, int] = ETRETAT) -> tuple[Organisation, User, User]:
    """A town hall, its secretary and its mayor."""
    organisation = make_town_hall(spec)
    secretary = make_member(organisation, "editor", role_title="Secrétaire de mairie")
    return organisation, secretary, make_member(organisation, "signatory", role_title="Maire")


def make_ready(
    call: Call | None = None, town: tuple[Organisation, User, User] | None = None
) -> tuple[Application, User, User]:
    """A complete draft, its secretary and its mayor."""
    organisation, secretary, mayor = town or make_town()
    application = make_application(call or make_call(), organisation, by=secretary)
    for code, values in ANSWERS.items():
        SectionAnswers.objects.create(
            application=application, section_code=code, values=values, updated_at=portal_now(), updated_by=secretary
        )
    for code in ("DELIB", "PLAN_SIT"):
        make_attachment(application, code, secretary)
    return application, secretary, mayor


def make_attachment(application: Application, code: str, by: User, content: bytes = b"") -> Attachment:
    now = portal_now()
    file = store_bytes(
        content or f"%PDF-1.7 {code}".encode(), name=f"{code}.pdf", detected_type="application/pdf", by=by, at=now
    )
    return Attachment.objects.create(application=application, piece_code=code, file=file, added_at=now, added_by=by)


def deposit(application: Application, by: User, **changes: Any) -> Deposit:
    """One deposit through the service, as the form would ask for it."""
    values = {"idempotency_key": uuid.uuid4(), "undertakings": ["U1"], "web_clock_at": portal_now(), **changes}
    return submit_application(application=application, by=by, **values)


def pdf_upload(name: str = "plan.pdf") -> SimpleUploadedFile:
    """A real PDF of one empty page."""
    import io

    import pikepdf

    pdf, buffer = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.save(buffer)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="application/pdf")


def image_upload(name: str = "photo.png") -> SimpleUploadedFile:
    """A real picture of four points."""
    made = io.BytesIO()
    Image.new("RGB", (2, 2), "white").save(made, format="PNG")
    return SimpleUploadedFile(name, made.getvalue(), content_type="image/png")


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all the acts at once, each in its own thread and connection; results or exceptions, in order."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait()
            return act()
        except Exception as error:  # noqa: BLE001 - what each thread met is what the test looks at
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
