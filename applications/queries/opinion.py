"""Questions about opinions: those asked of a person, those of a file, whom a call may ask, what an outsider reads."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet

from calls.models import Call, Question
from portal.accounts.models import User
from portal.core.models import StoredFile
from portal.territories.models import Commune

from .. import states
from ..content.reading import PieceReading, SectionReading
from ..models import Application, Deposit, Expert, OpinionFile, OpinionRequest
from .files import answers_for_reading, pieces_for_reading, staffed_applications

# Answers that name or reach a person, or that are known of one.
PERSONAL_KINDS = frozenset({"email", "phone"})
PERSONAL_PREFILLS = (
    "organisation.mail", "organisation.phone", "organisation.representative", "user.name", "user.mail",
)  # fmt: skip
LIVE = (states.OPINION_ASKED, states.GIVEN)


def opinions_asked_of(user: User) -> QuerySet[OpinionRequest]:
    """What a person was asked and may still read, the nearest day first."""
    mine = OpinionRequest.objects.filter(giver=user, state__in=LIVE)
    return _with_file(mine).order_by("state", "due_at", "pk")


def opinions_for_staff(user: User) -> QuerySet[OpinionRequest]:
    """Those of the files that a person reads by a role."""
    return _with_file(OpinionRequest.objects.filter(application__in=staffed_applications(user).values("pk")))


def _with_file(opinions: QuerySet[OpinionRequest]) -> QuerySet[OpinionRequest]:
    return opinions.select_related(
        "application__call__owner__profile",
        "application__window",
        "application__track",
        "application__lead__commune__department",
        "application__lead__commune__intercommunality",
        "asked_by",
        "giver",
    )


def attached_to(opinion: OpinionRequest) -> QuerySet[OpinionFile]:
    return opinion.files.filter(removed_at=None).select_related("file")


# --- whom to ask -------------------------------------------------------------------------------------------------


def experts_of(call: Call) -> QuerySet[Expert]:
    return call.experts.filter(removed_at=None).select_related("person")


def covers(expert: Expert, commune: Commune | None) -> bool:
    """Whether a commune lies in the territory of an expert; one without territory has them all."""
    if not expert.territory:
        return True
    if commune is None:
        return False
    places = {commune.insee, commune.department_id, commune.intercommunality_id}
    return bool(places & set(expert.territory))


# --- what an outside service reads -------------------------------------------------------------------------------


def reading_for_opinion(deposit: Deposit, opinion: OpinionRequest) -> tuple[list[SectionReading], list[PieceReading]]:
    """What the jury would read, less what names or reaches a person; all of it when the request says so."""
    if opinion.personal:
        return answers_for_reading(deposit, for_jury=False), pieces_for_reading(deposit, for_jury=False)
    hidden = personal_codes(deposit.application.call)
    sections = [without(section, hidden) for section in answers_for_reading(deposit, for_jury=True)]
    return [section for section in sections if section.answers], pieces_for_reading(deposit, for_jury=True)


def personal_codes(call: Call) -> frozenset[str]:
    """The questions whose answers are about a person."""
    about = Q(kind__in=PERSONAL_KINDS) | Q(prefill__in=PERSONAL_PREFILLS)
    return frozenset(Question.objects.filter(about, call=call).values_list("code", flat=True))


def without(section: SectionReading, hidden: Iterable[str]) -> SectionReading:
    """The section less some answers; those of these kinds are hidden whatever the call says now."""
    codes = frozenset(hidden)
    kept = (a for a in section.answers if a.code not in codes and a.kind not in PERSONAL_KINDS)
    return replace(section, answers=tuple(kept))


def reads_for_opinion(user: User, application: Application) -> bool:
    """Whether a person reads the file because an opinion is asked of them, or was given by them."""
    return user.is_authenticated and application.opinions.filter(giver=user, state__in=LIVE).exists()


def reads_everything_for_opinion(user: User, application: Application) -> bool:
    """The same, the request giving access to personal data."""
    mine = application.opinions.filter(giver_id=user.pk, state__in=LIVE, personal=True)
    return user.is_authenticated and mine.exists()


def opinion_file(opinion: OpinionRequest, key: Any) -> StoredFile | None:
    row = attached_to(opinion).filter(file_id=key).first()
    return row.file if row else None
