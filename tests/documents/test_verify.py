"""The public verification page: what it says, what it never says, the comparison of a fingerprint."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from portal.core.documents.kinds import kind_label
from portal.core.models import FrozenDocument
from portal.core.uploads import store_bytes

AT = datetime(2027, 3, 29, 16, 7, 31, tzinfo=UTC)
NUMBER = "AD-TPS-2027-0012-1"


def make_document(*, version: int = 1, content: bytes = b"%PDF-1", state: str = "ready") -> FrozenDocument:
    file = (
        store_bytes(content, name="x.pdf", detected_type="application/pdf", by=None, at=AT)
        if state == "ready"
        else None
    )
    return FrozenDocument.objects.create(
        kind="applications.receipt",
        number=NUMBER,
        version=version,
        title="CANARI-TITRE",
        template="pdf/applications/receipt.html",
        snapshot={"nom": "CANARI-NOM"},
        state=state,
        file=file,
        sha256=file.sha256 if file else "",
        issued_at=AT,
        rendered_at=AT if file else None,
        failure="CANARI-ECHEC" if state == "failed" else "",
    )


def words(response) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode())


@pytest.fixture
def verified(client, db):
    """The page of the number, with or without a typed fingerprint."""
    return lambda **query: client.get(reverse("document_verify", args=[NUMBER]), query)


def test_a_number_leads_to_its_page_however_it_is_typed(client, db):
    response = client.get("/verifier/", {"numero": " ad-tps-2027-0012-1 "})
    assert (response.status_code, response.url) == (302, f"/verifier/{NUMBER}/")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Indiquez le numéro du document."),
        ("É-1", "Un numéro ne contient que des lettres sans accent, des chiffres et des tirets."),
    ],
)
def test_a_number_that_cannot_be_says_why(client, db, typed, sentence):
    assert sentence in words(client.get("/verifier/", {"numero": typed}))


def test_an_unknown_number_says_so(verified):
    response = verified()
    assert response.status_code == 404
    assert "Aucun document ne porte ce numéro" in words(response)


def test_the_page_gives_kind_number_instant_fingerprint_and_state(verified):
    document = make_document()
    text = words(verified())
    assert "Accusé de dépôt" in text
    assert NUMBER in text
    assert (
        "lundi 29\u00a0mars\u00a02027 à 18\u00a0h\u00a007\u00a0min\u00a031\u00a0s, heure de Paris (UTC\u00a0+\u00a02)"
        in text
    )
    assert " ".join(document.sha256[i : i + 8] for i in range(0, 64, 8)) in text
    assert "<dd>Émise</dd>" in text


@pytest.mark.parametrize(("state", "label"), [("pending", "En préparation"), ("failed", "Non émise")])
def test_what_is_not_issued_says_so(verified, state, label):
    make_document(state=state)
    assert f"<dd>{label}</dd>" in words(verified())


@pytest.mark.parametrize("state", ["ready", "failed"])
def test_no_title_no_content_no_failure_is_public(verified, state):
    make_document(state=state)
    assert "CANARI" not in verified().content.decode()


def test_the_very_file_is_recognised_even_typed_in_capitals_and_groups(verified):
    document = make_document()
    typed = " ".join(document.sha256[i : i + 8] for i in range(0, 64, 8)).upper()
    assert "Votre fichier est le document émis." in words(verified(empreinte=typed))


def test_a_replaced_version_is_recognised(verified):
    old = make_document()
    make_document(version=2, content=b"%PDF-2")
    text = words(verified(empreinte=old.sha256))
    assert "Votre fichier est une version remplacée." in text
    assert "1 (remplacée par la version 2)" in text


def test_another_file_is_refused(verified):
    make_document()
    assert "Votre fichier n’est pas le document émis" in words(verified(empreinte="0" * 64))


def test_a_document_without_bytes_matches_nothing(verified):
    make_document(state="pending")
    assert "Votre fichier n’est pas le document émis" in words(verified(empreinte="0" * 64))


@pytest.mark.parametrize("typed", ["", "abc", "g" * 64, "0" * 63])
def test_a_wrong_fingerprint_says_what_is_expected(verified, typed):
    make_document()
    sentence = (
        "Une empreinte SHA-256 compte 64 chiffres de 0 à 9 et de a à f."
        if typed
        else "Indiquez l’empreinte à comparer."
    )
    assert sentence in words(verified(empreinte=typed))


def test_the_number_of_queries_does_not_depend_on_versions(verified, django_assert_max_num_queries, client):
    make_document()
    verified()
    counts = []
    for version in (None, 2, 3):
        if version:
            make_document(version=version, content=b"%PDF-" + bytes([48 + version]))
        with django_assert_max_num_queries(6) as captured:
            verified()
        counts.append(len(captured))
    assert len(set(counts)) == 1


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("applications.receipt", "Accusé de dépôt"),
        ("minutes", "Procès-verbal de jury"),
        ("notice_selected", "Lettre de notification"),
        ("applications.notice_not_selected", "Lettre de notification"),
        ("inconnu", "Document"),
    ],
)
def test_kinds_never_give_an_outcome(kind, label):
    assert kind_label(kind) == label
