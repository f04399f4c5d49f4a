"""What is measured: the same work asked of the portal and of the floor."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

from .caller import Request
from .crowd import Writer, log_in, make_writers
from .large import QUESTION, SECTION, edited_question
from .world import World

WRITTEN = "besoins"


@dataclass(frozen=True)
class Probe:
    """The portal's request and the floor's, made anew for each trial."""

    name: str
    portal: Callable[[], Request]
    floor: Callable[[], Request]


def probes(world: World, trials: int) -> list[Probe]:
    """Every page and save of the benchmark."""
    slug, officer = world.call.slug, log_in(world.officer)
    president = log_in(world.president)
    ranked = f"jury/seances/{world.session.uuid}/classement/"
    return [
        both("Page publique de l’appel", f"appels/{slug}/", ""),
        Probe(
            "Tableau des communes",
            lambda: Request(f"/gestion/appels/{slug}/communes/", officer),
            lambda: Request(f"/plancher/appels/{slug}/communes/", officer),
        ),
        *writing(world, trials),
        Probe(
            "Classement du jury",
            lambda: Request(f"/{ranked}", president),
            lambda: Request(f"/plancher/{ranked.removeprefix('jury/')}", president),
        ),
        *big_call(world, officer),
    ]


def big_call(world: World, session: str) -> list[Probe]:
    """The back office of a call of 200 questions, 60 criteria and 40 documents: read, edited, previewed, exported."""
    call = world.large
    ours, floor = f"/gestion/appels/{call.slug}", f"/plancher/gestion/{call.slug}"
    part = f"sections/{SECTION}/questions/{QUESTION}"
    label = (f"Une autre question, {n}" for n in count())
    asked = {"hint": "Trois phrases au plus.", "max_length": "2000", "code": QUESTION}
    pages = (
        ("Grand appel, rubriques", f"{ours}/ecrire/", f"{floor}/"),
        ("Grand appel, une section", f"{ours}/ecrire/fiches/sections/{SECTION}/", f"{floor}/sections/{SECTION}/"),
        ("Grand appel, aperçu", f"{ours}/apercu/?section={SECTION}", f"{floor}/apercu/?section={SECTION}"),
        ("Grand appel, export", f"{ours}/appel.yaml", f"{floor}/appel.yaml"),
    )
    return [
        *(reading(name, one, other, session) for name, one, other in pages),
        Probe(
            "Grand appel, enregistrement",
            lambda: Request(f"{ours}/ecrire/fiches/{part}/", session, edited_question(call, next(label)), status=302),
            lambda: Request(
                f"{floor}/sections/{SECTION}/{QUESTION}/", session, {**asked, "label": next(label)}, status=302
            ),
        ),
    ]


def reading(name: str, ours: str, floor: str, session: str) -> Probe:
    return Probe(name, lambda: Request(ours, session), lambda: Request(floor, session))


def both(name: str, path: str, session: str) -> Probe:
    return Probe(name, lambda: Request(f"/{path}", session), lambda: Request(f"/plancher/{path}", session))


def writing(world: World, trials: int) -> list[Probe]:
    """The page of a section, its save as one types, the deposit: a draft of one's own for each deposit."""
    writers = make_writers(world, 2 * trials + 2)
    mine, other = writers[:2]
    portal, floor = iter(writers[2 : 2 + trials]), iter(writers[2 + trials :])
    undertakings = {f"undertaking_{u.code}": "on" for u in world.call.undertakings.all()}
    version = count(world.template.sections.get(section_code=WRITTEN).version)
    return [
        both("Page d’une section", f"candidatures/{mine.uuid}/sections/{WRITTEN}/", mine.session),
        Probe(
            "Enregistrement d’une section",
            lambda: saving(world, mine, next(version), "enregistrer/"),
            lambda: saving(world, other, 0, "", "/plancher"),
        ),
        Probe(
            "Dépôt",
            lambda: depositing(next(portal), undertakings),
            lambda: depositing(next(floor), {}, "/plancher"),
        ),
    ]


def saving(world: World, writer: Writer, version: int, end: str, start: str = "") -> Request:
    """The answers of a section, one of them new."""
    values = {**world.template.sections.get(section_code=WRITTEN).values, "besoins": f"Ombre et repos. {uuid4()}"}
    path = f"{start}/candidatures/{writer.uuid}/sections/{WRITTEN}/{end}"
    return Request(path, writer.session, {**values, "version": version, "affichees": ",".join(values)})


def depositing(writer: Writer, undertakings: dict[str, str], start: str = "") -> Request:
    data = {"key": str(uuid4()), "confirm": "on", **undertakings}
    return Request(f"{start}/candidatures/{writer.uuid}/deposer/", writer.session, data, status=302)
