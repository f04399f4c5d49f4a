"""All the questions on paper: every kind of question says what to write, and when it is asked."""

from calls.definition.form import QuestionKind
from calls.definition.reading import read
from calls.documents import questions_snapshot
from tests.calls.conftest import FULL


def ordinary(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_every_kind_of_question_is_on_paper() -> None:
    document = read(FULL)
    snapshot = questions_snapshot(document)
    blocks = {block["label"]: block for section in snapshot["sections"] for block in section["questions"]}
    assert {question.kind for question in document.questions} == set(QuestionKind.__args__)
    assert {block["kind"] for block in blocks.values()} >= {"tableau", "fichier", "engagement à cocher", "commune"}
    table = blocks["Financements"]
    assert (table["columns"], len(table["rows"])) == (["Financeur", "Montant (€)", "État"], 1)
    assert blocks["Délibération"]["hint"] == "Pièce : Délibération."
    assert ordinary(blocks["Pourquoi maintenant ?"]["condition"]) == (
        "si la réponse à « Où en est le projet ? » est « Une idée » "
        "ou la réponse à « Quels risques ? » ne comprend pas « L’eau »"
    )
    assert snapshot["undertakings"] == ["Accepter les visites", "Associer les habitants"]
