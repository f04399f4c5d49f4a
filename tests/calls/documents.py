"""A small call as text, and ways to alter it."""

from calls.definition.check import check
from calls.definition.reading import BadDocument, read
from calls.definition.schema import CallDocument

SMALL = """\
format: 1
title: Des places à vivre
slug: des-places-a-vivre-2027
code_prefix: DPV
edition: "2027"
programme:
  code: DPV
  title: Des places à vivre
summary: Un appel d’essai.
goal: Faire vivre les places.
owner:
  siren: "200084952"
  name: Le Havre Seine Métropole
contact:
  service: Service des places
  phone: 02 35 00 00 00
  hours: du lundi au vendredi, 9 h à 17 h
  mail: places@exemple.fr
support:
  kinds: [method]
  text: Un an d’accompagnement.
  months: 12
windows:
  - code: W1
    opens_at: 2027-01-15 09:00:00
    closes_at: 2027-06-30 23:59:59
perimeter:
  kind: intercommunality
  codes: ["200084952"]
  label: Le Havre Seine Métropole
eligibility:
  - kind: perimeter
    code: R1
    label: Membre
    sentence: La commune est membre de l’intercommunalité.
sections:
  - code: projet
    title: Le projet
    questions:
      - code: titre
        kind: text
        label: Titre du projet
      - code: etat
        kind: single
        label: Où en est le projet ?
        options:
          - {code: idee, label: Une idée}
          - {code: travaux, label: En travaux}
grid:
  mode: numeric
  criteria:
    - code: C1
      label: Intérêt
      points: 60
      sections: [projet]
    - code: C2
      label: Faisabilité
      points: 40
      sections: [projet]
decision:
  authority: Bureau communautaire
  act: board_resolution
  signatory: Le Président
  court:
    name: Tribunal administratif de Rouen
    address: 76000 Rouen
data_notice:
  dpo_mail: dpd@exemple.fr
  text: Les données servent à instruire la candidature.
"""


def altered(*pairs: tuple[str, str], text: str = SMALL) -> str:
    """The small call with each `old` replaced by `new`; an `old` that is not there is a fault of the test."""
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def small(*pairs: tuple[str, str]) -> CallDocument:
    return read(altered(*pairs))


def line_of(text: str, words: str) -> int:
    """The line (from 1) where `words` begin, once in the text."""
    assert text.count(words) == 1, words
    return text[: text.index(words)].count("\n") + 1


def errors(text: str) -> list[tuple[int, str]]:
    """The lines and the sentences of the errors of a text, with ordinary spaces; none when it is right."""
    try:
        read(text)
    except BadDocument as bad:
        return [(problem.line, ordinary(problem.message)) for problem in bad.problems]
    return []


def advice(text: str) -> list[tuple[int, str]]:
    """The lines and the sentences of the advice on a text without error, with ordinary spaces."""
    report = check(text.encode())
    assert report.errors == ()
    return [(problem.line, ordinary(problem.message)) for problem in report.advice]


def says(text: str, *expected: tuple[str, str]) -> None:
    """The advice on a text is these sentences and no other, each on the line where its words stand once."""
    assert advice(text) == [(line_of(text, words), message) for words, message in expected]


def ordinary(text: str) -> str:
    """The text with plain spaces, to compare words and not spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")
