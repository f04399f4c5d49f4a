"""A national template and its local instances: locks, departures with their reason, changes offered one by one."""

import pytest

from calls.definition.diff import diff
from calls.definition.identity import Template
from calls.definition.inheritance import departures, locked_refusals, offered, patched
from calls.definition.reading import canonical
from calls.models import Call, Override, TemplateAnswer
from calls.services import editions, publication
from calls.services.correction import apply_correction, stage_document
from calls.services.offers import answer_offer
from calls.services.templates import changes_offered
from portal.core.clock import portal_now
from portal.core.rules import Refused
from tests.calls.documents import ordinary, small
from tests.factories import make_institution, make_member, make_user, paris

CLOSING = paris(2028, 6, 28, 23, 59, 59)
NATIONAL = small().model_copy(update={"template": Template(locked=("grid", "eligibility.R1"))})


def local(*pairs: tuple[str, str]):
    return small(*pairs)


def test_a_locked_path_locks_what_lies_under_it() -> None:
    free = local(("summary: Un appel d’essai.", "summary: Chez nous."))
    assert [change.path for change in departures(NATIONAL, free)] == ["summary"]
    assert locked_refusals(NATIONAL, free) == []
    (refusal,) = locked_refusals(NATIONAL, local(("label: Faisabilité", "label: Faisable")))
    assert ordinary(refusal.sentence) == (
        "grille › critères › Faisabilité › critère : le modèle national ne laisse pas changer cette partie."
    )


@pytest.mark.parametrize(
    "pair",
    [
        ("summary: Un appel d’essai.", "summary: Un appel national."),
        ("label: Titre du projet", "label: Nom du projet"),
        ("label: En travaux}", "label: En travaux}\n          - {code: fini, label: Fini}"),
        ("  months: 12\n", ""),
        ("      - code: titre\n", "      - {code: surface, kind: number, label: Surface}\n      - code: titre\n"),
    ],
)
def test_an_accepted_change_gives_what_the_template_says(pair) -> None:
    after = local(pair)
    (change, *others) = diff(small(), after)
    taken = patched(small(), [change, *others])
    assert {c.path for c in diff(taken, after)} <= {"sections.projet.questions"}  # an addition comes last
    assert offered(small(), after, taken) == []


def test_what_the_instance_has_already_is_not_offered() -> None:
    after = local(("summary: Un appel d’essai.", "summary: Un appel national."), ("goal: Faire vivre", "goal: Garder"))
    mine = local(("goal: Faire vivre", "goal: Garder"))
    assert [change.path for change in offered(small(), after, mine)] == ["summary"]


# --- rows --------------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(db):
    """A published national template, a local instance in preparation, and who manages each."""
    national, at = make_member(make_institution(), "manager"), portal_now()
    template = publication.import_call(canonical(NATIONAL), owner=make_institution(), by=national, at=at)
    publication.publish_call(call=template, asked_by=national, by=make_user(), at=at)
    owner = make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy")
    manager = make_member(owner, "manager")
    instance = editions.open_instance(
        template=template.slug, owner=owner, closes_at=CLOSING, slug="chez-nous", prefix="CHN", edition="2028",
        by=manager, at=at,
    )  # fmt: skip
    return template, instance, national, manager


def changed(call: Call, *pairs: tuple[str, str]) -> str:
    text = publication.export_call(call)
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_an_instance_is_a_full_copy_with_its_departures_written_down(pair) -> None:
    template, instance, _, manager = pair
    assert (instance.template, instance.template_revision.n, instance.owner.siren) == (template, 1, "200067445")
    assert f"inherits: {template.slug}" in publication.export_call(instance)
    assert set(Override.objects.values_list("path", "reason")) == {
        ("windows.W1.opens_at", "Calendrier local"),
        ("windows.W1.closes_at", "Calendrier local"),
    }
    text = changed(instance, ("summary: Un", "summary: L"))
    publication.import_call(text, owner=instance.owner, by=manager, at=portal_now(), reason="Vocabulaire du pays")
    assert Override.objects.get(path="summary").reason == "Vocabulaire du pays"
    instance = Call.objects.get(pk=instance.pk)
    publication.import_call(
        changed(instance, ("summary: L", "summary: Un")), owner=instance.owner, by=manager, at=portal_now()
    )
    assert not Override.objects.filter(path="summary").exists()


def test_a_locked_part_is_refused_at_import(pair) -> None:
    _, instance, _, manager = pair
    text = changed(instance, ("label: Faisabilité", "label: Faisable"))
    with pytest.raises(Refused, match="le modèle national ne laisse pas changer"):
        publication.import_call(text, owner=instance.owner, by=manager, at=portal_now())
    with pytest.raises(Refused, match="gardez « inherits"):
        publication.import_call(
            changed(instance, (f"inherits: {instance.template.slug}\n", "")),
            owner=instance.owner, by=manager, at=portal_now(),
        )  # fmt: skip


def test_a_change_of_the_template_is_offered_never_applied(pair, client) -> None:
    template, instance, national, manager = pair
    text = changed(template, ("summary: Un", "summary: L"), ("label: Titre du projet", "label: Nom du projet"))
    staged = stage_document(text, owner=template.owner, by=national, at=portal_now(), call=template)
    apply_correction(staged=staged, reason="Vocabulaire.", by=national, at=portal_now())
    instance = Call.objects.get(pk=instance.pk)
    title = "sections.projet.questions.titre.label"
    assert [change.path for change in changes_offered(instance)] == ["summary", title]
    assert instance.summary == "Un appel d’essai."
    client.force_login(manager)
    address = f"/gestion/appels/{instance.slug}/modele/"
    assert "Nom du projet" in client.get(address).text
    client.post(address, {"accepted": [title]})
    instance = Call.objects.get(pk=instance.pk)
    assert (instance.summary, instance.questions.get(code="titre").label) == ("Un appel d’essai.", "Nom du projet")
    assert set(TemplateAnswer.objects.values_list("path", "accepted")) == {("summary", False), (title, True)}
    assert Override.objects.get(path="summary").reason == "Changement du modèle décliné"
    assert changes_offered(instance) == []
    assert instance.template_revision.n == 2
    answer_offer(call=instance, accepted=[], by=manager, at=portal_now())
    assert TemplateAnswer.objects.count() == 2


def test_only_a_published_template_is_followed(pair) -> None:
    with pytest.raises(Refused, match="n’est plus proposé"):
        editions.open_instance(
            template="chez-nous", owner=make_institution(), closes_at=CLOSING, slug="x", prefix="XX", edition="2028",
            by=make_user(), at=portal_now(),
        )  # fmt: skip


def test_the_templates_are_proposed(pair, client) -> None:
    template, instance, _, manager = pair
    client.force_login(manager)
    page = client.get(f"/gestion/organismes/{instance.owner.uuid}/nouvel-appel/").text
    assert f"/nouvel-appel/modele/{template.slug}/" in page
    told = {"edition": "2029", "slug": "chez-nous-2029", "prefix": "CHN", "day": "2029-06-27", "hour": "23:59:59"}
    client.post(f"/gestion/organismes/{instance.owner.uuid}/nouvel-appel/modele/{template.slug}/", told)
    assert Call.objects.get(slug="chez-nous-2029").template == template
