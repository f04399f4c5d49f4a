"""A corrected document written over a published call: only the rows that a correction may change are replaced."""

from collections.abc import Iterable

from calls.definition.diff import Change
from calls.definition.load import identity, write_form, write_milestones, write_partners
from calls.definition.schema import CallDocument
from calls.models import Call, Milestone, Partner, PieceType, Section, Undertaking


def amend(call: Call, document: CallDocument, changes: Iterable[Change]) -> None:
    """Write what `changes` names; rows that files, scores or measures point to are left alone."""
    Call.objects.filter(pk=call.pk).update(**identity(document))
    call.refresh_from_db()
    roots = {change.path.partition(".")[0] for change in changes}
    if roots & {"sections", "pieces"}:
        for model in (Section, PieceType, Undertaking):
            model.objects.filter(call=call).delete()
        write_form(call, document)
    if "calendar" in roots:
        Milestone.objects.filter(call=call).delete()
        write_milestones(call, document)
    if "partners" in roots:
        Partner.objects.filter(call=call).delete()
        write_partners(call, document)
