"""K4: who read what is kept a year, day for day, then gone; before, neither changed nor deleted."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from portal.core.clock import at_instant, portal_now
from portal.core.journal import KEPT
from portal.core.models import AccessRecord
from portal.core.tasks import purge_journal
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def readings() -> list[AccessRecord]:
    """One a week for two years."""
    user, now = make_user(), portal_now()
    return [
        AccessRecord.objects.create(user=user, what="une pièce", object_key=f"file:{n}", at=now - timedelta(weeks=n))
        for n in range(104)
    ]


def test_a_year_is_kept_and_nothing_older(readings) -> None:
    now = portal_now()
    purge_journal()
    left = set(AccessRecord.objects.values_list("object_key", flat=True))
    assert left == {row.object_key for row in readings if row.at >= now - KEPT}
    assert len(left) == 53
    with at_instant(now + timedelta(days=3 * 366)):
        purge_journal()
    assert not AccessRecord.objects.exists()


def test_the_database_refuses_what_is_not_a_year_old(readings) -> None:
    young, old = readings[51], readings[54]
    for act in (
        lambda: AccessRecord.objects.filter(pk=young.pk).delete(),
        lambda: AccessRecord.objects.filter(pk=young.pk).update(what="rien"),
        lambda: AccessRecord.objects.filter(pk=old.pk).update(what="rien"),
    ):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            act()
    AccessRecord.objects.filter(pk=old.pk).delete()
    assert AccessRecord.objects.count() == 103
