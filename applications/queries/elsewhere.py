"""Questions about the files received elsewhere of a call, and the tables that brought them."""

from django.db.models import Count, Q, QuerySet

from calls.models import Call

from ..models import EntryBatch, EntryLine, OutsideReceipt


def outside_files(call: Call, scope: frozenset[str] | None) -> QuerySet[OutsideReceipt]:
    """The latest entered first, within the communes (INSEE codes) that a person covers."""
    found = OutsideReceipt.objects.filter(application__call=call)
    found = found if scope is None else found.filter(application__lead__commune__in=scope)
    return found.select_related("application__lead", "entered_by").order_by("-entered_at", "-pk")


def batches_of(call: Call) -> QuerySet[EntryBatch]:
    """With `right`, `wrong`, `entered` and `failed` lines counted."""
    counted = {
        "right": Q(lines__refusal=""),
        "wrong": ~Q(lines__refusal=""),
        "entered": Q(lines__application__isnull=False),
        "failed": ~Q(lines__failure=""),
    }
    counts = {name: Count("lines", filter=where) for name, where in counted.items()}
    return EntryBatch.objects.filter(call=call).annotate(**counts).select_related("made_by").order_by("-made_at", "-pk")


def lines_of_batch(batch: EntryBatch) -> QuerySet[EntryLine]:
    return batch.lines.select_related("application__lead").order_by("number")
