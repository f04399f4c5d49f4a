"""The portal as an operator runs it: headers of every kind of answer, sober errors, and what it refuses to start with."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from applications.models import Deposit
from portal.embedded import commands
from tests.factories import make_call, make_role, make_town_hall
from tests.faults.acts import Commune, make_communes
from tests.harness import server
from tests.harness.server import Answer, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.xdist_group("race")]

INTERNALS = ("Traceback", "django", "psycopg", "settings", "SELECT ", "/portal/", "gunicorn", "OperationalError")


@pytest.fixture
def commune() -> Commune:
    (found,) = make_communes(make_call(prefix="TPS"), 1)
    return found


@pytest.fixture
def port(production_folder: Path, commune: Commune) -> Iterator[int]:
    with server.running(production_folder) as found:
        yield found


def policies(answer: Answer) -> set[str]:
    """The sources that the policy allows, whatever the kind."""
    directives = answer.headers["Content-Security-Policy"].split(";")
    return {source for directive in directives for source in directive.split()[1:]}


def test_every_kind_of_answer_bears_its_guards(port: int, commune: Commune) -> None:
    """J1, J12, G13: policy without « unsafe », HTTPS for a year, nothing kept by a shared cache, cookies of this host."""
    call = commune.application.call
    piece = commune.application.attachments.first()
    known, stranger = Visitor(port, commune.session), Visitor(port)
    public = ["/", f"/appels/{call.slug}/", "/compte/login/", "/verifier/", "/nulle-part/", "/contact/"]
    private = [
        "/mes-actions/",
        commune.path,
        f"{commune.path}sections/S1/",
        f"{commune.path}deposer/",
        f"{commune.path}fichiers/{piece.file_id}/",
    ]
    answers = {path: stranger.get(path) for path in public} | {path: known.get(path) for path in private}
    assert {path: answer.status for path, answer in answers.items()} == {
        **dict.fromkeys(public, 200), "/nulle-part/": 404, **dict.fromkeys(private, 200), private[-1]: 302,
    }  # fmt: skip
    for path, answer in answers.items():
        assert not [source for source in policies(answer) if "unsafe" in source or source in ("*", "data:*")], path
        assert "'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload", path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["X-Frame-Options"] == "DENY", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
    assert {answers[path].headers["Cache-Control"] for path in private} == {"no-store, private"}


def test_the_cookies_are_of_this_host_and_travel_ciphered(port: int, commune: Commune) -> None:
    make_town_hall()
    page = Visitor(port).get("/compte/login/")
    entry = Visitor(port).post(
        "/rejoindre/76254/", {"email": "a@exemple.fr", "full_name": "A", "role_title": "B", "signs": "no"}
    )
    cookies = [page.headers.get("Set-Cookie", ""), entry.headers.get("Set-Cookie", "")]
    found = {cookie.partition("=")[0]: cookie for cookie in cookies if cookie}
    assert set(found) <= {"__Host-csrf", "__Host-session"}
    assert "__Host-session" in found
    for cookie in found.values():
        assert {"Secure", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie
    assert "HttpOnly" in found["__Host-session"]


def test_a_plain_request_is_sent_to_https_and_another_host_is_refused(port: int) -> None:
    plain = Visitor(port).send("GET", "/appels/", without=("X-Forwarded-Proto",))
    assert (plain.status, plain.location) == (301, f"https://127.0.0.1:{port}/appels/")
    other = Visitor(port).send("GET", "/appels/", Host="ailleurs.exemple.net")
    assert other.status == 400
    assert [word for word in INTERNALS if word in other.body.decode()] == []


def test_a_form_of_another_site_is_refused(port: int, commune: Commune) -> None:
    """G11."""
    visitor = Visitor(port, commune.session)
    sent = server.urlencode(commune.form).encode()
    kind = "application/x-www-form-urlencoded"
    for change in ({"Origin": "https://ailleurs.exemple.net"}, {"X-CSRFToken": "u" * 32}):
        assert visitor.send("POST", f"{commune.path}deposer/", sent, kind, **change).status == 403
    assert not Deposit.objects.exists()


def test_without_database_nothing_is_accepted_and_the_page_is_sober(production_folder: Path, commune: Commune) -> None:
    """J10, J11: an incident number, no trace of the program, and no receipt."""
    with server.running(production_folder, DATABASE_URL="postgresql://portal@/portal?host=/nowhere") as port:
        answers = [
            commune.deposit(port),
            Visitor(port, commune.session).get("/mes-actions/"),
            Visitor(port).get("/sante/"),
        ]
    assert [answer.status for answer in answers] == [500, 500, 503]
    for answer in answers:
        assert [word for word in INTERNALS if word in answer.body.decode()] == []
    assert re.search(r"\b[0-9a-f]{8}\b", answers[0].body.decode())
    assert not Deposit.objects.exists()


HOSTILE = ("\x00", "a\x00b", "\ud800", "é" * 100_000, "{" * 5000, "[" * 5000, "%", "'\"--", "\u202e", "9" * 400)


def test_hostile_input_is_never_an_error_of_the_portal(port: int, commune: Commune) -> None:
    """I12: NUL, halves of characters, endless fields, deep nesting: refused or kept as text, never a 500."""
    officer = make_role(commune.application.call, "manager")
    slug, seen = commune.application.call.slug, []
    town, staff, nobody = Visitor(port, commune.session), Visitor(port, server.session_of(officer)), Visitor(port)
    for text in HOSTILE:
        sent = text.encode("utf-8", "surrogatepass")
        short = server.quote(sent[:1500])
        for visitor, path in (
            (nobody, f"/appels/?q={short}&page={short}"),
            (nobody, f"/appels/{slug}/?commune={short}"),
            (nobody, f"/verifier/?numero={short}"),
            (nobody, f"/{short}/"),
            (nobody, f"/rejoindre/?q={short}&next={short}"),
            (staff, f"/gestion/appels/{slug}/communes/?q={short}&etat={short}&page={short}"),
            (town, f"{commune.path}fichiers/{short}/"),
        ):
            seen.append((visitor.get(path).status, path[:60], text[:4]))
        for visitor, path, names in (
            (town, f"{commune.path}sections/S1/enregistrer/", ("Q1", "Q2", "version")),
            (town, f"{commune.path}sections/S1/", ("Q1", "Q2", "version", "affichees")),
            (town, f"{commune.path}pieces/DELIB/promettre/", ("due_on",)),
            (town, f"{commune.path}deposer/", ("key", "confirm", "undertaking_U1")),
            (nobody, "/compte/login/", ("login", "password", "next")),
            (nobody, "/rejoindre/76254/", ("email", "full_name", "role_title", "signs")),
            (nobody, f"/appels/{slug}/questions/", ("question", "email", "text")),
        ):
            body = b"&".join(name.encode() + b"=" + server.quote(sent).encode() for name in names)
            answer = visitor.send("POST", path, body, "application/x-www-form-urlencoded")
            seen.append((answer.status, path[:60], text[:4]))
    assert [line for line in seen if line[0] >= 500] == []


def test_a_body_without_end_is_refused_before_it_is_read(port: int, commune: Commune) -> None:
    """I12: told by its length alone, with a page and not an incident."""
    visitor, form = Visitor(port, commune.session), "application/x-www-form-urlencoded"
    answer = visitor.send("POST", f"{commune.path}sections/S1/", b"Q1=a", form, Content_Length="10000000")
    assert answer.status == 400
    assert "Nous n’avons pas compris cette demande" in answer.body.decode()


def check(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    words = [*commands.manage("check"), *arguments]
    told = {**server.production(1, folder), "DATABASE_URL": server.database_url(), **environment}
    done = subprocess.run(words, env=told, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_what_an_operator_checks_before_opening(production_folder: Path) -> None:
    """J3: no warning with the settings of production; no start without a secret; no base that forgets."""
    assert check(production_folder, "--deploy", "--fail-level", "WARNING")[0] == 0
    code, said = check(production_folder, SECRET_KEY="")
    assert (code != 0, "SECRET_KEY" in said) == (True, True)
    code, said = check(production_folder, "--database", "default")
    assert (code, "portal.E003" in said) == (1, True)  # the base of the tests gives up surviving a power cut
