"""The law of docs/architecture.md as data: who may import whom, layers inside an app, sizes, cycles."""

from pathlib import Path

import pytest

from tests.harness.architecture import (
    Project,
    forbidden_imports,
    function_sizes,
    import_cycles,
    layer_faults,
    long_files,
)

ROOT = Path(__file__).resolve().parents[1]

FOUNDATIONS = {"portal.core", "portal.territories", "portal.territories.maps", "portal.accounts"}
NESTED_SUPPORT = {f"support.{name}" for name in ("agreements", "plan", "money", "impact", "network")}
MAY_IMPORT: dict[str, set[str]] = {
    "portal.core": set(),
    "portal.territories": {"portal.core"},
    "portal.territories.maps": {"portal.core", "portal.territories"},
    "portal.accounts": {"portal.core", "portal.territories"},
    "calls": FOUNDATIONS,
    "applications": FOUNDATIONS | {"calls"},
    "juries": FOUNDATIONS | {"calls", "applications"},
    "support.agreements": FOUNDATIONS | {"calls", "applications"},
    "support.plan": FOUNDATIONS | {"calls", "applications", "support.agreements"},
    "support.money": FOUNDATIONS | {"calls", "applications", "support.agreements", "support.plan"},
    "support.impact": FOUNDATIONS | {"calls", "applications", "support.agreements", "support.plan", "support.money"},
    "support.network": FOUNDATIONS
    | {"calls", "applications", "support.agreements", "support.plan", "support.money", "support.impact"},
    # What the five nested apps offer together (actions, due facts).
    "support": FOUNDATIONS
    | {"support.agreements", "support.plan", "support.money", "support.impact", "support.network"},
    "portal.embedded": set(),
    "portal.settings": set(),
}
# These compose: they may import everything.
FREE = {"portal.home", "portal.rehearsals", "portal.urls", "portal.celery", "portal.wsgi", "portal.asgi"}
APPS = set(MAY_IMPORT) - {"portal.embedded", "portal.settings", "support"} | {"portal.home", "portal.rehearsals"}

PURE, MODELS, QUESTIONS, LETTERS, ACTS, DOORS, SCREENS, WIRING = range(8)
LAYERS: dict[str, int] = {
    "states": PURE,
    "words": PURE,
    "migrations": MODELS,
    "models": MODELS,
    "queries": QUESTIONS,
    "rules": QUESTIONS,
    "emails": LETTERS,
    "documents": LETTERS,
    "services": ACTS,
    "actions": ACTS,  # what each app awaits from a person, composed by portal.home
    "due": ACTS,  # due_facts, idem for the reminders
    "tasks": DOORS,
    "forms": DOORS,
    "filters": DOORS,
    "exports": DOORS,
    "views": SCREENS,
    "admin": SCREENS,
    "management": SCREENS,
    "templatetags": SCREENS,
    "context": SCREENS,
    "urls": WIRING,
    "apps": WIRING,
    # Pure modules and particularities, app by app.
    "portal.territories:spelling": PURE,
    "portal.territories:imports": PURE,
    "portal.territories:history": PURE,
    "portal.territories.maps:places": PURE,
    "portal.territories.maps:geometry": PURE,
    "portal.territories.maps:geojson": PURE,
    "portal.territories.maps:simplify": PURE,
    "portal.territories.maps:projection": PURE,
    "portal.territories.maps:sites": PURE,
    "portal.territories.maps:tiles": PURE,
    "portal.territories.maps:drawing": PURE,
    "portal.territories.maps:painting": PURE,
    "portal.accounts:svg": PURE,
    "portal.accounts:numbers": PURE,
    "portal.accounts:devices": PURE,
    "portal.accounts:limits": LETTERS,
    "portal.accounts:entrance": SCREENS,
    "portal.accounts:letterhead": LETTERS,
    "portal.accounts:adapter": DOORS,
    "portal.accounts:dev_login": DOORS,
    "portal.accounts:middleware": SCREENS,
    "portal.accounts:stepup": SCREENS,
    "calls:definition": PURE,
    "calls:definition.load": QUESTIONS,
    "calls:definition.rows": QUESTIONS,
    "calls:definition.dump": QUESTIONS,
    "calls:reminders": QUESTIONS,
    "calls:examination": QUESTIONS,
    "calls:condition_rows": PURE,
    "calls:conditions": PURE,
    "calls:eligibility": PURE,
    "calls:grants": PURE,
    "calls:catalogue": PURE,
    "calls:stages": PURE,
    "calls:retention": PURE,
    "calls:holders": QUESTIONS,
    "calls:advice": DOORS,
    "calls:life": SCREENS,
    "calls:editor": DOORS,  # the forms of the back office, made from the models of the document
    "calls:editor.rooms": PURE,
    "calls:presentation": SCREENS,
    "calls:queries_applicants": QUESTIONS,
    "calls:documents_territory": LETTERS,
    "calls:queries_guests": QUESTIONS,
    "calls:queries_rules": QUESTIONS,
    "applications:funding": PURE,
    "applications:content": PURE,
    "applications:content.places": QUESTIONS,
    "applications:content.prefill": QUESTIONS,
    "applications:content.reading": QUESTIONS,
    "applications:parcel": LETTERS,
    "applications:binding": PURE,
    "applications:sharing": PURE,
    "applications:letter_texts": PURE,
    "applications:holders": LETTERS,
    "applications:rankings": QUESTIONS,
    "juries:scoring": PURE,
    "juries:ranking": PURE,
    "juries:quorum": PURE,
    "juries:stays": PURE,
    "juries:box": PURE,
    "juries:proxies": PURE,
    "juries:slots": PURE,
    "juries:levels": PURE,
    "juries:links": PURE,
    "juries:phases": PURE,
    "juries:simulation": PURE,
    "juries:spreading": PURE,
    "juries:lots": PURE,
    "juries:steps": PURE,
    "juries:ballot": PURE,
    "support.agreements:outline": PURE,
    "support.agreements:term": PURE,
    "support.agreements:sequels": PURE,
    "support.agreements:parties": LETTERS,
    "support.agreements:presentation": SCREENS,
    "support.plan:schedule": PURE,
    "support.plan:sheets": DOORS,
    "support.impact:completeness": PURE,
    "support.impact:drafting": PURE,
    "support.impact:presentation": SCREENS,
    "support.plan:presentation": SCREENS,
    "support.money:envelopes": PURE,
    "support.money:references": PURE,
    "support.money:presentation_envelope": SCREENS,
    "support.money:presentation": SCREENS,
    "support.money:presentation_plans": SCREENS,
    "support.money:presentation_posts": SCREENS,
    # Home composes everything: its modules know one another in this order.
    "portal.home:interests": QUESTIONS,
    "portal.home:senders": LETTERS,
    "portal.home:digests": ACTS,
    "portal.home:reminders": ACTS,
    "portal.home:archive": ACTS,
    "portal.home:advisories": ACTS,
    "portal.home:archive_drill": ACTS,
    "portal.home:dashboard": ACTS,
    "portal.home:demo": ACTS,
    "portal.home:playing": ACTS,
    "portal.home:health": ACTS,
    "portal.home:availability": ACTS,
    "portal.home:personal": ACTS,
    "portal.home:availability_report": ACTS,
    "portal.home:invitations": ACTS,
    "portal.home:spaces": ACTS,
    "portal.home:presentation": SCREENS,
    "portal.home:bench": SCREENS,
    # A rehearsal plays the whole portal.
    "portal.rehearsals:tables": MODELS,
    "portal.rehearsals:moments": PURE,
    "portal.rehearsals:samples": QUESTIONS,
    "portal.rehearsals:board": ACTS,
    "portal.rehearsals:cast": ACTS,
    "portal.rehearsals:player": ACTS,
    "portal.rehearsals:middleware": SCREENS,
    # Core has no rooms of the procedure but the tools of all of them: its own order, lowest first.
    "portal.core:spaces": PURE,
    "portal.core:sessions": QUESTIONS,
    "portal.core:erasures": LETTERS,
    "portal.core:journal": ACTS,
    "portal.core:clock": PURE,
    "portal.core:calendar": PURE,
    "portal.core:money": PURE,
    "portal.core:typography": PURE,
    "portal.core:theme": PURE,
    "portal.core:spreadsheets": PURE,
    "portal.core:tokens": PURE,
    "portal.core:database": PURE,
    "portal.core:due": PURE,
    "portal.core:icons": PURE,
    "portal.core:downloads": DOORS,
    "portal.core:feeds": DOORS,
    "portal.core:paging": DOORS,
    "portal.core:mailing": LETTERS,
    "portal.core:showcase": SCREENS,
    "portal.core:workflow": MODELS,
    "portal.core:rules": PURE,
    "portal.core:richtext": PURE,
    "portal.core:badges": PURE,
    "portal.core:uploads": QUESTIONS,
    "portal.core:uploads_office": PURE,
    "portal.core:photos": QUESTIONS,
    "portal.core:probing": QUESTIONS,
    "portal.core:scanning": LETTERS,
    "portal.core:documents": ACTS,
    "portal.core:outbox": LETTERS,
    "portal.core:reminders": ACTS,
    "portal.core:ui": SCREENS,
    "portal.core:approvals": SCREENS,
    "portal.core:views_approvals": SCREENS,
    "portal.core:middleware": SCREENS,
    "portal.core:checks": SCREENS,
    "portal.core:cache": PURE,
    "portal.core:bucket": PURE,
}


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(ROOT)


def test_imports_between_apps(project):
    assert forbidden_imports(project, MAY_IMPORT, FREE) == []


def test_layers_inside_apps(project):
    assert layer_faults(project, APPS, LAYERS) == []


def test_no_import_cycle(project):
    assert import_cycles(project) == []


def test_no_file_over_500_lines(project):
    assert long_files(project, limit=500) == []


def test_at_most_one_function_in_a_hundred_over_50_lines(project):
    sizes = function_sizes(project)
    long = sorted(name for name, lines in sizes.items() if lines > 50)
    assert len(long) <= len(sizes) // 100, long
