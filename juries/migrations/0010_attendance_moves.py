"""Each arrival and each departure is kept; what was noted before becomes the first moves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.core.database import insert_only

KNOWN = """
INSERT INTO juries_attendancemove (attendance_id, kind, holder_id, happened_at)
SELECT a.id, CASE WHEN h.substitute THEN 'substitute' ELSE 'present' END, a.holder_id, a.arrived_at
FROM juries_attendance a JOIN juries_seatholder h ON h.id = a.holder_id WHERE a.arrived_at IS NOT NULL
UNION ALL
SELECT id, 'left', holder_id, left_at FROM juries_attendance WHERE left_at IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('juries', '0009_assignments_and_simulations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AttendanceMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('present', 'arrivée'), ('substitute', 'arrivée par suppléance'), ('left', 'départ'), ('excused', 'excusé'), ('absent', 'absent')], max_length=10)),
                ('happened_at', models.DateTimeField()),
                ('attendance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='juries.attendance')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='juries.seatholder')),
            ],
            options={
                'ordering': ['happened_at', 'pk'],
            },
        ),
        insert_only("juries_attendancemove"),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
