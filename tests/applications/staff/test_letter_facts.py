"""The facts that the letters compute: address, rank, conditions, support, scores, dates."""

from datetime import date, timedelta

import pytest

from applications.documents.notices import _capitals, notice_snapshot, support_paragraphs
from applications.models import ApplicationMember, PiecePromise
from applications.services.notices import round_of
from calls.models import AgreementArticle, Milestone
from portal.core.calendar import day_of
from portal.core.clock import portal_now
from tests.applications.staff.makers import make_decision, make_staffed_call
from tests.factories import BENOUVILLE, TILLEUL, make_town_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision():
    call, manager = make_staffed_call()
    return make_decision(call, manager)


def told(decision, outcome):
    """What the letter of the one line of this outcome says."""
    shared = round_of(decision)
    [line] = [line for line in shared.lines if line.outcome == outcome]
    return notice_snapshot(line, shared, scores=[], at=portal_now())


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("Mairie, 76790 Étretat", ["76790 ÉTRETAT"]),
        ("12, rue du Port, 76790 Étretat", ["12 RUE DU PORT", "76790 ÉTRETAT"]),
        ("3 bis, place de l’Église\n76790 Étretat", ["3 BIS PLACE DE L’ÉGLISE", "76790 ÉTRETAT"]),
        ("", []),
    ],
)
def test_an_address_as_on_an_envelope(address, lines):
    assert _capitals(address) == lines


def test_the_address_of_a_town_hall_without_one(decision):
    assert told(decision, "selected")["letter"]["address_lines"] == [
        "Madame, Monsieur le Maire",
        "MAIRIE D’ÉTRETAT",
        "76790 ÉTRETAT",
    ]


def test_co_applicants_are_named_with_their_article(decision):
    application = decision.lines.get(outcome="selected").application
    for spec in (BENOUVILLE, TILLEUL):
        ApplicationMember.objects.filter(call=decision.call, organisation=make_town_hall(spec)).delete()
        application.members.create(
            call=decision.call, organisation=make_town_hall(spec), role="member", confirmed_at=portal_now()
        )
    assert told(decision, "selected")["co_applicants_text"] == ", avec les communes de Bénouville et du Tilleul"


def test_conditions_pieces_promised_then_the_agreement(decision):
    application, today = decision.lines.get(outcome="selected").application, day_of(portal_now())
    for code, due_on in (("DELIB", today + timedelta(days=9)), ("PLAN_SIT", today - timedelta(days=9))):
        PiecePromise.objects.create(
            application=application, piece_code=code, due_on=due_on, promised_at=portal_now(),
            promised_by=application.created_by,
        )  # fmt: skip
    AgreementArticle.objects.create(call=decision.call, code="A1", position=1, title="Objet", paragraphs=["Texte"])
    signature = today + timedelta(days=40)
    Milestone.objects.create(call=decision.call, code="signature", position=2, label="Signature", on=signature)
    assert [(c["text"].split(",")[0], c["due"]) for c in told(decision, "selected")["conditions"]] == [
        ("la pièce «\u202fPlan de situation\u202f»", signature.isoformat()),
        ("la pièce «\u202fDélibération\u202f»", (today + timedelta(days=9)).isoformat()),
        ("la convention d’accompagnement est signée par toutes les parties", signature.isoformat()),
    ]
    assert told(decision, "selected")["conditions"][-1]["otherwise"].startswith("Passé ce délai, la place peut être")


@pytest.mark.parametrize(
    ("support", "paragraphs"),
    [
        ({}, []),
        (
            {"kinds": ["method"], "text": "Un an de méthode.\n\nDes jours d’expertise."},
            [
                "Un an de méthode.",
                "Des jours d’expertise.",
                "Cet accompagnement en nature ne comporte aucun versement.",
            ],
        ),
        ({"kinds": ["method"], "text": "Aucun versement."}, ["Aucun versement."]),
        ({"kinds": ["study_grant"], "text": "60 % de l’étude."}, ["60 % de l’étude."]),
    ],
)
def test_support_says_when_no_money_is_paid(decision, support, paragraphs):
    decision.call.extras = {**decision.call.extras, "support": support} if support else {}
    assert support_paragraphs(decision.call) == paragraphs


def test_the_reserve_letter_gives_dates(decision):
    decision.act_on = date(2027, 5, 27)
    decision.save()
    facts = told(decision, "reserve")
    assert (facts["rank"], facts["reserve_size"], facts["valid_until"], facts["sign_by"], facts["answer_days"]) == (
        1,
        1,
        "2027-11-27",
        "2027-07-27",
        15,
    )
    assert facts["confirm_by"] == (day_of(portal_now()) + timedelta(days=15)).isoformat()


def test_a_letter_without_scores_compares_nothing(decision):
    decision.lines.update(score=None)
    assert told(decision, "selected")["rank_sentence"] == "Elle est classée première sur trois."
    assert (told(decision, "reserve")["score"], told(decision, "not_selected")["standing"]) == (None, "")


def test_a_file_alone_has_no_rank_to_tell(decision):
    decision.lines.exclude(outcome="selected").delete()
    assert told(decision, "selected")["rank_sentence"] == "Elle a obtenu 91,30 points sur 100."
