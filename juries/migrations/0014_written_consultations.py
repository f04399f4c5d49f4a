"""A vote without a meeting: ballots that close by themselves, several at once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0025_readings_grow'),
        ('juries', '0013_errata'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='agendaitem',
            name='one_open_ballot_per_session',
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='closes_at',
            field=models.DateTimeField(help_text='scrutin programmé : plus aucun bulletin ensuite', null=True),
        ),
        migrations.AddField(
            model_name='jurysession',
            name='by_writing',
            field=models.BooleanField(default=False, help_text='consultation écrite, sans réunion'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(condition=models.Q(('closes_at', None), ('state', 'voting')), fields=('session',), name='one_open_ballot_per_session'),
        ),
    ]
