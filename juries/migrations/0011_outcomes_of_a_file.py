"""A file put off with requests, reasons of the call, votes by hand, departures from the ranking, suspensions."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0025_readings_grow'),
        ('juries', '0010_attendance_moves'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='agendaitem',
            name='reason_codes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, help_text='motifs de l’appel repris', size=None),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='requests',
            field=models.TextField(blank=True, help_text='ce que le jury demande à la commune en ajournant'),
        ),
        migrations.AddField(
            model_name='proposalline',
            name='computed_rank',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='proposalline',
            name='departure',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='vote',
            name='entered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='jurysession',
            name='state',
            field=models.CharField(choices=[('planned', 'prévue'), ('open', 'ouverte'), ('suspended', 'suspendue'), ('deliberated', 'close'), ('signed', 'procès-verbal signé')], default='planned', max_length=12),
        ),
        migrations.CreateModel(
            name='RankingDeparture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(null=True)),
                ('reason', models.TextField()),
                ('decided_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ranking_departures', to='applications.application')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departures', to='juries.jurysession')),
            ],
            options={
                'ordering': ['decided_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('session', 'application'), name='departure_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='departure_has_a_reason', violation_error_message='S’écarter du classement demande un motif écrit.')],
            },
        ),
    ]
