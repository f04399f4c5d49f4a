"""Bad files, by the command and by the page: one clear message each, with its line, and nothing half imported."""

from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from calls.definition.reading import canonical, read
from calls.forms import MAX_DOCUMENT
from calls.models import Call, Programme
from calls.services.publication import export_call
from tests.calls.documents import SMALL, altered, line_of, ordinary
from tests.factories import make_institution, make_member

TITRE = "        label: Titre du projet\n"
ETAT = "        label: Où en est le projet ?\n"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
CYCLE = altered(
    (TITRE, f"{TITRE}        condition: {{kind: answer, question: etat, equals: idee}}\n"),
    (ETAT, f"{ETAT}        condition: {{kind: answer, question: titre, equals: x}}\n"),
)
TWO_ZONES = altered(
    ("opens_at: 2027-01-15 09:00:00", "opens_at: 2027-01-15 09:00:00+01:00"),
    ("closes_at: 2027-06-30 23:59:59", "closes_at: 2027-06-30 23:59:59-04:00"),
)
BAD = {
    "wrong YAML": (
        altered(("summary: Un appel d’essai.", "summary: Un appel : d’essai.")),
        "summary:",
        "« : » inattendu : mettez le texte entre guillemets, ou revoyez le retrait de la ligne.",
    ),
    "a bracket left open": (
        altered(("  kinds: [method]", "  kinds: [method")),
        "text: Un an",
        "un crochet ou une accolade n’est pas refermé.",
    ),
    "a tabulation": (
        altered(("  siren:", "\tsiren:")),
        "siren:",
        "une tabulation n’est pas admise : mettez des espaces.",
    ),
    "an unknown key": (
        altered(("support:\n", "support:\n  durée: 12\n")),
        "durée: 12",
        "« durée » n’est pas connu : les clés admises ici sont kinds, text, months, max_months et themes.",
    ),
    "a title that is not at column 0": (
        altered(("format: 1\ntitle: Des places à vivre\nslug", "format: 1\n  title: Des places à vivre\nslug")),
        "  title: Des places à vivre\nslug",
        "« : » inattendu : mettez le texte entre guillemets, ou revoyez le retrait de la ligne.",
    ),
    "conditions in a circle": (
        CYCLE,
        "question: etat",
        "« etat » n’est demandé que plus loin : une condition porte sur une question précédente.",
    ),
    "aliases that explode": (
        BOMB,
        "a0: &a0",
        "les renvois (« & » et « * ») ne sont pas admis : recopiez le texte.",
    ),
    "two zones": (
        TWO_ZONES,
        "closes_at:",
        "« -04:00 » n’est pas le décalage de Paris à cet instant (+02:00) : retirez-le",
    ),
    "an hour that does not exist": (
        altered(("closes_at: 2027-06-30 23:59:59", "closes_at: 2027-03-28 02:30:00")),
        "closes_at:",
        "02:30:00 n’existe pas le 28 mars 2027 : les horloges passent de 2 h à 3 h.",
    ),
    "two calls": (SMALL + "---\n" + SMALL.replace("title: Des", "title: D’autres"), "---", "un seul appel par fichier"),
}
NAMES = list(BAD)


def place(name: str) -> tuple[bytes, int, str]:
    text, where, message = BAD[name]
    return text.encode(), line_of(text, where), message


@pytest.fixture
def owner(db):
    return make_institution()


def upload(client: Client, owner, data: bytes) -> str:
    client.force_login(make_member(owner, "manager"))
    file = SimpleUploadedFile("appel.yaml", data)
    response = client.post(reverse("call_import", args=[owner.uuid]), {"file": file})
    assert response.status_code == 200, "refused files show the form again"
    return ordinary(response.content.decode()).replace("&amp;", "&").replace("&#x27;", "'")


def command(path) -> str:
    out = StringIO()
    with pytest.raises(CommandError, match=r"Rien n’a été importé\."):
        call_command("call", "import", str(path), "--apply", stdout=out, no_color=True)
    return ordinary(out.getvalue())


def nothing_is_imported() -> bool:
    return not Call.objects.exists() and not Programme.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_the_command_says_the_line_and_writes_nothing(owner, tmp_path, name):
    data, line, message = place(name)
    path = tmp_path / "appel.yaml"
    path.write_bytes(data)
    said = [row for row in command(path).splitlines() if "erreur," in row]
    assert len(said) == 1
    assert said[0].startswith(f"  erreur, ligne {line}, colonne ")
    assert message in said[0]
    assert nothing_is_imported()


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_the_same_and_writes_nothing(client: Client, owner, name):
    data, line, message = place(name)
    page = upload(client, owner, data)
    assert f"ligne {line}, colonne " in page
    assert message in page
    assert nothing_is_imported()


def test_ten_megabytes_are_refused_at_once(client: Client, owner, tmp_path):
    data = SMALL.encode() + b"#" + b"x" * 10_000_000
    path = tmp_path / "appel.yaml"
    path.write_bytes(data)
    assert "le fichier est trop gros pour un appel : deux millions de caractères au plus." in command(path)
    assert "Ce fichier est trop gros pour être un appel (1 Mo au plus)." in upload(client, owner, data)
    assert MAX_DOCUMENT == 1_000_000
    assert nothing_is_imported()


def test_a_file_that_is_no_text(client: Client, owner, tmp_path):
    data = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    path = tmp_path / "appel.yaml"
    path.write_bytes(data)
    for said in (command(path), upload(client, owner, data)):
        assert "le fichier n’est pas en UTF-8 : enregistrez-le en « UTF-8 »." in said
    assert nothing_is_imported()


def test_a_bad_file_leaves_the_call_in_preparation_as_it_was(client: Client, owner, tmp_path):
    path = tmp_path / "appel.yaml"
    path.write_text(SMALL, encoding="utf-8")
    call_command("call", "import", str(path), "--apply", stdout=StringIO())
    bad = altered(
        ("points: 60", "points: 55"), ("sections: [projet]\n    - code: C2", "sections: [rien]\n    - code: C2")
    )
    path.write_text(bad, encoding="utf-8")
    command(path)
    assert "« rien » n’est le code d’aucune section" in upload(client, owner, bad.encode())
    assert export_call(Call.objects.get()) == canonical(read(SMALL))


def test_several_faults_come_in_one_go(client: Client, owner):
    bad = altered(("code_prefix: DPV", "code_prefix: d"), ("points: 60", "points: soixante"))
    page = upload(client, owner, bad.encode())
    assert [f"ligne {line_of(bad, words)}, colonne " in page for words in ("code_prefix: d", "points: soixante")] == [
        True,
        True,
    ]
