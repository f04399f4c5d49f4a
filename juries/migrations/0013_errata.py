"""Errata of signed minutes; neither the minutes nor their errata change once written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.core.database import insert_only


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0010_checks'),
        ('juries', '0012_hearings_and_proxies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Erratum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('issued_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.frozendocument')),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='errata', to='juries.minutes')),
            ],
            options={
                'ordering': ['n'],
                'constraints': [models.UniqueConstraint(fields=('minutes', 'n'), name='erratum_number_once')],
            },
        ),
        insert_only("juries_minutes"),
        insert_only("juries_erratum"),
    ]
