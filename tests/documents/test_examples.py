"""Every template on its example: standards, text, fonts, pages, same bytes again."""

import hashlib
import io
import re
from pathlib import Path

import pikepdf
import pytest

from portal.core.documents import render_pdf
from portal.core.documents.renderer import close_renderer, html_to_pdf
from tests.documents.examples import (
    ANSWERS,
    EXAMPLES,
    LOGO,
    agreement,
    draft_file,
    minutes,
    notice_selected,
    receipt,
    receipt_elsewhere,
)
from tests.documents.pdftools import fonts_of, heard_in, page_count, pages_of, squeeze, text_of
from tests.harness import verapdf

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
SERIF, SERIF_BOLD, SERIF_ITALIC = "Source-Serif-4", "Source-Serif-4-Semi-Bold", "Source-Serif-4-Italic"
SANS, SANS_BOLD, CODE = "Source-Sans-3", "Source-Sans-3-Semi-Bold", "Source-Code-Pro"
COMMON = {SERIF, SANS, SANS_BOLD}


def test_every_template_has_an_example():
    pages = {str(path.relative_to(TEMPLATES)) for path in (TEMPLATES / "pdf").rglob("*.html")}
    documents = {page for page in pages if not Path(page).name.startswith("_") and page != "pdf/base.html"}
    assert documents == set(EXAMPLES)


def test_every_example_is_pdf_a_3a_and_pdf_ua_1(rendered_folder):
    assert verapdf.failures(sorted(rendered_folder.glob("*.pdf"))) == {}


def test_the_validator_sees_a_skipped_heading_and_a_missing_alternative(tmp_path):
    page = "<html lang=fr><title>Faux</title><body><h1>Un</h1><h3>Trois</h3>{}</body></html>"
    image = "<img src=\"data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>\">"
    (tmp_path / "faux.pdf").write_bytes(html_to_pdf(page.format(image), [])[0])
    failed = verapdf.failures([tmp_path / "faux.pdf"], ["ua1"])
    assert {line.partition(" ")[0] for line in failed["faux.pdf", "ua1"]} == {"7.3-1", "7.4.2-1"}


def test_a_missing_java_is_a_failure_that_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(verapdf.VeraPdfMissing, match=r"apt-get install default-jre-headless libjaxb-java"):
        verapdf.failures([tmp_path / "x.pdf"])


def test_missing_archives_are_named(tmp_path):
    with pytest.raises(verapdf.VeraPdfMissing, match=r"Archives absentes : jaxb-runtime\.jar, jaxb-api\.jar"):
        verapdf._class_path(tmp_path)


@pytest.mark.parametrize(
    ("name", "fonts"),
    [
        ("receipt", COMMON | {SERIF_BOLD, CODE}),
        ("minutes", COMMON | {SERIF_BOLD, CODE}),
        ("notice_selected", COMMON | {SERIF_BOLD}),
        ("notice_reserve", COMMON | {SERIF_BOLD}),
        ("notice_not_selected", COMMON | {SERIF_BOLD}),
        ("notice_inadmissible", COMMON | {SERIF_BOLD}),
        ("agreement", COMMON | {SERIF_BOLD, SERIF_ITALIC}),
        ("record", COMMON),
        ("panel", {SANS, SANS_BOLD}),
        ("rules", COMMON | {SERIF_BOLD}),
        ("questions", COMMON),
        ("file", COMMON | {SERIF_BOLD, SERIF_ITALIC}),
    ],
)
def test_fonts_are_exactly_ours_and_embedded(rendered_folder, name, fonts):
    assert fonts_of(rendered_folder / f"{name}.pdf") == fonts


def test_number_of_pages(rendered):
    assert {name: page_count(pdf) for name, pdf in rendered.items()} == {
        "receipt": 2,
        "file": 3,
        "minutes": 7,
        "paper": 2,
        "notice_selected": 2,
        "notice_reserve": 2,
        "notice_not_selected": 2,
        "notice_inadmissible": 2,
        "agreement": 4,
        "record": 1,
        "panel": 1,
        "rules": 4,
        "questions": 2,
    }


def test_the_same_snapshot_gives_the_same_bytes_in_another_process(rendered):
    close_renderer()
    again = {
        Path(template).stem: render_pdf(
            template=template, snapshot=example(), attachments=[ANSWERS] if template.endswith("receipt.html") else []
        )
        for template, example in reversed(EXAMPLES.items())
    }
    assert {name: _sha(pdf) for name, pdf in again.items()} == {name: _sha(pdf) for name, pdf in rendered.items()}


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_tags_language_title_date_and_identifications(rendered):
    with pikepdf.open(io.BytesIO(rendered["receipt"])) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert (str(pdf.Root.Lang), "/StructTreeRoot" in pdf.Root) == ("fr", True)
        assert str(pdf.docinfo.Title) == "Accusé de dépôt AD-TPS-2027-0012-1"
        assert str(pdf.docinfo.CreationDate) == "D:20270329160731Z"
    assert re.findall(r"<pdfuaid:part>(\d)</pdfuaid:part>", xmp) == ["1"]
    assert re.findall(r'pdfaid:(part|conformance)="(\w)"', xmp) == [("part", "3"), ("conformance", "A")]


def test_the_answers_travel_in_the_receipt(rendered):
    with pikepdf.open(io.BytesIO(rendered["receipt"])) as pdf:
        [(name, attached)] = pdf.attachments.items()
        file_spec = attached.obj
        assert (name, attached.get_file().read_bytes().decode()) == (ANSWERS.name, ANSWERS.content)
        assert str(file_spec.AFRelationship) == "/Data"
        assert str(file_spec.Desc) == "Réponses au formulaire de candidature"


def test_receipt_says_number_instant_zone_deadline_and_fingerprints(rendered):
    text = text_of(rendered["receipt"])
    assert "Candidature numéro TPS-2027-0012 Déposée le lundi 29 mars 2027 à 18 h 07 min 31 s" in text
    assert "heure de Paris (UTC + 2), soit 2027-03-29T16:07:31Z. Instant enregistré par le serveur." in text
    assert "Dans le délai. Clôture : mercredi 31 mars 2027 à 23 h 59 min 59 s, heure de Paris." in text
    assert "Commune de Saint-Gilles-de-la-Neuville, chef de file (SIREN 217 605 864)" in text
    for piece in receipt()["pieces"]:
        groups = [piece["sha256"][i : i + 8] for i in range(0, 64, 8)]
        assert f"{' '.join(groups[:4])} {' '.join(groups[4:])}" in text
    assert "à déposer au plus tard le samedi 15 mai 2027 à 23 h 59 min 59 s, heure de Paris." in text
    assert (
        "Cet accusé ne dit rien de la recevabilité de la candidature, de son éligibilité ni de la décision à venir."
        in text
    )
    assert [page.count("AD-TPS-2027-0012-1") for page in pages_of(rendered["receipt"])] == [1, 2]
    assert [re.findall(r"Page \d ?/ ?\d", page) for page in pages_of(rendered["receipt"])] == [
        ["Page 1/2"],
        ["Page 2/2"],
    ]
    assert "à compter du 1er juin 2027" in text


def test_the_receipt_of_a_file_received_elsewhere_tells_where_and_claims_no_deposit(tmp_path):
    pdf = render_pdf(template="pdf/applications/receipt.html", snapshot=receipt_elsewhere(), attachments=[ANSWERS])
    text = text_of(pdf)
    for words in (
        "Accusé d’enregistrement", "sur papier le 29 mars 2027 à 16 h 30", "n’a pas été déposé dans le portail",
        "Camille Exemple l’y a saisi le", "Preuve de la réception", "référence C-2027-118",
    ):  # fmt: skip
        assert words in text
    for words in ("Instant enregistré par le serveur", "Déposé par", "Règlement accepté"):
        assert words not in text
    (tmp_path / "receipt.pdf").write_bytes(pdf)
    assert verapdf.failures([tmp_path / "receipt.pdf"]) == {}


def test_minutes_say_quorum_votes_casting_vote_scores_and_ranking(rendered):
    text = text_of(rendered["minutes"])
    for sentence in (
        "11 candidatures déposées, 1 écartée avant l’examen, 10 examinées, 4 places",
        "4 retenues, 3 en liste complémentaire, 3 non retenues",
        "0004 Beaurepaire 10 h 46 0 8 / 5 1 9 4 4 1 Favorable *",
        "0007 Rogerville – 0 8 / 5 1 – – – – Sans vote †",
        "* Partage égal des voix : la voix de la présidente, favorable, est prépondérante (article 7.4 du règlement).",
        "Le classement arrêté est celui que donne le calcul des notes : aucun écart n’est à motiver.",
        "Aucune observation n’a été demandée au procès-verbal.",
        "L’ordre du jour étant épuisé, la séance est levée à 15 h 52.",
        "Le jury propose au bureau communautaire de retenir",
    ):
        assert sentence in text
    assert "lauréat" not in text


def test_letters_give_outcome_reasons_and_recourse(rendered):
    selected, reserve, refused = (
        text_of(rendered[name]) for name in ("notice_selected", "notice_reserve", "notice_not_selected")
    )
    assert "le bureau communautaire a retenu la candidature que vous portez avec les communes" in selected
    assert "avant le 15 juin 2027 ;" in selected
    assert "au premier rang de la liste complémentaire, qui compte 3 communes." in reserve
    assert "le dernier dossier retenu en a obtenu 81,30." in reserve
    assert "le bureau communautaire n’a pas retenu la candidature de votre commune." in refused
    assert "Besoin d’ingénierie 5,20 15" in refused
    assert "la requête est transmise par l’application Télérecours." in refused
    for text, salutation in (
        (selected, "Monsieur le Maire"),
        (reserve, "Madame le Maire"),
        (refused, "Monsieur le Maire"),
    ):
        assert f"{salutation}, Par délibération" in text
        assert f"Je vous prie d’agréer, {salutation}, l’expression de ma considération distinguée." in text
        assert "vous disposez, dans les deux mois qui suivent sa notification :" in text


def test_every_letter_says_the_derogation_who_granted_it_and_why(rendered):
    for name in ("notice_selected", "notice_reserve", "notice_not_selected", "notice_inadmissible"):
        text = text_of(rendered[name])
        assert (
            "Dérogation accordée Terrain communal : non, d’après la réponse de la commune. Dérogation accordée le 12 avril "
            "2027 par la chargée de mission, gestion de l’appel : l’acquisition est engagée."
        ) in text, name


def test_conditions_that_are_not_kept_are_explained_in_the_receipt_and_in_the_copy_of_the_file(rendered):
    assert (
        "Condition à expliquer Moins de 500 habitants : non, 666 habitants, population municipale 2023, Insee. "
        "Le bourg n’en compte que 412. Les autres vivent dans neuf hameaux."
    ) in text_of(rendered["receipt"])
    assert (
        "Conditions à expliquer Coût, 60 000 € au plus : non, 72 000 €. Le mur menace. "
        "Candidature commune demandée : non, ici 1 candidat. Sans explication à ce jour"
    ) in text_of(rendered["file"])


def test_a_letter_is_heard_in_the_order_of_its_reading(rendered):
    heard = heard_in(rendered["notice_selected"])
    order = [
        "Le Havre Seine Métropole",
        "Affaire suivie par",
        "MAIRIE DE SAINT-GILLES",
        "Objet : Appel",
        "Monsieur le Maire, Par",
    ]
    order += ["Pour le Président et par délégation", "Voies et délais de recours", "Vérifier : ami.exemple.fr"]
    places = [heard.find(squeeze(words)) for words in order]
    assert (places == sorted(places), -1 in places) == (True, False)
    assert "Page 1" not in heard  # heads and feet are not heard


def test_no_letter_names_another_applicant(rendered):
    names = {row["applicant"].partition(",")[0] for row in minutes()["reasons"]}
    own = {
        "notice_selected": "Saint-Gilles-de-la-Neuville",
        "notice_reserve": "Épouville",
        "notice_not_selected": "Montivilliers",
    }
    for letter, name in own.items():
        text = text_of(rendered[letter])
        assert {other for other in names if squeeze(other).lower() in text.lower()} == {name}


def test_agreement_holds_its_thirteen_articles_and_signs_with_the_last(rendered):
    pages = pages_of(rendered["agreement"])
    assert re.findall(r"Article (\d+) [A-ZÉ]", " ".join(pages)) == [str(i) for i in range(1, 14)]
    assert [("Article 13" in page, page.count("Nom, signature et cachet")) for page in pages[2:]] == [
        (False, 0),
        (True, 5),
    ]
    assert [page.count("Paraphes") for page in pages] == [0, 1, 1, 1]


def test_an_agreement_of_nine_parties_keeps_every_signature_beside_contract_text():
    snapshot = agreement()
    snapshot["parties"] = snapshot["parties"][:1] + [snapshot["parties"][1]] * 8
    pages = pages_of(render_pdf(template="pdf/support/agreement.html", snapshot=snapshot))
    signed = [
        ("Article 13 Litiges" in page, page.count("Nom, signature et cachet")) for page in pages if "cachet" in page
    ]
    assert signed == [(True, 10)]


def test_an_agreement_without_an_act_is_only_a_project():
    snapshot = agreement()
    snapshot["agreement"] |= {"is_draft": True, "heading": "Projet de convention d’accompagnement"}
    snapshot["parties"][2]["act"] = ""
    text = text_of(render_pdf(template="pdf/support/agreement.html", snapshot=snapshot))
    assert "Projet de convention d’accompagnement Appel à manifestation" in text
    assert "représentée par son Maire, acte d’autorisation à venir," in text


def test_rules_and_questions(rendered):
    rules, questions = text_of(rendered["rules"]), text_of(rendered["questions"])
    assert "Date limite de dépôt : mercredi 31 mars 2027 à 23 h 59 min 59 s, heure de Paris." in rules
    assert "C1 Santé de tous les publics, vieillissement, accessibilité 25 8" in rules
    assert "Total 6 critères 100 –" in rules
    assert "Annexe : les 3 communes du périmètre" in rules
    assert "1 : Moins de 5 000 habitants ; 2 : 5 000 habitants et plus." in rules
    assert "Étretat 76254 1 102 1 Le Havre 76351 166 058 2 Le Tilleul 76693 656 1" in rules
    assert "Qui le fréquente ? Plusieurs choix ☐ Enfants ☐ Familles" in questions
    assert "Texte long (facultatif) ; si le site borde une route" in questions


def test_a_file_not_deposited_says_so_and_shows_all_that_is_written(rendered):
    text = text_of(rendered["file"])
    assert "Projet : cette candidature n’est pas déposée." in text
    assert "(SIREN 217 605 864) Avec : Commune des Trois-Pierres ; Commune de Gommerville" in text
    assert "au plus tard le mercredi 31 mars 2027 à 23 h 59 min 59 s, heure de Paris." in text
    assert "Qui le fréquente ? Enfants Personnes âgées Qui l’entretient ? Sans réponse" in text
    assert "Nature Montant hors taxes Plantations 12 400,00 € Assises 3 850,00 €" in text
    assert "Plan de situation à joindre" in text
    assert "Section Numéro AB 112 AB 113" in text
    assert "D’ouest en est, 180 m environ ; du sud au nord, 126 m." in text
    assert "Financeur Montant Région 13 000,00 € Commune 3 250,00 € Total 16 250,00 €" in text
    assert "À confirmer : Part du maître d’ouvrage : pas de minimum. (CGCT, art. L. 1111-10, III)" in text
    assert "Non respecté : Aides publiques : 500 € de trop. (Règlement de l’appel)" in text
    assert "SHA-256" not in text


def test_a_deposited_file_says_when_and_bears_its_fingerprints():
    snapshot = draft_file()
    snapshot["deposit"] = {
        "number": "TPS-2027-0012", "version": 2, "received_at": "2027-03-29T18:07:31.250000+02:00",
        "deposited_by": "Maire", "answers_sha256": "c" * 64,
    }  # fmt: skip
    text = text_of(render_pdf(template="pdf/applications/file.html", snapshot=snapshot))
    assert (
        "Déposée le lundi 29 mars 2027 à 18 h 07 min 31 s, heure de Paris (UTC + 2), sous le numéro TPS-2027-0012"
        in text
    )
    assert "c" * 64 in text
    assert "5a5a5a5a " * 3 in text
    assert "n’est pas déposée" not in text


def test_a_trial_says_so_on_every_page():
    snapshot = receipt()
    snapshot["document"]["trial"] = True
    pages = pages_of(render_pdf(template="pdf/applications/receipt.html", snapshot=snapshot))
    assert [page.count("ESSAI, document sans valeur") for page in pages] == [2, 1]  # title and foot, then foot


def test_a_long_letter_stays_on_two_pages():
    snapshot = notice_selected()
    snapshot["conditions"] *= 2
    snapshot["letter"]["copies"] *= 6
    assert page_count(render_pdf(template="pdf/applications/notice_selected.html", snapshot=snapshot)) == 2


def test_sixty_files_run_on_with_their_heads_repeated_and_a_wide_logo_is_not_stretched():
    snapshot = minutes()
    rows = [snapshot["rankings"][0]["scores"][0] | {"number": f"{i:04d}", "final": f"{95 - i}"} for i in range(60)]
    snapshot["rankings"][0]["scores"] = rows
    snapshot["institution"]["logo_svg"] = LOGO.replace("0 0 60 60", "0 0 300 60")
    pages = pages_of(render_pdf(template="pdf/juries/minutes.html", snapshot=snapshot))
    assert [page.count("N° Candidature C1 C2") for page in pages] == [0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert [page.count("Seuil 50") for page in pages] == [0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0]
