"""Hearings of the communes, proxies between members, the hour of a session, what was said of a file."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('juries', '0011_outcomes_of_a_file'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='agendaitem',
            name='discussion',
            field=models.TextField(blank=True, help_text='ce qui s’est dit, porté au procès-verbal'),
        ),
        migrations.AddField(
            model_name='jurysession',
            name='begins',
            field=models.TimeField(help_text='heure de Paris', null=True),
        ),
        migrations.CreateModel(
            name='Proxy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(help_text='l’écrit par lequel il est donné', max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('bearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proxies_borne', to='juries.seat')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proxies_given', to='juries.seat')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proxies', to='juries.jurysession')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['recorded_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='vote',
            name='proxy',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='juries.proxy'),
        ),
        migrations.CreateModel(
            name='Hearing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('invited_at', models.DateTimeField(null=True)),
                ('reply', models.CharField(blank=True, choices=[('', 'réponse attendue'), ('confirmed', 'confirmée'), ('declined', 'la commune ne vient pas')], default='', max_length=10)),
                ('message', models.CharField(blank=True, max_length=300)),
                ('answered_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='hearing', to='juries.agendaitem')),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reply', ''), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='hearing_reply_has_an_author'), models.CheckConstraint(condition=models.Q(('ended_at', None), models.Q(('ended_at__gte', models.F('started_at')), ('started_at__isnull', False)), _connector='OR'), name='hearing_ends_after_it_starts')],
            },
        ),
        migrations.AddConstraint(
            model_name='proxy',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('session', 'giver'), name='one_proxy_per_giver', violation_error_message='Ce siège a déjà donné pouvoir.'),
        ),
        migrations.AddConstraint(
            model_name='proxy',
            constraint=models.CheckConstraint(condition=models.Q(('giver', models.F('bearer')), _negated=True), name='proxy_goes_to_another', violation_error_message='Un siège ne se donne pas pouvoir à lui-même.'),
        ),
    ]
