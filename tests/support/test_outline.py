"""The outline of an agreement, its fields replaced from a closed list."""

import pytest

from support.agreements.outline import Article, OutlineError, filled


def test_fields_are_replaced_and_dashes_become_points() -> None:
    article = Article("Objet", ("La commune {de_la_commune} :\n- vient ;\n- voit.", "Fin le {fin}."))
    assert filled([article], {"de_la_commune": "d’Étretat", "fin": "6 juin 2028"}) == [
        {
            "number": 1,
            "title": "Objet",
            "paragraphs": ["La commune d’Étretat :", "Fin le 6 juin 2028."],
            "points": ["vient ;", "voit."],
            "table": None,
        }
    ]


def test_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(OutlineError, match="« Objet » emploie le champ {maire}, qui n’existe pas."):
        filled([Article("Objet", ("{maire}",))], {"maire": "x"})


def test_a_field_without_value_is_refused() -> None:
    with pytest.raises(OutlineError, match="qui n’est pas connu"):
        filled([Article("Objet", ("{jury}",))], {"jury": ""})
