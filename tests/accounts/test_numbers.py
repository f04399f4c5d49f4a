"""SIREN, SIRET, RNA: what is right is kept bare, what is wrong says what to do; the database refuses the rest."""

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import Organisation, OrganisationAlias
from portal.accounts.numbers import WrongNumber, checked_rna, checked_siren, checked_siret


def test_right_numbers_lose_their_spaces():
    assert checked_siren("200 084 952") == "200084952"
    assert checked_siret("200 084 952 00015", of="200084952") == "20008495200015"
    assert checked_siret("356 000 000 00048") == "35600000000048"
    assert checked_rna("w751 234 567") == "W751234567"
    assert checked_rna("W2A1000123") == "W2A1000123"


@pytest.mark.parametrize(
    ("check", "text", "message"),
    [
        (checked_siren, "200084953", "n’est pas un SIREN"),
        (checked_siren, "", "n’est pas un SIREN"),
        (checked_siret, "20008495200019", "n’est pas un SIRET"),
        (checked_rna, "751234567", "n’est pas un numéro RNA"),
        (checked_rna, "W75123456", "n’est pas un numéro RNA"),
    ],
)
def test_wrong_numbers_say_what_to_do(check, text, message):
    with pytest.raises(WrongNumber, match=message):
        check(text)


def test_a_siret_belongs_to_its_siren():
    with pytest.raises(WrongNumber, match="ses neuf premiers chiffres diffèrent"):
        checked_siret("20008495200015", of="217602549")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "firm", "siren": "200084952", "siret": "21760254900016"},
        {"kind": "firm", "siret": "20008495200015"},
        {"kind": "firm", "rna": "W751234567"},
        {"kind": "association", "rna": "751234567"},
        {"kind": "other", "merged_on": "2027-01-01"},
    ],
)
def test_the_database_refuses_what_is_not_coherent(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(name="Essai", **fields)


@pytest.mark.django_db
def test_an_association_without_siren_bears_its_rna_and_its_dated_names():
    one = Organisation.objects.create(kind="association", name="Les Amis du port", rna="W762000123")
    OrganisationAlias.objects.create(organisation=one, name="Sauvons le port", search_name="sauvons le port")
    for fields in [
        {"search_name": "sauvons le port"},
        {"search_name": "x", "since": "2027-01-01", "until": "2026-01-01"},
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            OrganisationAlias.objects.create(organisation=one, name="x", **fields)
