"""The schema of a rehearsal: same refusals as the portal's, no key towards it, nothing left behind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from calls.models import CallRevision, Window
from portal.accounts.models import User
from portal.core.clock import portal_now
from portal.core.models import OutboundEmail
from portal.core.outbox import deliver_emails
from portal.core.spaces import Space, SpaceGone, current_space, inside
from portal.rehearsals import tables
from tests.factories import make_call, make_user

pytestmark = pytest.mark.django_db

SPACE = Space(schema="rehearsal_test", prefix="/repetition/test")
SHAPE = """
SELECT t.relname, 'constraint', c.conname, c.contype::text, c.condeferrable FROM pg_constraint c
  JOIN pg_class t ON t.oid = c.conrelid LEFT JOIN pg_class f ON f.oid = c.confrelid
  WHERE t.relnamespace = '{schema}'::regnamespace AND c.contype <> 'n' AND (f.relname IS NULL OR f.relname <> ALL(%s))
UNION ALL SELECT t.relname, 'index', i.relname, '', x.indisunique FROM pg_index x
  JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  WHERE t.relnamespace = '{schema}'::regnamespace
UNION ALL SELECT t.relname, 'trigger', g.tgname, '', false FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
  WHERE t.relnamespace = '{schema}'::regnamespace AND NOT g.tgisinternal
UNION ALL SELECT t.relname, 'column', a.attname, a.attidentity::text, a.attnotnull FROM pg_attribute a
  JOIN pg_class t ON t.oid = a.attrelid WHERE t.relnamespace = '{schema}'::regnamespace AND t.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped
"""


@pytest.fixture
def space():
    tables.create_schema(SPACE.schema, timedelta(days=400))
    return SPACE


def shape(schema: str) -> set[tuple]:
    shared = sorted(tables.shared_tables())
    with connection.cursor() as cursor:
        cursor.execute(SHAPE.format(schema=schema), [shared])
        return {row for row in cursor.fetchall() if row[0] not in shared}


def test_a_copy_has_every_table_constraint_index_and_trigger(space) -> None:
    own = {
        ("rehearsal_clock", "column", "shift", "", True),
        ("core_outboundemail", "trigger", "mail_is_shown", "", False),
        ("core_outboundemail", "constraint", "mail_never_leaves", "c", False),
    }
    assert shape(space.schema) - own == shape("public")
    assert own <= shape(space.schema)


def test_no_key_joins_a_copy_to_the_portal(space) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid ="
            " c.confrelid WHERE t.relnamespace <> f.relnamespace"
        )
        assert cursor.fetchall() == []


def test_each_side_sees_its_own_rows(space) -> None:
    outside = make_user("vraie@exemple.fr")
    with inside(space):
        assert User.objects.count() == 0
        make_user("fictive@exemple.fr")
        assert [user.email for user in User.objects.all()] == ["fictive@exemple.fr"]
    assert [user.email for user in User.objects.all()] == [outside.email]
    assert current_space() is None


def test_the_clock_of_a_space_is_its_own(space) -> None:
    before = portal_now()
    with inside(space):
        there = portal_now()
    after = portal_now()
    assert timedelta(days=400) <= there - before < timedelta(days=400, seconds=5)
    assert timedelta(0) < after - before < timedelta(seconds=5)


def test_a_space_left_by_an_error_leaves_nothing_on_the_connection(space) -> None:
    before = portal_now()
    with pytest.raises(ZeroDivisionError), inside(space):
        tables.write_shift(timedelta(days=1 // 0))
    assert portal_now() - before < timedelta(seconds=5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == ("public",)


def test_spaces_do_not_nest(space) -> None:
    with inside(space), pytest.raises(RuntimeError), inside(space):
        pass


def test_a_space_that_is_gone_cannot_be_entered() -> None:
    with pytest.raises(SpaceGone), inside(SPACE):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == ("public",)


def test_a_mail_of_a_space_is_shown_and_no_worker_takes_it(space, mailoutbox) -> None:
    now = portal_now()
    values = {"kind": "essai", "object_key": "x", "recipient": "mairie@exemple.fr", "guarantee": "at_least_once"}
    texts = {"subject": "Objet", "body": "Texte", "from_name": "Portail", "created_at": now, "not_before": now}
    with inside(space):
        OutboundEmail.objects.create(**values, **texts)
        assert list(OutboundEmail.objects.values_list("state", flat=True)) == ["shown"]
        assert deliver_emails() == 0
        for change in ({"state": "queued"}, {"state": "sending"}, {"claimed_at": now}, {"sent_at": now}):
            with pytest.raises(IntegrityError, match="mail_never_leaves"), transaction.atomic():
                OutboundEmail.objects.update(**change)
    assert deliver_emails() == 0
    assert OutboundEmail.objects.count() == 0
    assert mailoutbox == []


def test_the_rules_of_the_database_hold_in_a_space_at_its_own_instant(space) -> None:
    """A published limit never comes forward, an insert-only row never changes: the triggers read the copies."""
    real = make_call()
    with inside(space):
        call = make_call()
        assert call.pk != real.pk or Window.objects.count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            CallRevision.objects.filter(call=call).update(note="autre")
    assert Window.objects.filter(call=real).count() == 1


def test_dropping_a_copy_leaves_nothing(space) -> None:
    with inside(space):
        make_call()
    with transaction.atomic():
        tables.drop_schema(space.schema)
    assert tables.schemas() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                       " WHERE n.nspname LIKE 'rehearsal%'")  # fmt: skip
        assert cursor.fetchone() == (0,)
