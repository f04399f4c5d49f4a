"""The outline of an agreement, its fields replaced from a closed list."""

import pytest

from support.agreements.outline import Article, OutlineError, contracted, filled


def test_fields_are_replaced_and_dashes_become_points() -> None:
    article = Article("Objet", ("La commune {de_la_commune} :\n- vient ;\n- voit.", "Fin le {fin}."))
    assert filled([article], {"de_la_commune": "d’Étretat", "fin": "6 juin 2028"}) == [
        {
            "number": 1,
            "title": "Objet",
            "paragraphs": ["La commune d’Étretat :"],
            "points": ["vient", "voit"],
            "after": ["Fin le 6 juin 2028."],
            "table": None,
        }
    ]


def test_what_follows_the_points_stays_after_them() -> None:
    (block,) = filled([Article("Engagements", ("Elle :\n- vient ;\n- voit.", "Elle reste seule juge."))], {})
    assert (block["paragraphs"], block["points"], block["after"]) == (
        ["Elle :"],
        ["vient", "voit"],
        ["Elle reste seule juge."],
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("le bureau communautaire", "du bureau communautaire"),
        ("bureau communautaire", "du bureau communautaire"),
        ("la commission permanente", "de la commission permanente"),
        ("l’assemblée", "de l’assemblée"),
    ],
)
def test_the_body_that_decided_is_contracted(body: str, said: str) -> None:
    assert contracted(body) == said


def test_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(OutlineError, match="« Objet » emploie le champ {maire}, qui n’existe pas."):
        filled([Article("Objet", ("{maire}",))], {"maire": "x"})


def test_a_field_without_value_is_refused() -> None:
    with pytest.raises(OutlineError, match="qui n’est pas connu"):
        filled([Article("Objet", ("{jury}",))], {"jury": ""})
