"""Questions asked by anyone, answered for all, never with a name."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from calls.actions import actions_for
from calls.models import Call, Enquiry, EnquiryTransition, FormerAnswer, Milestone
from calls.rules import can_ask_question
from calls.services import enquiries
from portal.core.clock import at_instant, portal_now
from portal.core.models import OutboundEmail
from portal.core.rules import Refused
from tests.calls.documents import ordinary
from tests.factories import make_call, make_institution, make_role, make_user, paris
from tests.harness import caches

pytestmark = pytest.mark.django_db

ASKED = "Je suis Camille Dupuis : peut-on venir à trois ?"
FORM = {"question": ASKED, "email": "Camille@exemple.fr", "site": ""}


def make_enquiry(call: Call | None = None, text: str = ASKED, email: str = "camille@exemple.fr") -> Enquiry:
    return enquiries.ask_question(call=call or make_call(), email=email, text=text, at=portal_now())


def answer(
    enquiry: Enquiry, by, question: str = "Peut-on venir à trois ?", text: str = "Oui, à trois au plus."
) -> None:
    enquiries.publish_answer(enquiry=enquiry, question=question, answer=text, by=by, at=portal_now())


def text_of(response) -> str:
    return ordinary(response.content.decode())


def mails(kind: str) -> list[OutboundEmail]:
    return list(OutboundEmail.objects.filter(kind=f"call.{kind}").order_by("created_at"))


# --- ask ---------------------------------------------------------------------------------------------------------


def test_anyone_asks_without_an_account_and_the_contact_is_told(client: Client) -> None:
    call = make_call()
    response = client.post(reverse("call_ask", args=[call.slug]), FORM)
    assert response.headers["Location"] == reverse("call_answers", args=[call.slug])
    enquiry = Enquiry.objects.get()
    assert (enquiry.asked, enquiry.email, enquiry.state) == (ASKED, "camille@exemple.fr", "asked")
    (mail,) = mails("question_received")
    assert mail.recipient == call.contact_email
    assert ordinary(ASKED) in ordinary(mail.body)
    assert reverse("staff_question", args=[call.slug, enquiry.uuid]) in mail.body
    assert "camille@exemple.fr" not in mail.body


def test_the_address_of_who_is_signed_in_is_already_written(client: Client) -> None:
    client.force_login(make_user("mairie@exemple.fr"))
    assert 'value="mairie@exemple.fr"' in text_of(client.get(reverse("call_ask", args=[make_call().slug])))


def test_the_same_question_sent_twice_is_one(client: Client) -> None:
    call = make_call()
    for _ in range(2):
        client.post(reverse("call_ask", args=[call.slug]), FORM)
    assert (Enquiry.objects.count(), len(mails("question_received"))) == (1, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": "  "}, "Écrivez votre question."),
        ({"question": "x" * 2001}, "Raccourcissez ce texte : 2000 caractères au plus."),
        ({"email": ""}, "Écrivez votre adresse."),
        ({"email": "pas-une-adresse"}, "Écrivez une adresse complète, par exemple mairie@exemple.fr."),
        ({"site": "https://robot.exemple.net"}, "Laissez ce champ vide : il sert à écarter les robots."),
    ],
)
def test_a_bad_question_is_refused_and_kept_on_the_page(client: Client, change: dict, message: str) -> None:
    html = text_of(client.post(reverse("call_ask", args=[make_call().slug]), FORM | change))
    assert message in html
    assert (FORM | change)["question"].strip() in html
    assert not Enquiry.objects.exists()


def test_too_many_questions_of_one_address_are_refused(client: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"ask_question": "20/h/ip,2/h/key"}
    caches.forget()
    call = make_call()
    answers = [client.post(reverse("call_ask", args=[call.slug]), FORM | {"question": f"n° {n}"}) for n in range(3)]
    assert [a.status_code for a in answers] == [302, 302, 200]
    assert "Trop de questions sont parties" in text_of(answers[2])
    assert Enquiry.objects.count() == 2


def test_one_may_ask_until_the_last_second_of_the_milestone() -> None:
    call = make_call(opens_at=paris(2027, 1, 15, 9), closes_at=paris(2027, 3, 31, 23, 59, 59))
    for at, may in ((paris(2027, 1, 1), True), (paris(2027, 3, 31, 23, 59, 59), True), (paris(2027, 4, 1), False)):
        assert can_ask_question(call, at).allowed is may
    Milestone.objects.create(call=call, code="questions_until", position=9, label="", on=paris(2027, 3, 1).date())
    call = Call.objects.get()
    assert can_ask_question(call, paris(2027, 3, 1, 23, 59, 59)).allowed
    refusal = can_ask_question(call, paris(2027, 3, 2))
    assert (
        ordinary(refusal.reason) == "Les questions sont closes depuis le lundi 1er mars 2027 à 23 h 59, heure de Paris."
    )


def test_closed_questions_have_no_door(client: Client) -> None:
    now = portal_now()
    call = make_call(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    response = client.post(reverse("call_ask", args=[call.slug]), FORM)
    assert (response.status_code, Enquiry.objects.count()) == (403, 0)
    html = text_of(client.get(reverse("call_answers", args=[call.slug])))
    assert "Les questions sont closes depuis le" in html
    assert reverse("call_ask", args=[call.slug]) not in html


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_a_call_that_is_not_published_receives_no_question(state: str) -> None:
    with pytest.raises(Refused, match="ne reçoit pas de question"):
        make_enquiry(make_call(state=state))


# --- answer, decline ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["manager", "officer"])
def test_a_published_answer_is_public_with_its_dates_and_mailed(client: Client, role: str) -> None:
    call = make_call(closes_at=paris(2027, 3, 31, 23, 59, 59), opens_at=paris(2026, 1, 1))
    with at_instant(paris(2027, 3, 3, 10)):
        enquiry = make_enquiry(call)
    staff = make_role(call, role)
    client.force_login(staff)
    with at_instant(paris(2027, 3, 5, 10)):
        told = {"question": "Peut-on venir à trois ?", "answer": "Oui.\n- une ;\n- deux."}
        response = client.post(reverse("staff_question", args=[call.slug, enquiry.uuid]), told)
        assert response.headers["Location"] == reverse("staff_questions", args=[call.slug])
        pages = [text_of(Client().get(reverse(name, args=[call.slug]))) for name in ("call_answers", "call_page")]
    for html in pages:
        assert "Peut-on venir à trois ?" in html
        assert "Question du 3 mars 2027 · réponse publiée le 5 mars 2027" in html
        assert "Camille" not in html
        assert "camille@" not in html
        assert staff.email not in html
    (mail,) = mails("question_answered")
    assert (mail.recipient, mail.reply_to) == ("camille@exemple.fr", call.contact_email)
    assert "Question : Peut-on venir à trois ?" in ordinary(mail.body)
    log = EnquiryTransition.objects.get()
    assert (log.transition, log.from_state, log.to_state, log.by) == ("answer", "asked", "answered", staff)
    assert Enquiry.objects.get().email == ""


def test_nothing_is_public_before_the_answer(client: Client) -> None:
    enquiry = make_enquiry()
    for name in ("call_answers", "call_page"):
        assert "venir à trois" not in text_of(client.get(reverse(name, args=[enquiry.call.slug])))


def test_a_declined_question_stays_private_and_its_reason_is_mailed(client: Client) -> None:
    enquiry = make_enquiry()
    client.force_login(make_role(enquiry.call))
    url = reverse("staff_question_decline", args=[enquiry.call.slug, enquiry.uuid])
    assert "Écrivez pourquoi." in text_of(client.post(url, {"reason": " "}))
    assert client.post(url, {"reason": "La réponse est dans le règlement."}).status_code == 302
    (mail,) = mails("question_declined")
    assert mail.recipient == "camille@exemple.fr"
    assert "La réponse est dans le règlement." in mail.body
    assert "venir à trois" not in text_of(Client().get(reverse("call_answers", args=[enquiry.call.slug])))
    page = text_of(client.get(reverse("staff_question", args=[enquiry.call.slug, enquiry.uuid])))
    assert "La réponse est dans le règlement." in page


def test_a_question_is_settled_once(client: Client) -> None:
    enquiry = make_enquiry()
    staff = make_role(enquiry.call)
    stale = Enquiry.objects.get()
    answer(enquiry, staff)
    with pytest.raises(Refused, match="n’est plus possible"):
        enquiries.decline_question(enquiry=stale, reason="Non.", by=staff, at=portal_now())
    client.force_login(staff)
    told = {"question": "Autre ?", "answer": "Non."}
    html = text_of(client.post(reverse("staff_question", args=[enquiry.call.slug, enquiry.uuid]), told))
    assert "n’est plus possible" in html
    assert (Enquiry.objects.get().answer, len(mails("question_declined"))) == ("Oui, à trois au plus.", 0)


@pytest.mark.parametrize("role", ["reader", "secretary", "adviser"])
def test_other_roles_do_not_answer(client: Client, role: str) -> None:
    enquiry = make_enquiry()
    person = make_role(enquiry.call, role)
    with pytest.raises(Refused, match="répondent aux questions"):
        answer(enquiry, person)
    client.force_login(person)
    assert client.get(reverse("staff_questions", args=[enquiry.call.slug])).status_code == 403


def test_a_question_of_another_call_is_not_found(client: Client) -> None:
    enquiry, other = make_enquiry(), make_call()
    client.force_login(make_role(other))
    assert client.get(reverse("staff_question", args=[other.slug, enquiry.uuid])).status_code == 404
    assert client.get(reverse("staff_question", args=[enquiry.call.slug, enquiry.uuid])).status_code == 404


# --- correct -----------------------------------------------------------------------------------------------------


def test_a_corrected_answer_says_so_keeps_what_it_was_and_is_mailed_again(client: Client) -> None:
    call = make_call(closes_at=paris(2027, 3, 31, 23, 59, 59), opens_at=paris(2026, 1, 1))
    manager = make_role(call)
    client.force_login(manager)
    with at_instant(paris(2027, 3, 3, 10)):
        enquiry = make_enquiry(call)
        answer(enquiry, manager)
    url = reverse("staff_question_correct", args=[call.slug, enquiry.uuid])
    told = {"question": "Peut-on venir à trois ?", "answer": "Oui, à quatre au plus.", "reason": "Erreur de chiffre."}
    with at_instant(paris(2027, 3, 8, 10)):
        assert "Oui, à trois au plus." in text_of(client.get(url))
        assert "Écrivez pourquoi." in text_of(client.post(url, told | {"reason": ""}))
        assert client.post(url, told).status_code == 302
        pages = [text_of(Client().get(reverse(name, args=[call.slug]))) for name in ("call_answers", "call_page")]
    for html in pages:
        assert "Oui, à quatre au plus." in html
        assert "réponse publiée le 3 mars 2027 · réponse corrigée le 8 mars 2027" in html
        assert "trois au plus" not in html
    (mail,) = mails("answer_corrected")
    assert mail.recipient == "camille@exemple.fr"
    assert "Réponse corrigée : Oui, à quatre au plus." in ordinary(mail.body)
    log = EnquiryTransition.objects.get(transition="correct")
    assert (log.by, log.reason, log.former.answer) == (manager, "Erreur de chiffre.", "Oui, à trois au plus.")
    staff = text_of(client.get(reverse("staff_question", args=[call.slug, enquiry.uuid])))
    assert "Oui, à trois au plus." in staff
    assert "Erreur de chiffre." in staff
    feed = Client().get(reverse("call_feed", args=[call.slug])).content.decode()
    assert "<updated>2027-03-08T" in feed


def test_an_answer_is_corrected_by_the_manager_only_and_for_something(client: Client) -> None:
    enquiry = make_enquiry()
    manager, officer = make_role(enquiry.call), make_role(enquiry.call, "officer")
    told = {"question": "Peut-on venir à trois ?", "answer": "Oui, à trois au plus.", "reason": "Rien."}
    with pytest.raises(Refused, match="n’est plus possible"):
        enquiries.correct_answer(enquiry=enquiry, by=manager, at=portal_now(), **told)
    answer(enquiry, manager)
    with pytest.raises(Refused, match="Rien n’a changé"):
        enquiries.correct_answer(enquiry=enquiry, by=manager, at=portal_now(), **told)
    with pytest.raises(Refused, match="personne qui gère"):
        enquiries.correct_answer(enquiry=enquiry, by=officer, at=portal_now(), **told | {"answer": "Non."})
    client.force_login(officer)
    url = reverse("staff_question_correct", args=[enquiry.call.slug, enquiry.uuid])
    assert client.get(url).status_code == 403
    page = text_of(client.get(reverse("staff_question", args=[enquiry.call.slug, enquiry.uuid])))
    assert "Corriger cette réponse" not in page
    client.force_login(manager)
    html = text_of(client.post(url, told))
    assert "Rien n’a changé" in html


def test_what_was_published_is_never_rewritten() -> None:
    enquiry = make_enquiry()
    manager = make_role(enquiry.call)
    answer(enquiry, manager)
    enquiries.correct_answer(enquiry=enquiry, question="Q", answer="R", reason="M", by=manager, at=portal_now())
    with pytest.raises(DatabaseError), transaction.atomic():
        FormerAnswer.objects.update(answer="Autre")
    with pytest.raises(IntegrityError, match="enquiry_corrected_is_published"), transaction.atomic():
        Enquiry.objects.filter(pk=make_enquiry(enquiry.call, "encore").pk).update(corrected_at=portal_now())


# --- lists, actions ----------------------------------------------------------------------------------------------


def test_answers_are_searched_in_any_spelling(client: Client) -> None:
    call = make_call()
    manager = make_role(call)
    answer(make_enquiry(call, "1"), manager, "Peut-on venir à trois ?", "Oui, si l’une est chef de file.")
    answer(make_enquiry(call, "2"), manager, "La délibération peut-elle suivre ?", "Jusqu’au 15 mai.")

    def found(q: str) -> list[str]:
        return [e.asked for e in client.get(reverse("call_answers", args=[call.slug]), {"q": q}).context["page"]]

    assert [found(q) for q in ("", "deliberation", "CHEF DE FILE", "l'une", "absent")] == [
        ["2", "1"], ["2"], ["1"], ["1"], [],
    ]  # fmt: skip


def test_the_lists_ask_the_same_number_of_queries_at_one_and_three(client: Client, django_assert_num_queries) -> None:
    call = make_call()
    manager = make_role(call)
    client.force_login(manager)
    public, staff = reverse("call_answers", args=[call.slug]), reverse("staff_questions", args=[call.slug])
    counts = []
    for n in range(3):
        answer(make_enquiry(call, f"a{n}"), manager)
        make_enquiry(call, f"q{n}")
        if n in (0, 2):
            client.get(staff)
            with django_assert_num_queries(8):
                Client().get(public)
            with django_assert_num_queries(11):
                counts.append(len(client.get(staff).context["page"]))
    assert counts == [1, 3]


def test_pages_of_twenty(client: Client) -> None:
    call = make_call()
    manager = make_role(call)
    for n in range(21):
        answer(make_enquiry(call, f"{n}"), manager)
    html = text_of(client.get(reverse("call_answers", args=[call.slug]), {"page": "2"}))
    assert "<b>21 réponses publiées</b>" in html
    assert html.count('<article class="answer"') == 1


def test_the_staff_list_goes_by_state(client: Client) -> None:
    call = make_call()
    manager = make_role(call)
    answer(make_enquiry(call, "publiée"), manager)
    make_enquiry(call, "attend")
    client.force_login(manager)

    def found(state: str) -> list[str]:
        return [
            e.asked for e in client.get(reverse("staff_questions", args=[call.slug]), {"etat": state}).context["page"]
        ]

    assert [found(s) for s in ("", "attente", "publiees", "ecartees", "x")] == [
        ["attend"], ["attend"], ["publiée"], [], ["attend"],
    ]  # fmt: skip


def test_questions_that_wait_are_actions_of_the_managers_only() -> None:
    call = make_call(make_institution())
    manager, officer = make_role(call), make_role(call, "officer")
    now = portal_now()
    assert actions_for(manager, now) == []
    first = make_enquiry(call, "un")
    make_enquiry(call, "deux")
    (action,) = actions_for(manager, now)
    assert ordinary(action.title) == f"Répondre à 2 questions, {call}"
    assert (action.url, action.due) == (reverse("staff_questions", args=[call.slug]), call.windows.get().closes_at)
    answer(first, manager)
    assert "1 question," in ordinary(actions_for(manager, now)[0].title)
    assert [actions_for(person, now) for person in (officer, make_user())] == [[], []]


# --- what the database refuses -----------------------------------------------------------------------------------


def test_the_database_refuses_half_settled_questions() -> None:
    enquiry = make_enquiry()
    rows, now = Enquiry.objects.filter(pk=enquiry.pk), portal_now()
    for values in (
        {"state": "answered", "settled_at": now, "email": "", "question": "Q", "answer": ""},
        {"state": "answered", "email": "", "question": "Q", "answer": "R"},
        {"state": "declined", "settled_at": now},
        {"email": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
    with pytest.raises(IntegrityError, match="enquiry_asked_once"), transaction.atomic():
        Enquiry.objects.create(call=enquiry.call, email=enquiry.email, asked=ASKED, asked_at=now)


def test_the_log_only_grows() -> None:
    enquiry = make_enquiry()
    answer(enquiry, make_role(enquiry.call))
    with pytest.raises(DatabaseError), transaction.atomic():
        EnquiryTransition.objects.update(reason="autre")
    with pytest.raises(DatabaseError), transaction.atomic():
        EnquiryTransition.objects.all().delete()
