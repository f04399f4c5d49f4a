"""French typography: every sentence is compared whole, with its no-break spaces written out."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import typography as ty
from portal.core import words

S = "\u00a0"  # no-break space
F = "\u202f"  # narrow no-break space


def paris(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, None, "0"),
        (999, None, "999"),
        (1102, None, f"1{F}102"),
        (1240000, None, f"1{F}240{F}000"),
        (-3, None, "−3"),
        (Decimal("67.38"), None, "67,38"),
        (Decimal("67.375"), 2, "67,38"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("1E+3"), None, f"1{F}000"),
    ],
)
def test_numbers(value, decimals, expected):
    assert ty.format_number(value, decimals=decimals) == expected


def test_amounts_and_percentages():
    assert ty.format_amount(Decimal("1250.5")) == f"1{F}250,50{S}€"
    assert ty.format_amount(Decimal("55800"), unit=None) == f"55{F}800,00"
    assert ty.format_percent(Decimal("31.4")) == f"31,4{S}%"


def test_plural_begins_at_two():
    assert ty.format_quantity(0, "pièce") == f"0{S}pièce"
    assert ty.format_quantity(Decimal("1.5"), "jour") == f"1,5{S}jour"
    assert ty.format_quantity(5, "pièce") == f"5{S}pièces"
    assert ty.format_quantity(2, "cheval", "chevaux") == f"2{S}chevaux"
    assert ty.choose(3, "voix", "voix") == "voix"


@pytest.mark.parametrize(
    ("octets", "expected"),
    [(340, f"340{S}o"), (210_400, f"210{S}ko"), (999_600, f"1,0{S}Mo"), (3_120_000, f"3,1{S}Mo")],
)
def test_sizes(octets, expected):
    assert ty.format_size(octets) == expected


def test_ordinals():
    assert [ty.ordinal(1), ty.ordinal(1, feminine=True), ty.ordinal(2)] == ["1er", "1re", "2e"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "zéro"),
        (16, "seize"),
        (21, "vingt et un"),
        (31, "trente et un"),
        (71, "soixante et onze"),
        (77, "soixante-dix-sept"),
        (80, "quatre-vingts"),
        (81, "quatre-vingt-un"),
        (91, "quatre-vingt-onze"),
        (99, "quatre-vingt-dix-neuf"),
        (100, "cent"),
        (101, "cent un"),
        (200, "deux cents"),
        (280, "deux cent quatre-vingts"),
        (1000, "mille"),
        (1999, "mille neuf cent quatre-vingt-dix-neuf"),
        (80_000, "quatre-vingt mille"),
        (200_001, "deux cent mille un"),
        (1_000_000, "un million"),
        (80_000_000, "quatre-vingts millions"),
    ],
)
def test_numbers_in_words(number, expected):
    assert words.number_in_words(number) == expected


def test_words_agree_and_refuse():
    assert words.number_in_words(21, feminine=True) == "vingt et une"
    assert words.number_in_words(81, feminine=True) == "quatre-vingt-une"
    assert words.number_in_words(2, feminine=True) == "deux"
    with pytest.raises(ValueError, match="out of range"):
        words.number_in_words(-1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1250.50", "mille deux cent cinquante euros et cinquante centimes"),
        ("1", "un euro"),
        ("0.01", "zéro euro et un centime"),
        ("2000000", "deux millions d’euros"),
    ],
)
def test_amounts_in_words(value, expected):
    assert words.amount_in_words(Decimal(value)) == expected


def test_dates():
    day = date(2026, 3, 31)
    assert ty.format_date(day) == f"31{S}mars{S}2026"
    assert ty.format_date(day, weekday=True) == f"mardi 31{S}mars{S}2026"
    assert ty.format_date_short(day) == f"mar.{S}31{S}mars"
    assert ty.format_date_short(day, year=True) == f"mar.{S}31{S}mars{S}2026"
    assert ty.format_day(date(2027, 6, 1)) == f"1er{S}juin"
    assert ty.format_month(date(2026, 6, 9)) == f"juin{S}2026"


def test_an_instant_is_read_in_paris_whatever_its_zone():
    at = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    assert ty.format_date(at) == f"1er{S}avril{S}2026"
    assert ty.format_instant(at) == f"mercredi 1er{S}avril{S}2026 à 0{S}h{S}30"


def test_times():
    assert ty.format_time(time(9, 0)) == f"9{S}h{S}00"
    assert ty.format_time(paris(2026, 3, 12, 16, 4, 27), seconds=True) == f"16{S}h{S}04{S}min{S}27{S}s"


def test_legal_instant_computes_its_offset():
    summer = datetime(2027, 3, 30, 14, 42, 8, tzinfo=UTC)
    assert ty.format_instant_legal(summer) == (
        f"mardi 30{S}mars{S}2027 à 16{S}h{S}42{S}min{S}08{S}s, heure de Paris (UTC{S}+{S}2)"
    )
    assert ty.zone_label(paris(2026, 1, 15, 9)) == f"heure de Paris (UTC{S}+{S}1)"
    cayenne, marquises = ZoneInfo("America/Cayenne"), ZoneInfo("Pacific/Marquesas")
    assert ty.zone_label(summer, zone=cayenne, label="heure de Cayenne") == f"heure de Cayenne (UTC{S}−{S}3)"
    assert ty.zone_label(summer, zone=marquises, label="heure de Nuku-Hiva").endswith(f"(UTC{S}−{S}9{S}h{S}30)")
    assert ty.format_iso(summer) == "2027-03-30T14:42:08Z"


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="naive"):
        ty.format_date(datetime(2026, 3, 31))


CLOSING = paris(2026, 3, 31, 23, 59, 59)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (paris(2026, 3, 12, 14, 32), f"19{S}jours"),
        (paris(2026, 3, 12, 23, 59, 59), f"19{S}jours"),
        (paris(2026, 3, 29, 23, 59, 59), f"2{S}jours"),
        (paris(2026, 3, 30, 0, 0, 0), f"47{S}h{S}59{S}min"),
        (paris(2026, 3, 31, 18, 47, 59), f"5{S}h{S}12{S}min"),
        (paris(2026, 3, 31, 23, 47, 0), f"12{S}min"),
        (paris(2026, 3, 31, 23, 59, 30), "moins d’une minute"),
        (paris(2026, 4, 1, 0, 0, 0), ""),
    ],
)
def test_time_left(at, expected):
    assert ty.time_left(CLOSING, at) == expected
    assert ty.sentence_left(CLOSING, at) == (f"Il reste {expected}" if expected else "")


def test_time_left_across_the_hour_of_winter_never_says_one_day():
    until, at = paris(2026, 10, 26, 1), paris(2026, 10, 24, 2)
    assert until.astimezone(UTC) - at.astimezone(UTC) == timedelta(hours=48)
    assert ty.time_left(until.astimezone(UTC), at.astimezone(UTC)) == f"2{S}jours"


def test_lateness():
    at = paris(2026, 3, 12, 10)
    assert ty.late_label(date(2026, 3, 9), at) == f"En retard de 3{S}jours"
    assert ty.late_label(date(2026, 3, 11), at) == "En retard d’un jour"
    assert ty.late_label(date(2026, 3, 12), at) == ""
    assert ty.late_label(paris(2026, 3, 12, 9), at) == "En retard depuis aujourd’hui"
    assert ty.late_label(paris(2026, 3, 12, 11), at) == ""


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 12), "aujourd’hui"),
        (date(2026, 3, 11), "hier"),
        (date(2026, 3, 3), f"il y a 9{S}jours"),
        (date(2026, 1, 3), f"3{S}janvier{S}2026"),
        (date(2026, 3, 13), f"13{S}mars{S}2026"),
    ],
)
def test_ago(day, expected):
    assert ty.format_ago(day, paris(2026, 3, 12, 10)) == expected


@pytest.mark.parametrize(
    ("name", "link", "of", "at"),
    [
        ("Étretat", 1, "d’Étretat", "à Étretat"),
        ("Le Havre", 2, "du Havre", "au Havre"),
        ("La Cerlangue", 3, "de La Cerlangue", "à La Cerlangue"),
        ("Les Trois-Pierres", 4, "des Trois-Pierres", "aux Trois-Pierres"),
        ("L'Abergement-de-Varey", 5, "de L’Abergement-de-Varey", "à L’Abergement-de-Varey"),
        ("Turretot", 0, "de Turretot", "à Turretot"),
        ("Héricourt", 0, "de Héricourt", "à Héricourt"),
    ],
)
def test_places_follow_the_official_article(name, link, of, at):
    assert (ty.place_of(name, link), ty.place_at(name, link)) == (of, at)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("L'été, qu'en dire ?", f"L’été, qu’en dire{F}?"),
        ("Vraiment! Oui; bien.", f"Vraiment{F}! Oui{F}; bien."),
        ("À suivre : la réponse", f"À suivre{S}: la réponse"),
        ("Bilan: bon", f"Bilan{S}: bon"),
        ("dire « oui » ou « non »", f"dire «{F}oui{F}» ou «{F}non{F}»"),
        ("le 1er juin 2027 à 23 h 59", f"le 1er{S}juin{S}2027 à 23{S}h{S}59"),
        ("à 16 h 04 min 27 s", f"à 16{S}h{S}04{S}min{S}27{S}s"),
        ("31,4 % de 600 m² pour 41 €", f"31,4{S}% de 600{S}m² pour 41{S}€"),
        ("l’article 7, n° 12, M. le Maire", f"l’article{S}7, n°{S}12, M.{S}le Maire"),
        ("à 10 h...", f"à 10{S}h…"),
        ("en 5 secteurs et 3 hameaux", "en 5 secteurs et 3 hameaux"),
        ("voir https://exemple.fr/?a=1;b=2 ou 16:04:27", "voir https://exemple.fr/?a=1;b=2 ou 16:04:27"),
        ("le code 2027 14", "le code 2027 14"),
    ],
)
def test_prose(raw, expected):
    assert ty.typeset(raw) == expected


@given(st.text(alphabet="a1é 'h%?!:;«». \u00a0\u202fm", max_size=40))
def test_prose_is_idempotent(text):
    once = ty.typeset(text)
    assert ty.typeset(once) == once


def test_superscript_leaves_fingerprints_alone():
    assert ty.superscript(f"1er{S}juin, 2e sur 16") == f"1<sup>er</sup>{S}juin, 2<sup>e</sup> sur 16"
    assert ty.superscript("51aa 7e 64 2e9f") == "51aa 7e 64 2e9f"
