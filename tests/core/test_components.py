"""The components as tags: their words, their markup, and what they never say."""

import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import SafeString

from portal.core import icons, ui
from portal.core.typography import PARIS

NOW = datetime(2026, 3, 12, 14, 32, tzinfo=PARIS)
CLOSES = datetime(2026, 3, 31, 23, 59, 59, tzinfo=PARIS)
S, F = "\u00a0", "\u202f"


def draw(source, **context):
    return Template(source).render(Context(context))


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_data(self, data):
        if data.strip():
            self.found.append(data.strip())


def words(html):
    parser = _Words()
    parser.feed(html)
    return parser.found


# --- chain -------------------------------------------------------------------------------------------------------


def test_the_full_chain_lights_one_link_and_says_each_state():
    html = draw("{% chain stages %}", stages=ui.chain("jury", facts={"jury": ("5 mai", "auditions")}))
    assert html.count('aria-current="step"') == 1
    spoken = [w for w in words(html) if "étape" in w and w.startswith(",")]
    assert spoken == [", étape terminée"] * 3 + [", étape en cours"] + [", étape à venir"] * 3
    assert words(html)[-2:] == [f"Étape 4 sur 7{S}: Jury", f"Ensuite{S}: convention"]


def test_the_mini_chain_is_one_image_with_a_text_name():
    html = draw("{% chain_mini stages %}", stages=ui.chain("application"))
    assert f'role="img" aria-label="Étape 2 sur 7{S}: Candidature"' in html
    assert words(html) == [f"Étape 2 sur 7{S}: candidature"]
    assert re.findall(r'class="cm-link (\w+)"', html) == ["done", "now"] + ["next"] * 5


def test_the_mini_chain_of_a_call_without_jury_counts_its_own_links():
    html = draw("{% chain_mini stages below=True %}", stages=ui.chain("impact", omit={"jury"}))
    assert words(html) == [f"Étape 6 sur 6{S}: Impacts"]


# --- states ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ui.BADGES)
def test_each_state_has_a_word_an_icon_and_a_shape(code):
    html = draw("{% badge code %}", code=code)
    assert words(html) == [ui.BADGES[code].label]
    assert html.count("<svg") == 1
    assert f"badge-{ui.BADGES[code].tone}" in html


def test_draft_and_deposited_share_neither_shape_nor_icon():
    draft, deposited = draw('{% badge "draft" %}'), draw('{% badge "deposited" "Déposé le 12 mars" %}')
    assert words(deposited) == ["Déposé le 12 mars"]
    assert icons.icon_body("pencil") in draft
    assert icons.icon_body("check-circle-fill") in deposited


def test_banners_are_status_regions_without_a_button():
    draft = draw("{% draft_banner text %}", text="Seul le maire peut déposer.")
    deposited = draw('{% deposited_banner "Étretat" number="TPS-2026-0007" %}')
    assert words(draft) == ["Brouillon, non déposé", "Seul le maire peut déposer."]
    assert words(deposited) == ["Candidature déposée", "Étretat", "TPS-2026-0007"]
    for html in (draft, deposited):
        assert 'role="status"' in html
        assert "<button" not in html
        assert "<a " not in html


def test_an_unknown_icon_is_refused():
    for name in ("no-such-icon", "../package", ""):
        with pytest.raises(ValueError, match="icon"):
            icons.draw_icon(name)


# --- deadline, calendar ------------------------------------------------------------------------------------------


def test_the_deadline_says_left_then_date_then_zone():
    html = draw('{% deadline until now title="Il reste" %}', until=CLOSES, now=NOW)
    assert words(html) == [f"Il reste 19{S}jours", f"mardi 31{S}mars{S}2026, 23{S}h{S}59", "heure de Paris"]
    assert 'datetime="2026-03-31T23:59:59+02:00"' in html


def test_the_deadline_of_today_gives_hours_and_both_zones():
    html = draw("{% deadline until now other=o %}", until=NOW + timedelta(hours=5, minutes=12), now=NOW, o="14 h 44")
    assert words(html) == [f"5{S}h{S}12{S}min", f"aujourd’hui, 19{S}h{S}44", "heure de Paris, 14 h 44"]


def test_a_past_deadline_turns_late_by_itself_and_counts_no_more():
    html = draw("{% deadline until now %}", until=NOW - timedelta(days=3), now=NOW)
    assert words(html)[0] == f"En retard de 3{S}jours"
    assert "deadline-late" in html
    assert "data-countdown" not in html


def test_an_opening_gives_its_day():
    html = draw("{% deadline until now opens=True %}", until=datetime(2026, 5, 4, 9, tzinfo=PARIS), now=NOW)
    assert words(html)[0] == f"Ouvre le 4{S}mai"


def test_the_calendar_lights_the_next_milestone_only():
    items = [
        ui.Milestone(label="Publication", at=date(2026, 1, 15)),
        ui.Milestone(label="Clôture", at=CLOSES, with_time=True),
        ui.Milestone(label="Jury", at=date(2026, 5, 5)),
        ui.Milestone(label="Début", at=date(2026, 6, 1), when="juin 2026"),
    ]
    html = draw("{% calendar items now %}", items=items, now=NOW)
    assert re.findall(r'<li(?: class="(\w+)")?>', html) == ["past", "next", "", ""]
    assert words(html) == [
        f"jeu.{S}15{S}janvier", "Publication", "Passé",
        f"mar.{S}31{S}mars, 23{S}h{S}59", "Clôture", ", prochaine étape", f"19{S}jours",
        f"mar.{S}5{S}mai", "Jury", "juin 2026", "Début",
    ]  # fmt: skip


# --- lists -------------------------------------------------------------------------------------------------------


def test_only_the_first_action_is_filled_and_lateness_says_what_it_holds_up():
    actions = [
        ui.Action(title="Valider", url="/a/", verb="Lire", due=date(2026, 3, 9), holds_up="Le chiffrage attend."),
        ui.Action(title="Joindre", url="/b/", verb="Joindre", due=CLOSES, consequence="Trois images."),
        ui.Action(title="Répondre", url="/c/", verb="Répondre", holds_up="Jamais dit sans retard."),
    ]
    html = draw("{% action_list actions now %}", actions=actions, now=NOW)
    assert re.findall(r'class="btn (btn-\w+)" href="([^"]+)"', html) == [
        ("btn-primary", "/a/"),
        ("btn-outline", "/b/"),
        ("btn-outline", "/c/"),
    ]
    assert words(html)[:5] == ["9", "mars", "Valider", f"En retard de 3{S}jours", "Le chiffrage attend."]
    assert "Jamais dit" not in html
    assert "btn-primary" not in draw("{% action_list actions now first_filled=False %}", actions=actions, now=NOW)


def test_first_steps_leave_when_all_are_done():
    steps = [ui.Step(title="Un", done=True), ui.Step(title="Deux", url="/2/", verb="Faire"), ui.Step(title="Trois")]
    html = draw("{% first_steps steps %}", steps=steps)
    assert "1 fait sur 3" in words(html)
    assert re.findall(r'<li class="(\w*)"', html) == ["done", "now", ""]
    assert draw("{% first_steps steps %}", steps=[ui.Step(title="Un", done=True)]).strip() == ""


def test_sections_say_complete_in_words_and_mark_the_current_page():
    sections = [
        ui.SectionLink(number=1, title="Le site", url="/1/", state="complete"),
        ui.SectionLink(number=2, title="Le projet", url="/2/", state="begun", count="3 sur 7", part=0.4, current=True),
    ]
    html = draw("{% section_list sections extra=extra %}", sections=sections, extra=[])
    assert words(html) == ["Sections", "1 complète sur 2", "1. Le site", ", complète", "2. Le projet", "3 sur 7"]
    assert html.count('aria-current="page"') == 1


def test_pieces_say_their_state_aloud():
    pieces = [ui.Piece(title="Plan", state="refused", line="Illisible.", url="/p/", verb="Remplacer")]
    assert words(draw("{% piece_list pieces %}", pieces=pieces)) == [
        "Plan", ", à remplacer", "Illisible.", "Remplacer", ": Plan",
    ]  # fmt: skip


# --- forms -------------------------------------------------------------------------------------------------------


class Sample(forms.Form):
    share = forms.IntegerField(label="Part des habitants ?", help_text="En %.", widget=forms.TextInput)
    risks = forms.MultipleChoiceField(
        label="Risques", choices=[("a", "Isolement"), ("b", "Chaleur")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="Remarque", required=False, widget=forms.Textarea, max_length=20)


def test_a_field_in_error_is_tied_to_its_hint_and_its_error():
    form = Sample({"share": "beaucoup"})
    html = draw('{% field form.share suffix="%" %}', form=form)
    assert 'aria-describedby="id_share_helptext id_share_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_share_helptext"' in html
    assert 'id="id_share_error"' in html
    assert words(html) == [f"Part des habitants{F}?", "En %.", "Saisissez un nombre entier.", "%"]
    assert html.index("id_share_helptext") < html.index('id="id_share_error"') < html.index("<input")


def test_choices_are_a_fieldset_with_a_legend_and_each_box_its_label():
    html = draw("{% field form.risks %}", form=Sample({"risks": ["b"]}))
    assert html.startswith("<fieldset")
    assert re.findall(r'<label class="form-check-label" for="(\w+)">', html) == ["id_risks_0", "id_risks_1"]
    assert re.findall(r'id="id_risks_(\d)"[^>]* checked', html) == ["1"]


def test_optional_is_written_and_no_field_carries_an_asterisk():
    form = Sample()
    html = draw("{% form_fields form %}", form=form)
    assert words(html).count("(facultatif)") == 1
    assert "*" not in html


def test_the_counter_counts_and_nothing_cuts_a_pasted_text():
    html = draw("{% field form.note counter=1500 audience='Visible du jury' %}", form=Sample({"note": "é" * 1042}))
    assert words(html)[-2:] == ["Visible du jury", f"1{F}042{S}caractères sur 1{F}500"]
    assert 'data-counter="1500"' in html
    assert "maxlength" not in html


def test_crispy_draws_the_same_field():
    form = Sample({"share": "x"})
    ours = draw("{% form_fields form %}", form=form)
    crispy = draw("{% load crispy_forms_filters %}{{ form|crispy }}", form=form)
    assert re.sub(r"\s+", "", crispy) == re.sub(r"\s+", "", ours)


def test_a_label_typed_by_someone_is_escaped():
    form = Sample()
    form.fields["note"].label = "<b>gras</b> ?"
    assert f"&lt;b&gt;gras&lt;/b&gt;{F}?" in draw("{% field form.note %}", form=form)


def test_the_error_summary_links_each_field_in_order():
    html = draw("{% error_summary form %}", form=Sample({"share": "x", "note": "y" * 30}))
    assert words(html)[0] == "Trois réponses sont à reprendre"
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', html) == [
        ("#id_share", f"Part des habitants{S}: saisissez un nombre entier"),
        ("#id_risks_0", f"Risques{S}: ce champ est obligatoire"),
        (
            "#id_note",
            f"Remarque{S}: assurez-vous que cette valeur comporte au plus 20 caractères (actuellement 30)",
        ),
    ]
    assert draw("{% error_summary form %}", form=Sample()).strip() == ""


def test_the_filter_bar_counts_active_filters_besides_the_search():
    class Filters(forms.Form):
        q = forms.CharField(label="Commune", required=False)
        state = forms.ChoiceField(label="État", required=False, choices=[("", "Tous"), ("draft", "Brouillon")])

    html = draw('{% filter_bar form search="q" %}', form=Filters({"state": "draft", "q": "é"}))
    assert f"Filtres{S}: 1{S}actif" in words(html)
    assert "<details" in html
    assert "open" in re.search(r"<details([^>]*)>", html)[1]


# --- tables ------------------------------------------------------------------------------------------------------


def with_request(source, path, **context):
    return Template(source).render(Context({"request": RequestFactory().get(path), **context}))


def test_a_table_has_a_caption_and_scrolls_in_its_own_named_region():
    html = draw('{% table caption="Les communes" hide_caption=True %}<tbody></tbody>{% endtable %}')
    assert html == (
        '<div class="table-region" role="region" aria-label="Les communes" tabindex="0"><table class="table ">'
        '<caption class="visually-hidden">Les communes</caption><tbody></tbody></table></div>'
    )


@pytest.mark.parametrize(
    ("path", "sort", "link"),
    [
        ("/?etat=draft&page=3", None, "?etat=draft&amp;tri=nom"),
        ("/?tri=nom", "ascending", "?tri=-nom"),
        ("/?tri=-nom", "descending", "?tri=nom"),
    ],
)
def test_a_sorted_head_turns_and_keeps_the_filters(path, sort, link):
    html = with_request('{% sort_head "Commune" "nom" %}', path)
    assert re.findall(r'aria-sort="(\w+)"', html) == ([sort] if sort else [])
    assert f'href="{link}"' in html


def test_the_pager_keeps_filters_and_vanishes_on_one_page():
    page = Paginator(range(45), 20).page(2)
    html = with_request("{% pager page %}", "/?etat=draft&page=2", page=page)
    assert words(html) == ["21 à 40 sur 45", "Précédente", "Page", "1", "Page", "2", "Page", "3", "Suivante"]
    assert 'href="?etat=draft&amp;page=3"' in html
    assert with_request("{% pager page %}", "/", page=Paginator(range(3), 20).page(1)).strip() == ""


# --- figures -----------------------------------------------------------------------------------------------------


def test_a_meter_and_a_strip_say_their_values():
    assert 'aria-label="6 sur 10"' in draw('{% meter 6 10 "6 sur 10" %}')
    assert 'width="60%"' in draw('{% meter 6 10 "x" %}')
    assert 'width="0%"' in draw('{% meter 6 0 "x" %}')
    strata = [ui.Stratum(label="Moins de 500 hab.", deposited=2, drafts=1, total=10)]
    html = draw("{% strata_strip strata %}", strata=strata)
    assert f'aria-label="Moins de 500 hab.{S}: 2 déposées, 1{S}brouillon, sur 10{S}communes"' in html
    assert 'class="meter-deposited" width="20%"' in html


def a_map(**more):
    shapes = [
        ui.MapShape(name="Étretat", short="Étretat", x=30, y=34, state="deposited", **more),
        ui.MapShape(name="Bénouville", short="Bénouv.", x=86, y=34),
        ui.MapShape(
            name="Le Tilleul", short="", x=40, y=90, state="ineligible", path="M0 0h9v9z", words="hors périmètre"
        ),
    ]
    return ui.MapDrawing(shapes=shapes, width=120, height=120, summary="Une commune sur trois.", note="Note.")


def test_the_map_is_one_image_and_says_each_commune_without_colour():
    html = draw('{% territory_map map table_id="tableau" %}', map=a_map())
    assert 'role="img" aria-label="Une commune sur trois."' in html
    assert set(re.findall(r"<title>([^<]+)</title>", html)) == {
        f"Étretat{S}: déposé", f"Bénouville{S}: pas commencé", f"Le Tilleul{S}: hors périmètre",
    }  # fmt: skip
    assert re.findall(r'<use href="#([\w-]+)"', html) == ["map-deposited", "map-ineligible"]
    assert re.findall(r'<g id="([\w-]+)"', html) == ["map-deposited", "map-ineligible"]
    assert 'fill="url(#dotted-map)"' in html
    assert 'd="M0 0h9v9z"' in html
    assert 'href="#tableau"' in html
    assert draw("{% territory_map map %}", map=None).strip() == ""


def test_a_map_with_addresses_is_a_group_of_named_links():
    html = draw('{% territory_map map name="autre" %}', map=a_map(url="/etretat/"))
    assert 'role="group"' in html
    assert f'<a href="/etretat/" aria-label="Étretat{S}: déposé">' in html
    assert 'id="hatch-autre"' in html


def test_a_chart_names_its_series_and_gives_its_table():
    data = [ui.Bar(label="2025", value=1038), ui.Bar(label="2026", value=1710, last=True)]
    html = draw('{% bars data "Passages" unit="passages" target=1200 target_label="Objectif" %}', data=data)
    assert f'aria-label="Passages{S}: 2025 1{F}038, 2026 1{F}710. Objectif"' in html
    assert re.findall(r'<th scope="row">(\d+)</th><td class="num">([^<]+)</td>', html) == [
        ("2025", f"1{F}038"),
        ("2026", f"1{F}710"),
    ]
    assert "chart-target" in html
    assert "chart-target" not in draw('{% bars data "Passages" %}', data=data)


def test_no_component_writes_a_style_attribute():
    from portal.core.showcase import showcase

    html = Template(
        "{% chain stages %}{% strata_strip strata %}{% territory_map map %}{% bars bars_data 'x' %}"
    ).render(Context(showcase()))
    assert " style=" not in html


# --- jury --------------------------------------------------------------------------------------------------------


def test_an_open_vote_gives_no_figure_but_the_ballots():
    vote = ui.Vote(question="Retenir ?", rule="Scrutin nominal", open=True, ballots=5, voters=7, for_=4, against=1)
    assert words(draw("{% vote_block vote %}", vote=vote)) == ["Retenir ?", "Scrutin nominal", f"5{S}bulletins sur 7"]


def test_a_closed_vote_gives_its_three_figures_and_its_outcome_in_words():
    vote = ui.Vote(
        question="Retenir ?",
        rule="Scrutin nominal",
        open=False,
        for_=5,
        against=1,
        abstained=1,
        outcome="selected",
        outcome_title="Proposition : retenue",
        outcome_line="5 voix sur 6.",
    )
    assert words(draw("{% vote_block vote %}", vote=vote)) == [
        "Retenir ?", "Scrutin nominal", "5", "pour", "1", "contre", "1", "abstention",
        "Proposition : retenue", "5 voix sur 6.",
    ]  # fmt: skip


def test_the_quorum_draws_one_segment_per_voter():
    html = draw("{% quorum 7 8 5 %}")
    assert (html.count("q-here"), html.count("q-absent")) == (7, 1)
    assert words(html) == ["Quorum atteint", f"7{S}présents", f"sur 8{S}votants{F}; il en faut 5."]
    assert words(draw("{% quorum 4 8 5 %}"))[0] == "Quorum non atteint"


def test_a_criterion_offers_one_radio_per_note_and_keeps_the_chosen_one():
    criterion = ui.Criterion(code="C1", title="Santé", points=25, chosen=4, points_text="20 sur 25")
    html = draw("{% criterion_row criterion %}", criterion=criterion)
    assert re.findall(r'name="note_C1" value="(\d)"( checked)?', html) == [
        ("0", ""), ("1", ""), ("2", ""), ("3", ""), ("4", " checked"), ("5", ""),
    ]  # fmt: skip
    assert words(html)[:2] == ["Santé", "20 sur 25"]


# --- filters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ at|fr_date }}", f"31{S}mars{S}2026"),
        ("{{ at|fr_date:'short' }}", f"mar.{S}31{S}mars"),
        ("{{ at|fr_instant:'short' }}", f"31{S}mars, 23{S}h{S}59"),
        ("{{ at|fr_instant:'comma' }}", f"mardi 31{S}mars{S}2026, 23{S}h{S}59"),
        ("{{ at|fr_time }}", f"23{S}h{S}59"),
        ("{{ at|fr_left:now }}", f"19{S}jours"),
        ("{{ none|fr_date }}{{ none|fr_amount }}{{ none|fr_left:now }}", ""),
        ("{{ 1102|fr_number }}", f"1{F}102"),
        ("{{ 5|quantity:'pièce' }}", f"5{S}pièces"),
        ("{{ 2|agree:'cheval,chevaux' }}", "chevaux"),
        ("{{ 2|ordinal }}", "2<sup>e</sup>"),
        ("{{ 1|ordinal:'f' }}", "1<sup>re</sup>"),
        ("{{ typed|typo }}", f"&lt;i&gt; l’un &amp; l’autre{F}?"),
        ("{{ markup|typo }}", f'<a href="?a ;b">Oublié{F}?</a> &amp; le 1<sup>er</sup>{S}juin'),
    ],
)
def test_filters(source, expected):
    markup = SafeString('<a href="?a ;b">Oublié ?</a> &amp; le 1er juin')
    drawn = draw(source, at=CLOSES, now=NOW, none=None, typed="<i> l'un & l'autre ?", markup=markup)
    assert drawn == expected
