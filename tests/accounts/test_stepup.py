"""A fresh code before a grave act, again after thirty idle minutes; nothing typed is lost."""

import re
from datetime import timedelta

import pytest

from portal.accounts.models import StepUp
from portal.accounts.services import check_step_up_code, send_step_up_code
from portal.core.clock import at_instant, portal_now
from portal.core.rules import Refused
from tests.accounts.helpers import mails, text_of
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.guarded_views")]
ASK = "/confirmer-identite/?next=/acte-grave/"


@pytest.fixture
def user():
    return make_user("presidence@exemple.fr")


@pytest.fixture
def entered(client, user):
    client.force_login(user)
    return client


def code() -> str:
    return re.search(r"\d{6}", mails("step-up")[-1].subject)[0]


def prove(client):
    client.post(ASK, {"send": "1"})
    return client.post(ASK, {"code": code()})


def test_the_act_waits_for_a_mailed_code(entered):
    assert entered.get("/acte-grave/").headers["Location"] == "/confirmer-identite/?next=%2Facte-grave%2F"
    assert "Recevoir le code" in text_of(entered.get(ASK))
    assert mails("step-up") == []
    assert prove(entered).headers["Location"] == "/acte-grave/"
    assert entered.get("/acte-grave/").content == b"GET []"
    assert [mail.recipient for mail in mails("step-up")] == ["presidence@exemple.fr"]


def test_the_session_key_changes_at_the_proof(entered):
    before = entered.session.session_key
    prove(entered)
    assert entered.session.session_key != before


def test_the_proof_is_asked_again_after_thirty_idle_minutes(entered):
    prove(entered)
    start = portal_now()
    for minutes, status in ((29, 200), (58, 200), (89, 302)):
        with at_instant(start + timedelta(minutes=minutes)):
            assert entered.get("/acte-grave/").status_code == status


def test_what_was_being_sent_is_given_back(entered):
    entered.post("/acte-grave/", {"note": ["b", "a<b"]})
    page = text_of(prove(entered))
    assert '<input type="hidden" name="note" value="b"><input type="hidden" name="note" value="a&lt;b">' in page
    assert 'action="/acte-grave/"' in page
    assert entered.post("/acte-grave/", {"note": ["b", "a<b"]}).content == b"POST ['a<b', 'b']"
    assert "step_up_post" not in entered.session


def test_a_wrong_code_is_refused_and_five_kill_it(entered):
    entered.post(ASK, {"send": "1"})
    right = code()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert "Ce code n’est pas le bon" in text_of(entered.post(ASK, {"code": wrong}))
    assert "Ce code n’est pas le bon" in text_of(entered.post(ASK, {"code": right}))
    assert entered.get("/acte-grave/").status_code == 302


def test_a_code_serves_once_and_lives_fifteen_minutes(user):
    send_step_up_code(user=user, at=portal_now())
    digits = code()
    assert check_step_up_code(user=user, code=f" {digits[:3]} {digits[3:]} ", at=portal_now())
    assert not check_step_up_code(user=user, code=digits, at=portal_now())
    row = send_step_up_code(user=user, at=portal_now())
    assert not check_step_up_code(user=user, code=code(), at=row.expires_at)


def test_a_new_code_kills_the_former(user):
    send_step_up_code(user=user, at=portal_now())
    former = code()
    send_step_up_code(user=user, at=portal_now())
    assert former == code() or not check_step_up_code(user=user, code=former, at=portal_now())


def test_the_code_of_one_is_not_that_of_another(user):
    send_step_up_code(user=user, at=portal_now())
    other = make_user()
    assert not check_step_up_code(user=other, code=code(), at=portal_now())
    assert code() not in StepUp.objects.get().code_sha256


def test_six_codes_an_hour(entered, user):
    for _ in range(6):
        send_step_up_code(user=user, at=portal_now())
    with pytest.raises(Refused, match=r"Trop de codes ont été demandés\."):
        send_step_up_code(user=user, at=portal_now())
    assert "Attendez une heure" in text_of(entered.post(ASK, {"send": "1"}))
    send_step_up_code(user=user, at=portal_now() + timedelta(hours=1))


def test_one_must_be_signed_in(client):
    assert client.get(ASK).headers["Location"].startswith("/compte/login/")
