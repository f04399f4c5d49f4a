"""A batch of letters and agreements through the pipeline, beside bare WeasyPrint on the same pages: CPU, not time.

The pipeline's share is all that the worker spends on a document: job, snapshot, page, rendering process, file, rows.
"""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

from django.db import transaction

from applications.documents.notices import Round, notice_snapshot
from applications.models import CouncilResolution, Decision, DecisionLine
from portal.accounts.models import InstitutionProfile
from portal.core.clock import portal_now
from portal.core.documents import render_document, request_document
from portal.core.documents.fonts import font_face_css, font_paths
from portal.core.documents.markup import to_html
from portal.core.documents.renderer import close_renderer, rendering_process
from support.agreements.documents import agreement_snapshot
from support.agreements.services import draw_up

from .measure import Figure
from .world import World

TICK = os.sysconf("SC_CLK_TCK")
LETTER, AGREEMENT = "pdf/applications/notice_selected.html", "pdf/support/agreement.html"


def measure_documents(world: World, *, letters: int, agreements: int) -> list[Figure]:
    """CPU seconds of each document, pipeline and floor in turn."""
    with transaction.atomic():
        letter, agreement = snapshots(world)
        floor = bare_weasyprint()
        figures = [
            measure("Lettre, processeur", "NOT", LETTER, letter, letters, floor),
            measure("Convention, processeur", "CONV", AGREEMENT, agreement, agreements, floor),
        ]
        transaction.set_rollback(True)
    close_renderer()
    return figures


def snapshots(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """One real letter and one real agreement of the file from which all others are copied."""
    at, call = portal_now(), world.call
    InstitutionProfile.objects.filter(organisation=call.owner).update(court_address="53, avenue Flaubert, 76000 Rouen")
    call.owner.profile.refresh_from_db()
    decision = Decision.objects.create(
        call=call, body="le bureau communautaire", act_number="B-1", act_on=date(2027, 5, 27), recorded_at=at,
        recorded_by=world.officer,
    )  # fmt: skip
    line = DecisionLine.objects.create(
        decision=decision, application=world.template, outcome="selected", rank=1, reason="Projet juste."
    )
    CouncilResolution.objects.create(
        application=world.template, organisation=world.template.lead, number="2027-1", adopted_on=date(2027, 5, 3)
    )
    told = Round(decision=decision, lines=[line], jury_on=date(2027, 5, 5), grid=None)
    agreement = draw_up(call=call, lines=[line], starts_on=date(2027, 6, 7), by=world.officer, at=at)
    return notice_snapshot(line, told, scores=[], at=at), agreement_snapshot(agreement)


def measure(
    name: str, prefix: str, template: str, snapshot: dict[str, Any], count: int, floor: Callable[[str], object]
) -> Figure:
    """The first document of each side warms it up and does not count."""
    ours, theirs = [], []
    for n in range(count + 1):
        document = request_document(
            kind="notice", number=f"{prefix}-MESURE-{n}", title=name, template=template, snapshot=snapshot,
            at=portal_now(), trial=False,
        )  # fmt: skip
        ours.append(spent(lambda document=document: render_document(document, at=portal_now())))
        page = to_html(template, document.snapshot)
        theirs.append(spent(lambda page=page: floor(page)))
    return Figure(name, count, tuple(ours[1:]), tuple(theirs[1:]), 0, 0)


def spent(act: Callable[[], object]) -> float:
    """Processor seconds of this process and of its rendering process."""
    begun = process_time() + child_time()
    act()
    return process_time() + child_time() - begun


def child_time() -> float:
    """Processor seconds of the rendering process; 0 before it is started."""
    process = rendering_process()
    if process is None:
        return 0.0
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def bare_weasyprint() -> Callable[[str], object]:
    """HTML in, tagged PDF/A-3a out: the library alone, warm, with the same fonts."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from portal.core.documents.child import make_fetcher

    fetcher = make_fetcher({name: Path(path).read_bytes() for name, path in font_paths().items()})
    fonts = FontConfiguration()
    CSS(string=font_face_css(), url_fetcher=fetcher, font_config=fonts)
    return lambda page: HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/a-3a", font_config=fonts)
