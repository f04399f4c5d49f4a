"""Letters: prepared by the workers, opened and read one by one, sent once to all, then readable by the commune."""

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from applications.models import Decision, DecisionNotice
from applications.queries.staff import recipients_by_file
from applications.services.examination import record_reading
from applications.services.notices import (
    mark_notice_read,
    obstacles_to_sending,
    prepare_notices,
    send_notices,
)
from portal.accounts.models import InstitutionProfile, Membership, Organisation
from portal.core.clock import portal_now
from portal.core.models import AccessRecord, FrozenDocument, Job, OutboundEmail
from portal.core.outbox import deliver_emails, run_jobs
from portal.core.rules import Refused
from portal.core.uploads import read_bytes, store_bytes
from tests.applications.files import together
from tests.applications.staff.makers import client_of, make_decision, make_staffed_call
from tests.documents.pdftools import page_count, text_of
from tests.factories import ETRETAT, make_call, make_institution, make_member, make_role, make_user
from tests.harness.sql import unkept

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided():
    call, manager = make_staffed_call()
    return make_decision(call, manager, refused=True), manager


def rendered(decision, manager):
    """The text of each letter, really made, by outcome; and how many pages each has."""
    Job.objects.update(state="done")
    prepare_notices(decision=decision, by=manager, at=portal_now())
    run_jobs(limit=10)
    made = {notice.line.outcome: read_bytes(notice.document.file) for notice in notices_of()}
    return {outcome: text_of(pdf) for outcome, pdf in made.items()}, {page_count(pdf) for pdf in made.values()}


def notices_of():
    return list(DecisionNotice.objects.order_by("number").select_related("document__file", "line"))


def prepared(decision, manager):
    """All the letters, ready, with bytes that no worker had to draw."""
    now = portal_now()
    prepare_notices(decision=decision, by=manager, at=now)
    file = store_bytes(b"%PDF-1.7", name="lettre.pdf", detected_type="application/pdf", by=None, at=now)
    letters = FrozenDocument.objects.filter(kind__startswith="notice_")
    letters.update(state="ready", file=file, sha256=file.sha256, rendered_at=now)
    return notices_of()


def read_all(decision, manager):
    notices = prepared(decision, manager)
    for notice in notices:
        record_reading(
            user=manager, what="lettre ouverte", object_key=f"document:{notice.document_id}", at=portal_now()
        )
        mark_notice_read(notice=notice, by=manager, at=portal_now())
    return notices


# --- prepare --------------------------------------------------------------------------------------------------------


def test_one_letter_per_line_prepared_once(decided):
    decision, manager = decided
    assert prepare_notices(decision=decision, by=manager, at=portal_now()) == 4
    assert prepare_notices(decision=decision, by=manager, at=portal_now()) == 0
    numbers = {f"NOT-{line.application.number}" for line in decision.lines.all()}
    assert set(DecisionNotice.objects.values_list("number", flat=True)) == numbers
    assert set(FrozenDocument.objects.filter(number__in=numbers).values_list("kind", flat=True)) == {
        "notice_selected",
        "notice_reserve",
        "notice_not_selected",
        "notice_inadmissible",
    }


def test_what_the_letters_say(decided, monkeypatch):
    """Act, outcome, reason, scores, means of appeal; never another commune, never a jury that did not meet."""
    decision, manager = decided
    monkeypatch.setattr("applications.services.notices.JURY_DATES", [])
    told, pages = rendered(decision, manager)
    assert (set(told), pages) == ({"selected", "reserve", "not_selected", "inadmissible"}, {1, 2})
    for text in told.values():
        assert "délibération n° BU-2027-131" in text
        assert "tribunal administratif de Rouen, 53, avenue Gustave-Flaubert, 76000 Rouen" in text
        assert "Madame, Monsieur le Maire" in text
        assert "jury réuni" not in text
    assert "MAIRIE D’ÉTRETAT" in told["selected"]
    assert "a retenu la candidature que vous portez : « La place des Marronniers »" in told["selected"]
    assert "Elle est classée première sur trois, avec 91,30 points sur 100." in told["selected"]
    assert "Des bénéfices nets pour les aînés." in told["selected"]
    assert "au premier rang de la liste complémentaire, qui compte 1 commune" in told["reserve"]
    assert (
        "77,90 points sur 100, pour un seuil de 50,00 ; le dernier dossier retenu en a obtenu 91,30" in told["reserve"]
    )
    assert "n’a pas retenu la candidature" in told["not_selected"]
    assert (
        "Votre candidature a obtenu 42,00 points ; la dernière retenue en a obtenu 91,30, la dernière de la liste"
        in told["not_selected"]
    )
    assert "Travaux commencés avant le dépôt" in told["inadmissible"]
    assert "Le chantier date de mai." in told["inadmissible"]
    own = {"selected": "Étretat", "reserve": "Harfleur", "not_selected": "Tilleul", "inadmissible": "Bénouville"}
    for outcome, text in told.items():
        assert [name for name in own.values() if name.upper() in str(text).upper()] == [own[outcome]]
    assert "moins de 3 500 habitants : la requête peut être envoyée par la poste" in told["selected"]
    assert "au moins 3 500 habitants : la requête est transmise par l’application Télérecours" in told["reserve"]


def test_the_jury_is_quoted_only_when_it_met(decided, monkeypatch):
    decision, manager = decided
    monkeypatch.setattr("applications.services.notices.JURY_DATES", [lambda call: date(2027, 5, 5)])
    sheet = [{"label": "Santé", "score": "22.00", "maximum": 60}, {"label": "Nature", "score": "20.00", "maximum": 40}]
    monkeypatch.setattr("applications.services.notices.SCORE_SHEETS", [lambda application: sheet])
    told, _ = rendered(decision, manager)
    assert "après avis du jury réuni le 5 mai 2027" in told["selected"]
    assert "jury réuni" not in told["inadmissible"]
    assert "Santé 22,00 60" in told["not_selected"]


def test_no_letter_without_the_means_of_appeal(decided):
    _, manager = decided
    InstitutionProfile.objects.update(court_address="")
    with pytest.raises(Refused, match=r"^Indiquez le tribunal compétent et son adresse"):
        prepare_notices(decision=Decision.objects.get(), by=manager, at=portal_now())
    assert DecisionNotice.objects.count() == 0


def test_a_failed_letter_is_made_again_and_read_again(decided):
    decision, manager = decided
    notice = read_all(decision, manager)[0]
    with unkept():
        FrozenDocument.objects.filter(pk=notice.document_id).update(state="failed", failure="Police absente")
    assert prepare_notices(decision=decision, by=manager, at=portal_now()) == 1
    notice.refresh_from_db()
    assert (notice.document.version, notice.read_at) == (2, None)


# --- read -----------------------------------------------------------------------------------------------------------


def test_a_letter_is_opened_before_it_is_declared_read(decided):
    decision, manager = decided
    notice = prepared(decision, manager)[0]
    client, url = client_of(manager), reverse("staff_letter_read", args=[notice.number])
    refused = client.post(url)
    assert (refused.status_code, "Ouvrez la lettre avant de la déclarer lue." in refused.content.decode()) == (
        403,
        True,
    )
    pdf = client.get(reverse("staff_letter_pdf", args=[notice.number]))
    assert (pdf["Content-Type"], pdf["Content-Disposition"], pdf.content[:5]) == (
        "application/pdf",
        f'inline; filename="{notice.number}.pdf"',
        b"%PDF-",
    )
    assert AccessRecord.objects.filter(user=manager, object_key=f"document:{notice.document_id}").count() == 1
    client.post(url)
    notice.refresh_from_db()
    assert (notice.read_by, notice.sent_at) == (manager, None)


def test_reading_leads_to_the_next_letter(decided):
    decision, manager = decided
    notices = prepared(decision, manager)
    client = client_of(manager)
    order = []
    url = reverse("staff_letter", args=[notices[0].number])
    while url.startswith("/gestion/lettres/"):
        order.append(url)
        client.get(f"{url}pdf/")
        url = client.post(f"{url}lire/").url
    assert (len(order), len(set(order)), url) == (4, 4, reverse("staff_letters", args=[decision.uuid]))


def test_a_letter_that_is_not_ready_cannot_be_read(decided):
    decision, manager = decided
    prepare_notices(decision=decision, by=manager, at=portal_now())
    notice = DecisionNotice.objects.first()
    assert client_of(manager).get(reverse("staff_letter_pdf", args=[notice.number])).status_code == 404
    with pytest.raises(Refused, match="pas encore prête"):
        mark_notice_read(notice=notice, by=manager, at=portal_now())


# --- send -----------------------------------------------------------------------------------------------------------


def test_what_is_missing_before_sending(decided):
    decision, manager = decided
    assert plain(obstacles_to_sending(decision)) == ["4 lettres ne sont pas prêtes."]
    prepared(decision, manager)
    assert plain(obstacles_to_sending(decision)) == ["4 lettres restent à lire."]
    with pytest.raises(Refused):
        send_notices(decision=decision, by=manager, at=portal_now())
    assert OutboundEmail.objects.filter(kind="decision_notice").count() == 0


def plain(sentences):
    return [text.replace("\u00a0", " ").replace("\u202f", " ") for text in sentences]


def test_one_act_sends_each_letter_to_its_commune(decided):
    decision, manager = decided
    read_all(decision, manager)
    mail.outbox.clear()
    OutboundEmail.objects.update(state="sent", sent_at=portal_now())
    url = reverse("staff_letters_send", args=[decision.uuid])
    client_of(manager, stepped_up=True).post(url)
    deliver_emails(limit=100)
    expected = {
        (member.user.email, f"NOT-{line.application.number}.pdf")
        for line in decision.lines.all()
        for member in line.application.lead.memberships.all()
    }
    assert {(m.to[0], m.attachments[0][0]) for m in mail.outbox} == expected
    assert (len(mail.outbox), mail.outbox[0].subject) == (
        8,
        "Territoire promoteur de santé 2027\u00a0: la décision sur votre candidature",
    )
    decision.refresh_from_db()
    assert decision.notified_by == manager
    assert set(DecisionNotice.objects.values_list("sent_at", flat=True)) == {decision.notified_at}


def test_sending_asks_for_a_fresh_code(decided):
    decision, manager = decided
    read_all(decision, manager)
    response = client_of(manager).post(reverse("staff_letters_send", args=[decision.uuid]))
    assert response.url.startswith(reverse("step_up"))
    assert Decision.objects.get().notified_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_sent_twice_at_once_one_mail_each():
    call, manager = make_staffed_call()
    decision = make_decision(call, manager)
    read_all(decision, manager)
    results = together(
        [lambda: send_notices(decision=Decision.objects.get(), by=manager, at=portal_now()) for _ in range(4)]
    )
    assert sorted(type(result).__name__ for result in results) == ["Refused", "Refused", "Refused", "int"]
    mails = OutboundEmail.objects.filter(kind="decision_notice").values_list("recipient", "object_key")
    assert (len(mails), len(set(mails))) == (6, 6)


def test_letters_do_not_leave_twice_one_after_the_other(decided):
    decision, manager = decided
    read_all(decision, manager)
    send_notices(decision=decision, by=manager, at=portal_now())
    with pytest.raises(Refused, match=r"^Les lettres sont déjà parties\.$"):
        send_notices(decision=decision, by=manager, at=portal_now())
    with pytest.raises(Refused, match="elles ne se refont plus"):
        prepare_notices(decision=decision, by=manager, at=portal_now())


def test_who_receives_a_letter(decided):
    decision, _ = decided
    application = decision.lines.get(outcome="selected").application
    people = set(application.lead.memberships.values_list("user__email", flat=True))
    make_member(application.lead, "reader")
    make_member(application.lead, "editor", state="pending")
    assert set(recipients_by_file([application.pk])[application.pk]) == people
    Membership.objects.filter(organisation=application.lead).update(state="ended")
    assert recipients_by_file([application.pk]) == {application.pk: [f"mairie.{ETRETAT[0]}@exemple.fr"]}
    Organisation.objects.filter(pk=application.lead_id).update(official_email="")
    assert plain(obstacles_to_sending(decision))[1:] == [
        f"Aucune adresse connue pour la candidature {application.number} : ajoutez celle de la mairie."
    ]


# --- rights ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reads", "acts"), [("officer", 200, 403), ("reader", 200, 403), ("adviser", 404, 404)]
)
def test_only_the_manager_acts_on_letters(decided, role, reads, acts):
    decision, manager = decided
    notice = prepared(decision, manager)[0]
    client = client_of(make_role(decision.call, role), stepped_up=True)
    gets = {reverse("staff_letters", args=[decision.uuid]), reverse("staff_letter", args=[notice.number])}
    posts = {
        reverse("staff_letters_prepare", args=[decision.uuid]),
        reverse("staff_letters_send", args=[decision.uuid]),
        reverse("staff_letter_read", args=[notice.number]),
    }
    assert {client.get(url).status_code for url in gets} == {reads}
    assert {client.post(url).status_code for url in posts} == {acts}


def test_strangers_and_other_tenants_find_no_letter(decided):
    decision, manager = decided
    notice = prepared(decision, manager)[0]
    other = make_call(make_institution("200023414", "Métropole Rouen Normandie", "rouen"))
    urls = [
        reverse("staff_letters", args=[decision.uuid]),
        reverse("staff_letter", args=[notice.number]),
        reverse("staff_letter_pdf", args=[notice.number]),
    ]
    people = [make_user(), make_role(other, "manager")]
    assert {client_of(person).get(url).status_code for person in people for url in urls} == {404}


def test_the_list_of_letters_does_not_query_per_letter(decided, django_assert_max_num_queries):
    decision, manager = decided
    read_all(decision, manager)
    client = client_of(manager)
    with django_assert_max_num_queries(18):
        client.get(reverse("staff_letters", args=[decision.uuid]))


# --- the commune ----------------------------------------------------------------------------------------------------


def test_the_commune_reads_its_decision_once_notified(decided):
    decision, manager = decided
    read_all(decision, manager)
    line = decision.lines.get(outcome="not_selected")
    mayor = line.application.deposits.get().deposited_by
    client = client_of(mayor)
    page, pdf = (
        reverse(name, args=[line.application.uuid]) for name in ("application_decision", "application_decision_letter")
    )
    before = client.get(page)
    assert (before.status_code, client.get(pdf).status_code) == (403, 403)
    assert "La décision n’est pas encore notifiée." in before.content.decode()
    assert line.reason not in before.content.decode()
    assert page not in client.get(reverse("application", args=[line.application.uuid])).content.decode()
    send_notices(decision=decision, by=manager, at=portal_now())
    after = client.get(page).content.decode()
    assert "Votre candidature n’est pas retenue" in after
    assert "Le total est inférieur au seuil de 50" in after
    assert client.get(pdf).content[:5] == b"%PDF-"
    home = client.get(reverse("application", args=[line.application.uuid])).content.decode()
    assert page in home


def test_another_commune_does_not_read_it(decided):
    decision, manager = decided
    read_all(decision, manager)
    send_notices(decision=decision, by=manager, at=portal_now())
    selected, other = (decision.lines.get(outcome=o).application for o in ("selected", "not_selected"))
    client = client_of(other.deposits.get().deposited_by)
    urls = [reverse(name, args=[selected.uuid]) for name in ("application_decision", "application_decision_letter")]
    assert [client.get(url).status_code for url in urls] == [404, 404]
