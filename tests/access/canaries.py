"""A word in every text column of what a tenant keeps to itself: seen elsewhere, it tells the leak.

The columns are found in the models, so that a new text field is covered the day it is written.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import connection
from django.db.models import CharField, EmailField, Field, Model, SlugField, TextField, URLField

# Territories and calls are public by nature (drafts apart, which bear the word), as who the organisers are;
# people bear a word of their own.
ELSEWHERE = {"Organisation", "OrganisationUnit", "InstitutionProfile", "User"}
PRIVATE_APPS = {"core", "accounts", "applications", "juries", "agreements", "plan", "money", "impact", "network"}
# What the code reads back: codes, states, keys, addresses of pages, fingerprints.
CODED = {
    "code", "kind", "state", "number", "key", "rule", "act", "template", "template_version", "period", "guarantee",
    "object_key", "call_key", "grant", "grant_key", "action_url", "next_path", "detected_type", "transition",
    "from_state", "to_state", "piece_code", "section_code", "question_code", "rule_code", "outcome", "effect",
    "what", "password", "visibility", "reply_to", "origin", "side", "role", "right", "quality",
}  # fmt: skip


def private_models() -> Iterator[type[Model]]:
    for label in sorted(PRIVATE_APPS):
        yield from (model for model in apps.get_app_config(label).get_models() if model.__name__ not in ELSEWHERE)


def text_fields(model: type[Model]) -> list[Field]:
    """The free texts of a model."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField)
        and not isinstance(field, EmailField | SlugField | URLField)
        and not (field.choices or field.unique or field.name in CODED or field.name.endswith("sha256"))
    ]


def poison(word: str, *, others: Iterable[str]) -> int:
    """Add the word to every free text that bears no tenant's word yet. Returns how many columns were seen."""
    words = [word, *others]
    seen = 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in private_models():
            table = model._meta.db_table
            fields = text_fields(model)
            if not fields:
                continue
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            for field in fields:
                cursor.execute(*statement(table, field, word, words))
                seen += 1
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    return seen


def statement(table: str, field: Field, word: str, words: list[str]) -> tuple[str, list[object]]:
    column = f'"{field.column}"'
    room = (field.max_length or 10**6) - len(word) - 1
    clean = " AND ".join(f"{column} NOT LIKE %s" for _ in words)
    sql = f"UPDATE \"{table}\" SET {column} = left({column}, %s) || ' ' || %s WHERE {column} <> '' AND {clean}"
    return sql, [room, word, *(f"%{w}%" for w in words)]
