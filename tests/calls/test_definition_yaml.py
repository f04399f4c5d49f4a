"""A file is read as texts with lines: no YAML trap turns a code, an hour or a word into something else."""

import pytest

from calls.definition.reading import BadDocument, decode, read, read_file
from calls.definition.tree import Node, Problem, UnreadableFile, locate, parse
from tests.calls.documents import SMALL, altered, errors, ordinary


def refusal(text: str) -> tuple[int, int, str]:
    with pytest.raises(UnreadableFile) as caught:
        parse(text)
    problem = caught.value.problem
    return problem.line, problem.column, ordinary(problem.message)


def test_what_yaml_would_guess_stays_text():
    tree, problems = parse("a: 05006\nb: 12:30\nc: on\nd: 2027-03-31\ne: 1e3\nf: 'null'\ng: yes\nh: 0x1F\n")
    assert problems == []
    assert tree.plain() == {
        "a": "05006",
        "b": "12:30",
        "c": "on",
        "d": "2027-03-31",
        "e": "1e3",
        "f": "null",
        "g": "yes",
        "h": "0x1F",
    }


def test_a_key_without_value_counts_as_not_written():
    assert parse("a:\nb: ~\nc: null\nd: ''\nl: [~, x]\n")[0].plain() == {"d": "", "l": ["", "x"]}


def test_an_empty_line_of_a_folded_text_parts_paragraphs():
    assert parse("a: >\n  un\n  deux\n\n  trois\n")[0].plain() == {"a": "un deux\n\ntrois\n\n"}


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a: 1\nb: x: y\n", 2, 5, "« : » inattendu : mettez le texte entre guillemets, ou revoyez le retrait de la ligne."),
        ("a:\n  b: 1\n   c: 2\n", 3, 5, "« : » inattendu : mettez le texte entre guillemets, ou revoyez le retrait de la ligne."),
        ("a:\n\t- b\n", 2, 1, "une tabulation n’est pas admise : mettez des espaces."),
        ("a: @x\n", 1, 4, "un texte ne peut pas commencer ainsi : mettez-le entre guillemets."),
        ("a: 'x\n", 2, 1, "un guillemet n’est pas refermé."),
        ("a: [1, 2\n", 2, 1, "un crochet ou une accolade n’est pas refermé."),
        ("a:\n  - b\n c: 1\n", 3, 2, "le retrait ne suit pas les lignes au-dessus : alignez les clés d’un même groupe."),
        ("a:\n  - b\n  c: 1\n", 3, 3, "le retrait ne suit pas les lignes au-dessus : alignez les tirets d’une même liste."),
        ("a: - b\n", 1, 4, "une liste n’est pas admise à cet endroit : allez à la ligne après « : »."),
        ("a: 1\nbcd\n", 3, 1, "une clé est attendue ici, suivie de « : » et d’une espace."),
        ("%YAML 9.9\n---\na: 1\n", 1, 1, "la forme de cette ligne est illisible."),
        ("a: &x 1\nb: *x\n", 1, 4, "les renvois (« & » et « * ») ne sont pas admis : recopiez le texte."),
        ("a: *x\n", 1, 4, "les renvois (« & » et « * ») ne sont pas admis : recopiez le texte."),
        ("a: !!int 3\n", 1, 4, "« tag:yaml.org,2002:int » n’est pas admis : retirez ce qui commence par « ! »."),
        ("a: 1\n---\nb: 2\n", 2, 1, "un seul appel par fichier : retirez « --- » et ce qui suit."),
        ("? [a]\n: b\n", 1, 3, "une clé est attendue ici, suivie de « : »."),
        ("a: 1\nb: é\x01\n", 2, 5, "un caractère invisible n’est pas admis : effacez-le."),
        ("a: " + "[" * 60, 1, 43, "trop de niveaux les uns dans les autres."),
        ("- a\n", 0, 0, "ce fichier ne décrit pas un appel : commencez par « format: 1 », puis « title: … »."),
        ("", 0, 0, "ce fichier ne décrit pas un appel : commencez par « format: 1 », puis « title: … »."),
        ("a: " + "x" * 2_000_000, 0, 0, "le fichier est trop gros pour un appel : deux millions de caractères au plus."),
    ],
)  # fmt: skip
def test_an_unreadable_file_says_where_and_what_to_write(text, line, column, message):
    assert refusal(text) == (line, column, message)


def test_copies_that_explode_are_refused_at_once():
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert refusal(bomb)[0] == 1


def test_a_key_written_twice_is_said_with_the_other_errors():
    text = altered(("summary: Un appel d’essai.\n", "summary: Un appel d’essai.\ntitle: Autre\nedtion: 2\n"))
    assert errors(text) == [
        (10, "« title » est écrit deux fois (déjà ligne 2) : gardez l’un des deux."),
        (11, "« edtion » n’est pas connu : écrivez « edition »."),
    ]


def test_a_file_must_be_utf8_and_may_begin_with_a_mark():
    assert read_file(b"\xef\xbb\xbf" + SMALL.encode()) == read(SMALL)
    with pytest.raises(BadDocument) as caught:
        decode("a: 1\nb: é\n".encode("latin-1"))
    assert (
        ordinary(str(caught.value))
        == "ligne 2, colonne 1 : le fichier n’est pas en UTF-8 : enregistrez-le en « UTF-8 »."
    )


def test_windows_line_ends_change_nothing():
    assert read(SMALL.replace("\n", "\r\n")) == read(SMALL)


def test_locate_finds_keys_items_and_the_group_of_a_missing_key():
    tree, _ = parse("a:\n  - code: X\n    b: 1\n  - code: Y\n")
    assert locate(tree, ("a", 0, "b")) == (3, 5, ("a", 0, "b"))
    assert locate(tree, ("a", 1)) == (4, 5, ("a", 1))
    assert locate(tree, ("a", 1, "b")) == (4, 5, ("a", 1, "b"))
    assert locate(tree, ("a", 1, "variant", "code")) == (4, 5, ("a", 1, "code"))
    assert locate(tree, ("a", 7)) == (1, 1, ("a",))


def test_a_place_stops_at_a_key_without_value():
    tree, _ = parse("a:\nb: 1\n")
    assert locate(tree, ("a", "x")) == (1, 1, ("a",))


def test_a_problem_reads_as_one_line():
    assert str(Problem("écrivez ceci.")) == "écrivez ceci."
    assert str(Problem("écrivez « x ».", ("a",), 3, 7, "a")) == "ligne 3, colonne 7 (a)\u00a0: écrivez «\u202fx\u202f»."


def test_a_node_keeps_its_place():
    tree, _ = parse("a: x\n")
    assert isinstance(tree.value["a"], Node)
    assert (tree.value["a"].line, tree.value["a"].column) == (1, 4)
