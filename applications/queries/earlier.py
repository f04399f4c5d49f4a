"""The earlier applications of the same organisation, and what each would fill in a draft."""

from dataclasses import dataclass

from django.db.models import QuerySet

from calls.models import Question
from portal.accounts.models import User

from ..content.answers import Typed
from ..content.carrying import to_carry
from ..models import Application
from .files import own_applications


@dataclass(frozen=True)
class Earlier:
    """One earlier file; `sections`: what it fills, {section code: {question code: what was typed}}."""

    application: Application
    sections: dict[str, dict[str, Typed]]

    @property
    def count(self) -> int:
        return sum(len(answers) for answers in self.sections.values())


def earlier_files(user: User, application: Application) -> QuerySet[Application]:
    """The other files that this person may read of the same organisation, the last written first."""
    others = own_applications(user).filter(lead=application.lead_id).exclude(pk=application.pk)
    return others.exclude(pk=application.previous_id).order_by("-last_activity_at", "-pk")


def what_it_fills(application: Application, earlier: Application) -> Earlier:
    """Both files with their `sections`; their questions are read once for each call."""
    mine, given = typed_in(application), typed_in(earlier)
    found = to_carry(questions_of(application), mine, questions_of(earlier), given)
    sections: dict[str, dict[str, Typed]] = {}
    for question in questions_of(application):
        if question.code in found:
            sections.setdefault(question.section.code, {})[question.code] = found[question.code]
    return Earlier(earlier, sections)


def typed_in(application: Application) -> dict[str, Typed]:
    return {code: typed for row in application.sections.all() for code, typed in row.values.items()}


def questions_of(application: Application) -> list[Question]:
    """The questions of the stage of the file, with their sections."""
    stages = ("both", application.stage)
    sections = [section for section in application.call.sections.all() if section.stage in stages]
    return [question for section in sections for question in section.questions.all()]


def with_answers_and_questions(files: QuerySet[Application]) -> QuerySet[Application]:
    """Everything that `what_it_fills` reads, in a constant number of queries."""
    return files.prefetch_related("sections", "call__sections__questions__section")
