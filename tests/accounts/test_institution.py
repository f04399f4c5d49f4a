"""An institution in five steps or one command; its logo."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image

from portal.accounts.models import InstitutionProfile, Organisation, User
from portal.core.models import StoredFile
from portal.core.uploads import read_bytes
from tests.accounts.helpers import mails, text_of
from tests.factories import LHSM, make_institution, make_intercommunality, make_user

pytestmark = pytest.mark.django_db

STEPS = {
    "identite": {
        "siren": "200 084 952",
        "kind": "intercommunality",
        "name": "Le Havre Seine Métropole",
        "short_name": "Le Havre Seine Métropole",
        "kind_label": "Communauté urbaine",
        "designation": "la communauté urbaine",
        "address_line": "19, rue Georges-Braque, 76085 Le Havre Cedex",
        "city": "Le Havre",
        "units": "Direction de la santé\n\nService Santé\nService Santé",
    },
    "apparence": {"brand": "#0c4f5c", "light": "#F5B841"},
    "courrier": {
        "service_lines": "Direction de la santé",
        "signatory_title": "Le Président",
        "signatory_block": "",
        "court": "tribunal administratif de Rouen",
        "court_address": "",
    },
    "contact": {
        "contact_service": "Service Santé",
        "contact_phone": "02 35 00 00 00",
        "contact_hours": "du lundi au vendredi, 9 h à 17 h",
        "contact_email": "contact@lhsm.exemple.fr",
        "dpo_email": "dpo@lhsm.exemple.fr",
    },
    "responsable": {"email": "Responsable@exemple.fr", "full_name": "Lou Essai", "role_title": "chargée de mission"},
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="9" height="9" fill="#0C4F5C"/></svg>'


@pytest.fixture
def admin(client):
    make_intercommunality()
    user = make_user("plateforme@exemple.fr", is_platform_admin=True)
    client.force_login(user)
    return user


def send(client, step, go="next", **changes):
    return client.post(f"/institution/nouvelle/{step}/", {**STEPS[step], "go": go, **changes})


def png(size=(40, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#0C4F5C").save(out, "PNG")
    return out.getvalue()


@pytest.mark.usefixtures("admin")
def test_five_steps_make_an_institution_and_invite_its_manager(client):
    assert client.get("/institution/nouvelle/").headers["Location"] == "/institution/nouvelle/identite/"
    ways = [send(client, step).headers["Location"] for step in STEPS]
    made = Organisation.objects.get(siren="200084952")
    assert ways == [
        "/institution/nouvelle/apparence/",
        "/institution/nouvelle/courrier/",
        "/institution/nouvelle/contact/",
        "/institution/nouvelle/responsable/",
        f"/organismes/{made.uuid}/membres/",
    ]
    assert (made.kind, made.intercommunality_id) == ("intercommunality", LHSM[0])
    assert set(made.units.values_list("name", flat=True)) == {"Direction de la santé", "Service Santé"}
    profile = made.profile
    assert (profile.slug, profile.brand, profile.light, profile.court) == (
        "le-havre-seine-metropole",
        "#0C4F5C",
        "#F5B841",
        "tribunal administratif de Rouen",
    )
    assert [(i.email, i.right) for i in made.invitations.all()] == [("responsable@exemple.fr", "manager")]
    assert mails("invitation")[0].from_name == "Le Havre Seine Métropole"
    assert "institution" not in client.session


@pytest.mark.usefixtures("admin")
def test_nothing_typed_is_lost_between_steps(client):
    page = text_of(send(client, "identite", siren="123456789", name="Nom <à moitié>"))
    assert "Ce numéro n’est pas un SIREN" in page
    send(client, "apparence", go="back", brand="pas une couleur")
    again = client.get("/institution/nouvelle/identite/").content.decode()
    assert 'value="Nom &lt;à moitié&gt;"' in again
    assert 'value="pas une couleur"' in client.get("/institution/nouvelle/apparence/").content.decode()


@pytest.mark.usefixtures("admin")
def test_the_last_step_comes_back_to_the_first_one_that_is_wrong(client):
    for step in ("identite", "apparence", "contact"):
        send(client, step)
    assert send(client, "responsable").headers["Location"] == "/institution/nouvelle/courrier/"
    assert not InstitutionProfile.objects.exists()
    send(client, "courrier")
    assert send(client, "responsable").headers["Location"].startswith("/organismes/")


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"siren": "200084953"}, "Ce numéro n’est pas un SIREN : vérifiez les neuf chiffres."),
        ({"siren": "732829320"}, "Aucune intercommunalité en vigueur ne porte ce SIREN."),
        ({"kind": "commune"}, "Aucune commune en vigueur ne porte ce SIREN."),
    ],
)
def test_the_identity_is_checked(client, changes, sentence):
    assert sentence in text_of(send(client, "identite", **changes))


@pytest.mark.usefixtures("admin")
def test_an_institution_is_registered_once(client):
    make_institution()
    assert "Cette institution est déjà enregistrée." in text_of(send(client, "identite"))


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("colours", "sentence"),
    [
        ({"brand": "bleu"}, "Écrivez une couleur de six chiffres hexadécimaux"),
        ({"brand": "#000091", "light": "#E1000F"}, "Bleu et rouge ensemble rappellent le bloc de l’État"),
        ({"brand": "#F0F000"}, "La marque #F0F000 a été assombrie en"),
    ],
)
def test_colours_are_checked_and_previewed(client, colours, sentence):
    page = text_of(send(client, "apparence", go="preview", **colours))
    assert sentence in page


@pytest.mark.usefixtures("admin")
def test_the_preview_is_drawn_without_style(client):
    page = text_of(send(client, "apparence", go="preview"))
    assert 'aria-label="Aperçu : un titre, la chaîne et un bouton aux couleurs #0C4F5C et #F5B841"' in page
    assert "Ces deux couleurs restent lisibles partout." in page


@pytest.mark.usefixtures("admin")
def test_the_logo_is_cleaned_kept_and_served(client):
    send(client, "identite")
    upload = SimpleUploadedFile("logo.svg", SVG + b"<!-- x -->")
    send(client, "apparence", logo=upload)
    assert "Logo gardé : logo.svg" in text_of(client.get("/institution/nouvelle/apparence/"))
    for step in ("courrier", "contact", "responsable"):
        send(client, step)
    client.logout()
    answer = client.get("/institution/le-havre-seine-metropole/logo")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert b"<!--" not in answer.content
    known = client.get(answer.request["PATH_INFO"], headers={"if-none-match": answer.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("logo.svg", SVG.replace(b"<rect", b"<script>x</script><rect"), "Ce SVG contient autre chose que des formes"),
        ("logo.gif", b"GIF89a", "Ce format n’est pas accepté."),
        ("logo.png", b"GIF89a", "Ce fichier n’est pas un vrai PNG."),
        ("logo.png", b"x" * 1_000_001, "Ce logo pèse 1,0 Mo."),
    ],
)
def test_a_bad_logo_is_refused(client, name, content, sentence):
    page = text_of(send(client, "apparence", logo=SimpleUploadedFile(name, content)))
    assert sentence in page
    assert not StoredFile.objects.exists()


@pytest.mark.usefixtures("admin")
def test_a_picture_is_made_smaller_and_loses_its_metadata(client):
    send(client, "apparence", logo=SimpleUploadedFile("logo.png", png((4000, 1000))))
    with Image.open(io.BytesIO(read_bytes(StoredFile.objects.get()))) as image:
        assert (image.format, image.size) == ("PNG", (1200, 300))


def test_only_the_platform_administrator_creates(client):
    client.force_login(make_user())
    for answer in (client.get("/institution/nouvelle/"), client.post("/institution/nouvelle/responsable/", {})):
        assert answer.status_code == 403
        assert "Seule l’administration de la plateforme peut créer une institution." in text_of(answer)
    client.logout()
    assert client.get("/institution/nouvelle/identite/").status_code == 302


@pytest.mark.usefixtures("admin")
def test_an_unknown_step_and_a_missing_logo_are_not_found(client):
    make_institution()
    for path in ("/institution/nouvelle/autre/", "/institution/le-havre-seine-metropole/logo", "/institution/x/logo"):
        assert client.get(path).status_code == 404


def options(**changes):
    named = {name: value for step in STEPS.values() for name, value in step.items()}
    return {**named, "no_input": True, "administrator": "plateforme@exemple.fr", **changes}


def test_the_command_creates_the_same(capsys):
    make_intercommunality()
    call_command("institution", **options(brand=None, light=None))
    made = Organisation.objects.get(siren="200084952")
    assert (made.profile.brand, made.profile.signatory_title) == ("#0C4F5C", "Le Président")
    assert User.objects.get(email="plateforme@exemple.fr").is_platform_admin
    assert "L’invitation part vers responsable@exemple.fr." in capsys.readouterr().out


def test_the_command_says_what_is_wrong():
    make_intercommunality()
    with pytest.raises(CommandError) as refusal:
        call_command("institution", **options(siren="12", city=None))
    assert str(refusal.value).splitlines() == [
        "--siren : Ce numéro n’est pas un SIREN : vérifiez les neuf chiffres.",
        "--city : Écrivez la ville.",
    ]
    with pytest.raises(CommandError, match="--administrator ADRESSE"):
        call_command("institution", **options(administrator=""))


def test_the_command_asks_for_what_is_missing(monkeypatch):
    make_intercommunality()
    questions = []
    monkeypatch.setattr("builtins.input", lambda text: questions.append(text) or "Le Havre")
    call_command("institution", **options(no_input=False, city=None))
    assert questions == ["  Ville de signature des actes : "]
    assert InstitutionProfile.objects.get().city == "Le Havre"


def test_two_institutions_of_one_name_have_two_addresses(client):
    make_institution()
    client.force_login(make_user(is_platform_admin=True))
    changes = {"siren": "732829320", "kind": "other"}
    for step in STEPS:
        send(client, step, **(changes if step == "identite" else {}))
    slugs = set(InstitutionProfile.objects.values_list("slug", flat=True))
    assert slugs == {"le-havre-seine-metropole", "le-havre-seine-metropole-2"}
    assert all(re.fullmatch(r"[a-z0-9-]+", slug) for slug in slugs)


@pytest.mark.usefixtures("admin")
def test_each_step_says_whether_it_is_complete(client):
    send(client, "identite")
    send(client, "apparence", brand="bleu")
    page = text_of(client.get("/institution/nouvelle/courrier/"))
    said = re.findall(r'<span class="section-name">(.*?)</span></a>', page)
    assert said == [
        '1. Identité<span class="visually-hidden">, complète</span>',
        '2. Apparence<span class="visually-hidden">, à corriger</span>',
        "3. Courriers",
        "4. Contact",
        "5. Premier responsable",
    ]
