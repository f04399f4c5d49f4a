"""A call written wholly by hand, through the screens and without script, makes the same file as its model."""

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from calls.definition.dump import dump
from calls.definition.editing import part_at, path_of
from calls.definition.load import load
from calls.definition.reading import canonical, read
from calls.editor.rooms import ROOMS
from calls.models import Call
from portal.core.clock import portal_now
from tests.applications.files import pdf_upload
from tests.calls.pages import save, typed
from tests.factories import make_institution, make_member, make_role

pytestmark = pytest.mark.django_db
FULL = Path(__file__).parent / "full_call.yaml"
# What an open call and its rooms hold at first, which the model replaces: renamed, then removed.
FIRST = ("eligibility/R1", "sections/projet", "sections/projet/questions/titre", "windows/W1", "grid/criteria/C1",
         "agreement/articles/objet", "money/grants/A1")  # fmt: skip
# What is named elsewhere comes first.
LISTS = (
    "partners", "frame", "objectives", "axes", "texts", "tracks", "strata", "windows", "calendar", "pieces", "sections",
    "undertakings", "eligibility", "documents", "support/themes", "money/grants", "money/outside", "grid/criteria",
    "grid/bonuses", "grid/rankings", "reasons", "phases", "agreement/articles", "agreement/expertise", "indicators",
    "reminders",
)  # fmt: skip


class Hand:
    """Writes a call page by page, as its model shows it."""

    def __init__(self, client: Client, source: Call, target: Call) -> None:
        self.client, self.model = client, dump(source)
        self.source = f"/gestion/appels/{source.slug}/ecrire"
        self.call = target

    @property
    def target(self) -> str:
        self.call.refresh_from_db()
        return f"/gestion/appels/{self.call.slug}/ecrire"

    def post(self, path: str, data: dict[str, Any]) -> None:
        self.sent(self.client.post(f"{self.target}{path}", data), path)

    def sent(self, answer: HttpResponse, path: str) -> None:
        told = "" if answer.status_code == 302 else dict(answer.context["form"].errors)
        assert answer.status_code == 302, f"{path} : {told}"

    def begin(self) -> None:
        for room in ROOMS:
            if room.optional and room.used(self.model):
                self.post(f"/rubriques/{room.code}/ouvrir/", {})
        for address in FIRST[::-1]:
            url = f"{self.target}/fiches/{address}/"
            if self.client.get(url).status_code == 200:
                self.sent(save(self.client, url, code=renamed(address), project_title=[]), address)

    def end(self) -> None:
        for address in FIRST:
            holder, _, _ = address.rpartition("/")
            if not holder.startswith("sections/"):
                self.client.post(f"{self.target}/supprimer/{holder}/{renamed(address)}/", {"oui": "1"})

    def items(self, address: str) -> None:
        for item in part_at(self.model, path_of(self.model, address)):
            if address != "pieces" or item.condition is None:
                self.item(f"{address}/{item.code}", getattr(item, "kind", ""))
            if address == "sections":
                self.items(f"sections/{item.code}/questions")
                self.post(f"/supprimer/sections/{item.code}/questions/question/", {"oui": "1"})

    def conditional_pieces(self) -> None:
        """They depend on questions, some of which show a piece: written last, then moved up to their place."""
        for rank, piece in enumerate(self.model.pieces):
            if piece.condition is not None:
                self.item(f"pieces/{piece.code}", "")
                for _ in range(len(dump(self.call).pieces) - 1 - rank):
                    self.post(f"/deplacer/pieces/{piece.code}/", {"sens": "haut"})

    def item(self, address: str, kind: str) -> None:
        holder, _, _ = address.rpartition("/")
        page = self.client.get(f"{self.source}/fiches/{address}/")
        self.post(f"/ajouter/{holder}/?nature={kind}", typed(page))

    def room(self, code: str, **changes: str) -> None:
        path = f"/rubriques/{code}/"
        seen = typed(self.client.get(f"{self.target}{path}"))["vu"]
        self.post(path, {**typed(self.client.get(f"{self.source}{path}")), **changes, "vu": seen})

    def rooms(self) -> None:
        for room in ROOMS:
            if room.fields and room.used(self.model):
                own = {"slug": "ecrit-a-la-main", "code_prefix": "EALM"} if room.code == "identite" else {}
                self.room(room.code, **own)


def renamed(address: str) -> str:
    return f"x{address[-5:].replace('/', '_')}"


def opened(client: Client, owner: Any) -> Call:
    data = {
        "title": "Un appel écrit à la main", "edition": "2027",
        "opens_at-0": "2027-01-15", "opens_at-1": "09:00:00", "closes_at-0": "2027-03-31", "closes_at-1": "23:59:59",
    }  # fmt: skip
    answer = client.post(f"/gestion/organismes/{owner.uuid}/ouvrir/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    return Call.objects.latest("pk")


@pytest.mark.slow
def test_a_call_written_by_hand_makes_the_file_of_its_model(client: Client) -> None:
    owner, model, at = make_institution(), read(FULL.read_text()), portal_now()
    manager = make_member(owner, "manager")
    source = load(model, owner=owner, at=at)
    make_role(source, user=manager)
    client.force_login(manager)
    hand = Hand(client, source, opened(client, owner))
    hand.begin()
    hand.room("offre")
    for address in LISTS:
        hand.items(address)
    hand.conditional_pieces()
    hand.end()
    hand.rooms()
    client.post(f"{hand.target}/fichiers/reglement/", {"file": pdf_upload(name="reglement.pdf")})
    expected = model.model_copy(update={"slug": "ecrit-a-la-main", "code_prefix": "EALM"})
    exported = client.get(f"/gestion/appels/{hand.call.slug}/appel.yaml").content.decode()
    assert exported == canonical(expected)
    other = make_institution("200067445", "Buëch-Dévoluy", "buech-devoluy")
    elsewhere = load(read(exported).model_copy(update={"slug": "ailleurs", "code_prefix": "AIL"}), owner=other, at=at)
    assert dump(elsewhere) == model.model_copy(update={"slug": "ailleurs", "code_prefix": "AIL"})
