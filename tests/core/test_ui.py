"""The data of the components: the chain lights one link."""

import pytest

from portal.core import ui


def test_the_chain_lights_one_link_and_keeps_its_words():
    stages = ui.chain("jury", facts={"jury": ("5 mai", "auditions")}, urls={"call": "/appels/tps/"})
    assert [(stage.label, stage.state) for stage in stages] == [
        ("Appel", "done"),
        ("Candidature", "done"),
        ("Instruction", "done"),
        ("Jury", "now"),
        ("Convention", "next"),
        ("Accompagnement", "next"),
        ("Impacts", "next"),
    ]
    assert (stages[3].fact, stages[3].detail, stages[0].url, stages[1].url) == (
        "5 mai",
        "auditions",
        "/appels/tps/",
        "",
    )
    assert [stages[0].spoken, stages[3].spoken, stages[6].spoken] == [
        "étape terminée",
        "étape en cours",
        "étape à venir",
    ]


def test_a_call_without_jury_omits_its_link():
    stages = ui.chain("support", omit={"jury", "agreement"})
    assert [stage.code for stage in stages] == ["call", "application", "examination", "support", "impact"]
    with pytest.raises(ValueError, match="jury"):
        ui.chain("jury", omit={"jury"})
