"""Tables that only grow."""

from django.db import migrations

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [("juries", "0001_initial")]
    operations = [
        insert_only("juries_vote"),
        insert_only("juries_jurysessiontransition"),
        insert_only("juries_agendaitemtransition"),
        insert_only("juries_assessmenttransition"),
    ]
