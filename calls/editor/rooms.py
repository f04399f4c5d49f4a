"""The rooms of the back office: each shows some fields and some lists of the call document. Data, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from calls.definition import blank
from calls.definition.editing import Change
from calls.definition.schema import CallDocument
from calls.definition.tree import Path

Fields = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Room:
    """`fields`: those of its form; `lists`: the lists below it. An optional room tells how to begin and to leave it."""

    code: str
    title: str
    lead: str
    fields: Fields = ()
    lists: tuple[str, ...] = ()
    used: Callable[[CallDocument], bool] = lambda document: True
    begin: Callable[[CallDocument], Change] | None = None
    leave: Callable[[CallDocument], Change] | None = None
    invitation: str = ""

    @property
    def optional(self) -> bool:
        return self.begin is not None


def _dotted(text: str) -> Fields:
    return tuple(tuple(name.split(".")) for name in text.split())


ROOMS = (
    Room(
        "identite",
        "Identité",
        "Ce qui nomme l’appel, dans les listes, les adresses et les numéros.",
        _dotted("title edition call_type summary themes slug code_prefix programme.title programme.code"),
    ),
    Room(
        "presentation",
        "Présentation",
        "Ce que l’on lit sur la page de l’appel.",
        _dotted("goal brief"),
        ("texts",),
    ),
    Room(
        "partenaires",
        "Organisateur et partenaires",
        "Qui appelle, avec qui, et qui répond au téléphone.",
        _dotted(
            "owner.name owner.service contact.service contact.phone contact.hours contact.mail contact.address"
        ),
        ("partners",),
    ),
    Room(
        "cadre",
        "Cadre et objectifs",
        "Les textes dans lesquels l’appel s’inscrit, ce qu’il vise, ses axes.",
        (),
        ("frame", "objectives", "axes"),
    ),
    Room(
        "offre",
        "Offre",
        "Ce que reçoivent les communes retenues, et pendant combien de temps.",
        _dotted("support.kinds support.text support.months support.max_months"),
        ("support/themes",),
    ),
    Room(
        "argent",
        "Argent",
        "L’enveloppe, sa répartition, les aides et leurs taux.",
        _dotted("money.total money.tax money.cuts"),
        ("money/grants", "money/outside"),
        used=lambda document: document.money is not None,
        begin=blank.with_money,
        leave=blank.without("money"),
        invitation="Cet appel donne de l’argent",
    ),
    Room(
        "calendrier",
        "Calendrier",
        "Quand on dépose, et les dates qui suivent.",
        (),
        ("windows", "calendar"),
    ),
    Room(
        "candidats",
        "Territoire et candidats",
        "Où, et qui peut candidater.",
        _dotted(
            "perimeter.kind perimeter.codes perimeter.label applicants.kinds applicants.public applicants.text "
            "applicants.group access.kind access.invited access.call"
        ),
        ("tracks", "strata"),
    ),
    Room(
        "eligibilite",
        "Éligibilité",
        "Les règles que le portail vérifie, et la phrase que chacun lit.",
        (),
        ("eligibility",),
    ),
    Room(
        "formulaire",
        "Formulaire",
        "Des sections courtes, puis les engagements de la personne qui signe.",
        (),
        ("sections", "undertakings"),
    ),
    Room(
        "pieces",
        "Pièces et documents",
        "Ce que le candidat joint, et ce qu’il peut télécharger.",
        (),
        ("pieces", "documents"),
    ),
    Room(
        "instruction",
        "Instruction",
        "Ce que l’on vérifie, comment un dossier incomplet se complète, sous quel délai les services répondent.",
        _dotted("examination.completion_days examination.completion_expiry examination.opinion_days"),
        ("examination/checklist", "examination/fields"),
    ),
    Room(
        "grille",
        "Grille et classements",
        "Les critères, leurs points, ce qu’il faut pour être retenu.",
        _dotted(
            "grid.mode grid.scale_max grid.scale_labels grid.levels grid.total grid.threshold grid.max_selected "
            "grid.reserve_size grid.tie_break grid.aggregate grid.abstention grid.unjudged grid.comment "
            "grid.technical_visible_to_jury"
        ),
        ("grid/criteria", "grid/bonuses", "grid/rankings"),
        used=lambda document: document.grid.mode != "none",
        begin=blank.with_grid,
        leave=blank.without_grid,
        invitation="Les candidatures sont notées",
    ),
    Room(
        "jury",
        "Jury",
        "Qui siège, et comment on délibère.",
        _dotted(
            "jury.seats jury.quorum jury.quorum_share jury.quorum_strict jury.quorum_colleges jury.required_seats "
            "jury.majority jury.ballot jury.casting_vote jury.tie jury.proxies jury.proxies_in_quorum "
            "jury.readers jury.max_load jury.phases jury.hearing"
        ),
        used=lambda document: document.jury is not None,
        begin=blank.with_jury,
        leave=blank.without("jury"),
        invitation="Un jury se réunit",
    ),
    Room(
        "decision",
        "Décision et motifs",
        "Qui décide, par quel acte, et les phrases des lettres.",
        _dotted(
            "decision.authority decision.act decision.signatory decision.court.name decision.court.address "
            "decision.reserve_months outcomes"
        ),
        ("reasons",),
    ),
    Room(
        "accompagnement",
        "Accompagnement",
        "Les phases qui suivent la décision, mois par mois.",
        (),
        ("phases",),
    ),
    Room(
        "convention",
        "Convention",
        "La trame de ce que signe chaque commune retenue.",
        _dotted("agreement.title agreement.months agreement.follow_on_months agreement.recitals agreement.annexes"),
        ("agreement/articles", "agreement/expertise"),
        used=lambda document: document.agreement is not None,
        begin=blank.with_agreement,
        leave=blank.without("agreement"),
        invitation="Une convention est signée",
    ),
    Room("indicateurs", "Indicateurs", "Ce que l’on mesurera, et la cible.", (), ("indicators",)),
    Room("relances", "Relances", "Les courriels qui partent d’eux-mêmes avant une échéance.", (), ("reminders",)),
    Room(
        "donnees",
        "Données personnelles",
        "Ce que l’on fait des données, et combien de temps.",
        _dotted("data_notice.text data_notice.dpo_mail data_notice.draft_months data_notice.not_selected_years "
                "data_notice.selected_years"),
    ),
)  # fmt: skip
GRID_ROOM = "grille"
BY_CODE = {room.code: room for room in ROOMS}

# Written by the file only, and kept as they are by every screen.
FILE_ONLY = ("format", "template", "inherits", "owner.siren")


def room_of(path: Path) -> Room:
    """The room where a path of the document is edited."""
    return _room_named(tuple(step for step in path if isinstance(step, str)))


@cache
def _room_named(names: tuple[str, ...]) -> Room:
    return max(ROOMS, key=lambda room: _closeness(room, names))


def _closeness(room: Room, names: tuple[str, ...]) -> int:
    """How well a room names a path: by its own field or list, else by the group where one of them stands."""
    places = [*room.fields, *(tuple(address.split("/")) for address in room.lists)]
    exact = max((2 * len(place) for place in places if names[: len(place)] == place), default=0)
    return exact or int(any(place[:1] == names[:1] for place in places))
