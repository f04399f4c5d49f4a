"""Example data of `/composants/`: a demonstration, no real decision nor person."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator

from . import ui
from .typography import NBSP, NNBSP, PARIS

NOW = datetime(2026, 3, 12, 14, 32, tzinfo=PARIS)
CLOSES = datetime(2026, 3, 31, 23, 59, tzinfo=PARIS)


class ExampleForm(forms.Form):
    """One field of each kind, some in error."""

    area = forms.CharField(label="Surface de l’espace", help_text="En mètres carrés, à peu près.", required=False)
    need = forms.CharField(
        label="Quels besoins avez-vous observés sur le site\u202f?",
        help_text="Qui le fréquente, qui l’évite, à quelles heures. Les faits précis valent mieux que les adjectifs.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    share = forms.DecimalField(
        label="Part des habitants de 65 ans et plus",
        help_text="Nous avons trouvé 31,4\u00a0% (Insee, 2022). Corrigez si vous savez mieux.",
        max_value=100,
        error_messages={"max_value": "Écrivez un pourcentage entre 0 et 100, par exemple 31,4."},
        widget=forms.TextInput,
    )
    risks = forms.MultipleChoiceField(
        label="Quels risques avez-vous observés\u202f?",
        help_text="Plusieurs réponses possibles.",
        choices=[("alone", "Isolement de personnes âgées"), ("heat", "Forte chaleur en été"), ("none", "Aucun")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une réponse, ou «\u202fAucun\u202f»."},
    )
    owner = forms.ChoiceField(
        label="Le terrain appartient-il à la commune\u202f?",
        choices=[("yes", "Oui"), ("no", "Non")],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label="Type d’espace", choices=[("", "Choisissez"), ("place", "Place"), ("path", "Chemin")]
    )
    plan = forms.FileField(label="Plan de situation", help_text="PDF, 10\u00a0Mo au plus.", required=False)
    agree = forms.BooleanField(label="La commune participe à cinq réunions dans l’année")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["area"].look = ui.FieldLook(width="short", suffix="m²")
        self.fields["need"].look = ui.FieldLook(audience="Visible du jury", counter=1500)
        self.fields["share"].look = ui.FieldLook(width="short", suffix="%")
        self.fields["kind"].look = ui.FieldLook(width="medium")


class ExampleFilters(forms.Form):
    """The filter bar of the officer's list."""

    q = forms.CharField(label="Commune", required=False)
    state = forms.ChoiceField(label="État", required=False, choices=[("", "Tous"), ("draft", "Brouillon")])
    stratum = forms.ChoiceField(label="Strate", required=False, choices=[("", "Toutes"), ("small", "Moins de 500")])


def showcase() -> dict[str, Any]:
    """The whole context of `composants.html`."""
    return {"now": NOW, **_states(), **_lists(), **_forms(), **_figures(), **_jury()}


def _states() -> dict[str, Any]:
    facts = {
        "call": ("15 janvier", "publié"),
        "application": ("9 déposées", "14 brouillons"),
        "examination": ("1", "recevable"),
        "jury": ("5 mai", "9 votants"),
        "agreement": ("juin", "signature"),
        "support": ("12 mois", "six phases"),
        "impact": ("dès 2027", "bilan public"),
    }
    return {
        "stages": ui.chain("application", facts=facts, urls=dict.fromkeys(ui.STAGE_CODES, "#chaine")),
        "stages_jury": ui.chain("jury"),
        "stages_each": [ui.chain(code) for code in ui.STAGE_CODES],
        "themes": [
            ("theme-a", "Communauté urbaine", "#0C4F5C, #F5B841", ui.chain("examination")),
            ("theme-b", "Communauté de communes des Vallées", "#2F5A2B, #F28C5B", ui.chain("examination")),
            ("theme-c", "Agglomération du Littoral", "#5B2E63, #7CCBC4", ui.chain("examination")),
        ],
        "badge_codes": list(ui.BADGES),
        "closes": CLOSES,
        "soon": datetime(2026, 3, 12, 19, 44, tzinfo=PARIS),
        "opens": datetime(2026, 5, 4, 9, 0, tzinfo=PARIS),
        "late": datetime(2026, 3, 9, 12, 0, tzinfo=PARIS),
        "contact": ui.Contact(
            service="Service Santé, direction Résilience des territoires",
            phone=f"02{NBSP}35{NBSP}00{NBSP}00{NBSP}00",
            hours=f"du lundi au vendredi, 9{NBSP}h à 17{NBSP}h",
            email="ami-sante@exemple.fr",
        ),
    }


def _lists() -> dict[str, Any]:
    url = "#actions"
    sections = (
        ("Commune et contacts", "complete", "", 1.0),
        ("Le site", "complete", "", 1.0),
        ("Pourquoi ce projet", "to_correct", "2 à compléter", 0.5),
        ("Avancement et calendrier", "begun", "3 sur 7", 0.43),
        ("Budget et financements", "todo", "À commencer", 0.0),
    )
    return {
        "actions": [
            ui.Action(
                title="Valider le plan des cheminements",
                url=url,
                verb="Lire et valider",
                due=date(2026, 3, 9),
                holds_up="Le chiffrage attend ce plan.",
            ),
            ui.Action(
                title=f"Terminer «{NNBSP}Pourquoi ce projet{NNBSP}»",
                url=url,
                verb="Reprendre",
                due=date(2026, 3, 17),
                consequence="Deux réponses manquent. Conseillé avant la relecture du maire.",
            ),
            ui.Action(title="Faire déposer la candidature", url=url, verb="Voir ce qui manque", due=CLOSES),
        ],
        "steps": [
            ui.Step(title="Rejoindre votre commune", done=True, line="Rattachement confirmé le 10 mars"),
            ui.Step(title="Écrire une première section", done=True, line="Complète depuis le 11 mars"),
            ui.Step(title="Inviter le maire à signer", line="Il recevra un lien", url=url, verb="Inviter"),
        ],
        "sections": [
            ui.SectionLink(
                number=number,
                title=title,
                url=url,
                state=state,
                count=count,
                part=Decimal(str(part)),
                current=number == 3,
            )
            for number, (title, state, count, part) in enumerate(sections, start=1)
        ],
        "extra": [
            ui.SectionLink(title="Pièces", url=url, count="3 sur 5", icon="paperclip"),
            ui.SectionLink(title="Tout relire", url=url, icon="eye"),
        ],
        "pieces": [
            ui.Piece(title="Lettre d’engagement", state="here", line=f"PDF, 210{NBSP}ko", url=url, verb="Remplacer"),
            ui.Piece(title="Délibération", state="promised", line=f"Pour le 15{NBSP}mai", url=url, verb="Joindre"),
            ui.Piece(
                title="Plan de situation",
                state="refused",
                line="Fichier illisible. Enregistrez-le en PDF et joignez-le de nouveau.",
                url=url,
                verb="Remplacer",
            ),
            ui.Piece(title="Photographies", line="Trois à dix images, JPEG ou PNG", url=url, verb="Joindre"),
        ],
        "crumbs": [ui.Link(label="Les appels", url="/appels/"), ui.Link(label="Territoire promoteur de santé 2026")],
        "tab_links": [
            ui.Link(label="Le dossier", url="#onglets", current=True),
            ui.Link(label="Pièces", url="#onglets", count=5),
            ui.Link(label="Avis", url="#onglets", count=3),
        ],
        "page": Paginator(range(540), 20).page(4),
        "communes": [
            ("Étretat", 1102, "deposited", "À déclarer recevable"),
            ("Saint-Laurent-de-Brèvedent", 1500, "draft", "7 sections commencées"),
            ("Anglesqueville-l’Esneval", 650, "not_begun", "Courriel non lu"),
        ],
    }


def _forms() -> dict[str, Any]:
    text = "La place reste vide l’après-midi dès le mois de mai."
    sent = {"area": "900", "need": text, "share": "314", "owner": "yes", "kind": "place"}
    return {"form": ExampleForm(sent), "filters": ExampleFilters({"state": "draft"})}


def _figures() -> dict[str, Any]:
    counts = (
        ("été 2025", 38),
        ("automne", 41),
        ("hiver", 36),
        ("printemps", 47),
        ("été 2026", 88),
        ("automne 2026", 171),
    )
    return {
        "figures": [
            ui.Figure(value=f"1{NNBSP}240{NBSP}m", line=f"de chemin accessible, sur 1{NNBSP}200 prévus"),
            ui.Figure(value="171", line="passages par jour, 38 au départ"),
            ui.Figure(value=f"72{NBSP}%", line="de subventions obtenues"),
        ],
        "bars_data": [ui.Bar(label=label, value=value, last=value == 171) for label, value in counts],
        "parts_data": [
            ui.Part(label="État (DETR)", value=Decimal("51740.68"), text=f"51{NNBSP}740,68{NBSP}€"),
            ui.Part(label="Département", value=Decimal("32522.71"), text=f"32{NNBSP}522,71{NBSP}€"),
            ui.Part(label="Région", value=Decimal("22174.58"), text=f"22{NNBSP}174,58{NBSP}€"),
            ui.Part(label="Commune", value=Decimal("41392.53"), text=f"41{NNBSP}392,53{NBSP}€"),
        ],
        "strata": [
            ui.Stratum(label="Moins de 500 hab.", deposited=0, drafts=2, total=11),
            ui.Stratum(label="500 à 999 hab.", deposited=3, drafts=4, total=15),
            ui.Stratum(label=f"1{NNBSP}000 à 4{NNBSP}999 hab.", deposited=6, drafts=7, total=22),
            ui.Stratum(label=f"5{NNBSP}000 et plus hab.", deposited=0, drafts=1, total=6),
        ],
        "counts": [("deposited", "Déposé", 3), ("draft", "Brouillon en cours", 4), ("none", "Pas commencé", 8)],
        "map": _map(),
    }


def _map() -> ui.MapDrawing:
    """A small invented territory: real places belong to `portal.territories`."""
    states: list[ui.MapState] = ["deposited", "none", "draft", "none", "selected"]
    more: list[ui.MapState] = ["eligible", "to_check", "ineligible", "laureate", "withdrawn"]
    names = ["Les Aulnes", "Bonneval", "Clairmont", "Dampierre", "Esnandes"]
    shapes = [
        ui.MapShape(
            name=names[column],
            short=names[column][:8],
            x=30 + (2 * column + row % 2) * 28,
            y=34 + row * 49,
            state=states[(column + row) % 5] if row < 2 else more[column],
        )
        for row in range(3)
        for column in range(5)
    ]
    return ui.MapDrawing(
        shapes=shapes,
        width=312,
        height=167,
        summary="3 communes ont déposé, 2 ont un brouillon, 4 n’ont pas commencé.",
        note="Chaque hexagone est une commune, à peu près à sa place.",
    )


def _jury() -> dict[str, Any]:
    see = (ui.Link(label="3", url="#jury"), ui.Link(label="4", url="#jury"))
    return {
        "criteria": [
            ui.Criterion(
                code="C1", title="Santé de tous les publics", points=25, chosen=4, points_text="20 sur 25", sections=see
            ),
            ui.Criterion(code="C2", title="Nature, climat", points=20, remark="Note minimale\u00a0: 8", sections=see),
        ],
        "vote_closed": ui.Vote(
            question=f"Retenir cette candidature{NNBSP}?",
            rule="Scrutin nominal, majorité des suffrages exprimés",
            open=False,
            for_=5,
            against=1,
            abstained=1,
            closed_line=f"Vote clos à 10{NBSP}h{NBSP}58",
            outcome="selected",
            outcome_title=f"Proposition{NBSP}: retenue",
            outcome_line=f"5 voix sur 6 exprimées{NNBSP}; la majorité était de 4.",
        ),
        "vote_open": ui.Vote(
            question=f"Retenir cette candidature{NNBSP}?", rule="Scrutin nominal", open=True, ballots=5, voters=7
        ),
        "phases": [
            ui.Phase(title="Cadrage", months="mois 1", line="Note remise", state="done"),
            ui.Phase(title="Diagnostic en marchant", months="mois 2 à 4", line="Synthèse remise", state="done"),
            ui.Phase(title="Atelier et scénarios", months="mois 5 à 7", line="Scénario B choisi", state="done"),
            ui.Phase(title="Programme et chiffrage", months="mois 8 à 10", line="Jusqu’au 31 mars", state="now"),
            ui.Phase(title="Recherche de subventions", months="mois 9 à 12", line="Commencée", state="parallel"),
            ui.Phase(title="Bilan et récit", months="mois 12", line="Mai 2026"),
        ],
        "milestones": [
            ui.Milestone(label="Publication de l’appel", at=date(2026, 1, 15)),
            ui.Milestone(label="Fin des questions", at=datetime(2026, 3, 1, 23, 59, tzinfo=PARIS), with_time=True),
            ui.Milestone(label="Clôture des candidatures", at=CLOSES, with_time=True),
            ui.Milestone(label="Jury, auditions de 20 minutes", at=date(2026, 5, 5)),
            ui.Milestone(label="Début de l’accompagnement", at=date(2026, 6, 1), when="juin 2026"),
        ],
    }
