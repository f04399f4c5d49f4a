"""Forms of a publication: its text, its contacts, the reason of a return."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from portal.accounts.models import Organisation
from portal.core.forms import FrenchDecimalField

from .. import words
from ..completeness import Missing
from ..models import Publication, PublicationContact
from ..services import Written

MOST_THEMES = 8
LONGEST = 6_000  # characters of one section


class NewPublicationForm(forms.Form):
    """A text of the organiser that tells of no single project."""

    kind = forms.ChoiceField(
        label="Type de publication",
        choices=[(code, label) for code, label in words.KINDS if code != words.REPORT],
        help_text="Un retour d’expérience se commence depuis la page d’un accompagnement.",
    )
    title = forms.CharField(label="Titre", max_length=150, error_messages={"required": "Donnez un titre."})
    owner = forms.ModelChoiceField(label="Au nom de", queryset=Organisation.objects.none(), empty_label=None)

    def __init__(self, *args: Any, owners: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners


class PublicationForm(forms.Form):
    """The whole text; `version` is that of the page read, so that nobody overwrites a colleague."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="Titre", max_length=150, error_messages={"required": "Donnez un titre."})
    lead = forms.CharField(
        label="Le chapeau",
        required=False,
        max_length=600,
        help_text="Deux phrases : qui a fait quoi, dans quel cadre, pourquoi cela sert à d’autres.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    themes = forms.CharField(
        label="Thèmes",
        required=False,
        max_length=400,
        help_text="Séparés par des virgules. Par exemple : santé, nature.",
    )

    def __init__(self, *args: Any, publication: Publication, texts: dict[str, str], **kwargs: Any) -> None:
        initial = {
            "version": publication.version,
            "title": publication.title,
            "lead": publication.lead,
            "themes": ", ".join(publication.themes),
            "cost": publication.cost,
            **texts,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.kind = publication.kind
        if publication.plan_id:
            self.fields["cost"] = FrenchDecimalField(
                label="Coût du projet, en euros hors taxes",
                required=False,
                max_digits=12,
                decimal_places=2,
                min_value=0,
            )
        for section in words.SECTIONS[publication.kind]:
            self.fields[section.code] = forms.CharField(
                label=section.title,
                required=False,
                max_length=LONGEST,
                help_text=section.help,
                widget=forms.Textarea(attrs={"rows": 5}),
            )

    def clean_themes(self) -> list[str]:
        themes = [theme.strip() for theme in self.cleaned_data["themes"].split(",") if theme.strip()]
        if len(themes) > MOST_THEMES:
            raise forms.ValidationError(f"Gardez {MOST_THEMES} thèmes au plus : on cherche par eux.")
        if long := [theme for theme in themes if len(theme) > 60]:
            raise forms.ValidationError(f"« {long[0][:60]}… » est trop long pour un thème : 60 caractères au plus.")
        return list(dict.fromkeys(themes))

    @property
    def written(self) -> Written:
        values = self.cleaned_data
        texts = {section.code: values[section.code] for section in words.SECTIONS[self.kind]}
        return Written(values["title"], values["lead"], values["themes"], values.get("cost"), texts)

    def point_at(self, missing: list[Missing]) -> None:
        """Say beside each field what it lacks."""
        for one in missing:
            if one.field in self.fields and one.field not in self.errors:
                self.add_error(one.field, one.sentence)


class ContactForm(forms.ModelForm):
    """Someone whom readers may ask."""

    agreed = forms.BooleanField(
        label="Cette personne accepte que ces coordonnées soient publiées",
        required=False,
        help_text="Sans son accord, rien d’elle ne paraît. Elle peut le retirer quand elle le veut.",
    )

    class Meta:
        model = PublicationContact
        fields = ("side", "name", "role", "phone", "email")
        labels = {
            "side": "Cette personne",
            "name": "Nom",
            "role": "Fonction",
            "phone": "Téléphone",
            "email": "Adresse électronique",
        }
        error_messages = {"name": {"required": "Écrivez le nom de la personne."}}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not values.get("phone") and not values.get("email") and "email" not in self.errors:
            self.add_error("phone", "Donnez un téléphone ou une adresse électronique.")
        return values


class ReasonForm(forms.Form):
    """Why a text is sent back or withdrawn."""

    reason = forms.CharField(
        label="Ce qu’il faut reprendre",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites ce qu’il faut reprendre : la personne qui écrit le lira."},
    )


class WithdrawForm(ReasonForm):
    reason = forms.CharField(
        label="Motif du retrait",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites pourquoi : le motif est gardé avec le texte."},
    )
