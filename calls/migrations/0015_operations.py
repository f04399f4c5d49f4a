from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0014_more_seats"),
    ]

    operations = [
        migrations.AlterField(
            model_name="question",
            name="kind",
            field=models.CharField(
                choices=[
                    ("text", "texte court"),
                    ("long_text", "texte long"),
                    ("number", "nombre"),
                    ("percent", "pourcentage"),
                    ("money", "montant en euros"),
                    ("date", "date"),
                    ("single", "un choix"),
                    ("multiple", "plusieurs choix"),
                    ("yes_no", "oui ou non"),
                    ("email", "courriel"),
                    ("phone", "téléphone"),
                    ("commune", "commune"),
                    ("intercommunality", "intercommunalité"),
                    ("organisation", "organisme, par son SIRET"),
                    ("table", "tableau"),
                    ("operations", "opérations, avec leur plan de financement"),
                    ("file", "fichier"),
                    ("undertaking", "engagement à cocher"),
                ],
                max_length=16,
            ),
        ),
    ]
