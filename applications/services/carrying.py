"""Taking up the answers of an earlier application: blank answers only, as many as still make sense."""

from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.core.rules import Refused, require

from ..models import Application
from ..queries.earlier import earlier_files, what_it_fills, with_answers_and_questions
from ..queries.files import progress_of
from ..rules.files import can_take_up
from .drafting import recount, write_section


@transaction.atomic
def take_up(*, application: Application, earlier: Application, by: User, at: datetime) -> int:
    """Fill the blank answers of a draft from another file of its organisation; return how many. Raises `Refused`."""
    require(can_take_up(by, application, at))
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=application.pk)
    source = with_answers_and_questions(earlier_files(by, application)).filter(pk=earlier.pk).first()
    if source is None:
        raise Refused("Cette candidature n’est pas de votre organisme : ses réponses ne peuvent pas être reprises.")
    current = with_answers_and_questions(Application.objects).get(pk=application.pk)
    fills = what_it_fills(current, source)
    versions = {row.section_code: row.version for row in current.sections.all()}
    for code, answers in fills.sections.items():
        write_section(application, code, answers, versions.get(code, 0), by, at)
    Application.objects.filter(pk=application.pk).update(last_activity_at=at)
    recount(application, progress_of(application, at))
    return fills.count
