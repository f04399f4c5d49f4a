"""How far the notes are, file by file and member by member: numbers, never a note."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet

from applications.models import Application
from calls.models import Call

from .. import states
from ..models import Assessment, Assignment, Recusal, Seat
from .members import files_of, files_of_seat, readers_of


@dataclass(frozen=True)
class Progress:
    """`noted` members have validated their notes on the file, of `awaited`."""

    noted: int
    awaited: int


def files_in_progress(call: Call) -> QuerySet[Any]:
    """The files with who notes them (`entrusted`) and how many have validated (`noted`)."""
    done = Q(assessments__kind=Assessment.Kind.JURY, assessments__state=states.SUBMITTED)
    entrusted = Assignment.objects.select_related("seat").order_by("seat__position", "pk")
    return (
        files_of(call)
        .annotate(noted=Count("assessments", filter=done, distinct=True))
        .prefetch_related(Prefetch("jury_assignments", entrusted, to_attr="entrusted"))
    )


def progress_of(call: Call, files: Iterable[Any]) -> dict[int, Progress]:
    """{file of `files_in_progress`: how far it is}, in a few queries whatever their number."""
    files = list(files)
    readers = readers_of(call)
    if readers is not None:
        return {file.pk: Progress(file.noted, readers) for file in files}
    able = noting_seats(call, files)
    return {file.pk: Progress(file.noted, len(able[file.pk])) for file in files}


def noting_seats(call: Call, files: Iterable[Application]) -> dict[int, set[int]]:
    """{file: the seats that note it}: voting, of its département, not recused."""
    keys = [file.pk for file in files]
    seats = list(call.seats.filter(voting=True))
    own = {seat.pk: own_files(seat, keys) for seat in seats if seat.department_id}
    found = {pk: {seat.pk for seat in seats if seat.pk not in own or pk in own[seat.pk]} for pk in keys}
    for seat, pk in Recusal.objects.filter(application__in=keys).values_list("seat_id", "application_id"):
        found[pk].discard(seat)
    return found


def own_files(seat: Seat, keys: list[int]) -> set[int]:
    return set(files_of_seat(seat).filter(pk__in=keys).values_list("pk", flat=True))


def awaited_by_seat(call: Call) -> dict[int, int]:
    """{voting seat: how many files it notes}."""
    readers = readers_of(call)
    if readers is not None:
        rows = call.seats.annotate(n=Count("assignments"))
        return dict(rows.values_list("pk", "n"))
    total = files_of(call).count()
    seats = call.seats.filter(voting=True).annotate(
        n=Count("recusals", filter=Q(recusals__application__in=files_of(call)))
    )
    return {seat.pk: (files_of_seat(seat).count() if seat.department_id else total) - seat.n for seat in seats}


def places_with_files(call: Call) -> list[tuple[str, str]]:
    """(« department:76 », « Seine-Maritime ») for each territory where a file is led, départements first."""
    rows = files_of(call).order_by().exclude(lead__commune=None)
    found: list[tuple[str, str]] = []
    for kind in ("department", "intercommunality"):
        pairs = set(rows.values_list(f"lead__commune__{kind}_id", f"lead__commune__{kind}__name"))
        found += [(f"{kind}:{code}", name) for code, name in sorted(pairs, key=lambda row: row[1] or "") if code]
    return found


def dispersion_of(files: Iterable[int]) -> dict[int, Decimal]:
    """{file: points between the most and the least generous member}, of those noted by two members at least."""
    rows = Assessment.objects.filter(
        application__in=list(files), kind=Assessment.Kind.JURY, state=states.SUBMITTED, seat__voting=True
    )
    spread = rows.order_by().values("application").annotate(n=Count("pk"), low=Min("total"), high=Max("total"))
    return {row["application"]: row["high"] - row["low"] for row in spread if row["n"] > 1 and row["high"] is not None}
