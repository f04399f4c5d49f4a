"""Versions and acts of publications only grow; French text search that forgives accents."""

from django.db import migrations

from portal.core.database import insert_only

# Named with its schema: a rehearsal looks for it from a schema of its own.
MAKE = """
CREATE TEXT SEARCH CONFIGURATION public.portal_french (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION public.portal_french
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.french_stem;
"""


class Migration(migrations.Migration):
    dependencies = [("impact", "0002_publications"), ("core", "0001_database")]
    operations = [
        migrations.RunSQL(MAKE, "DROP TEXT SEARCH CONFIGURATION public.portal_french;"),
        insert_only("impact_publicationversion"),
        insert_only("impact_publicationtransition"),
    ]
