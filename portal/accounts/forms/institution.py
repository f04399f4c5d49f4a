"""The five steps that make an institution; the command asks the same questions."""

from typing import Any

from django import forms

from portal.core.theme import DEFAULT_BRAND, DEFAULT_LIGHT, InvalidColour, Theme, make_theme
from portal.core.ui import FieldLook
from portal.core.uploads import UploadRefused
from portal.territories.models import Commune, Intercommunality

from ..models import Organisation
from ..numbers import WrongNumber, checked_siren
from ..services.institution import store_logo
from .people import email_field, text_field


def lines_field(label: str, hint: str, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, widget=forms.Textarea(attrs={"rows": rows}))


class IdentityForm(forms.Form):
    """Who the institution is."""

    siren = text_field("Numéro SIREN", "Neuf chiffres.", error="Écrivez les neuf chiffres du SIREN.", max_length=20)
    siren.look = FieldLook(width="short")
    kind = forms.ChoiceField(
        label="Nature",
        choices=[("", "Choisissez"), *Organisation.Kind.choices],
        error_messages={"required": "Choisissez la nature de l’institution."},
    )
    kind.look = FieldLook(width="medium")
    name = text_field("Nom complet", error="Écrivez le nom complet.", max_length=150)
    short_name = text_field("Nom affiché en haut des pages", error="Écrivez le nom affiché.", max_length=80)
    kind_label = text_field(
        "Catégorie, pour l’en-tête des lettres", "Par exemple : Communauté urbaine.", error="Écrivez la catégorie.",
        max_length=80,
    )  # fmt: skip
    designation = text_field(
        "Comment la désigner dans une phrase", "Par exemple : la communauté urbaine.", error="Écrivez la désignation.",
        max_length=80,
    )  # fmt: skip
    address_line = text_field("Adresse postale", error="Écrivez l’adresse postale.", max_length=200)
    city = text_field("Ville de signature des actes", error="Écrivez la ville.", max_length=80)
    units = lines_field("Services ou directions", "Un par ligne.", rows=4)

    def clean_siren(self) -> str:
        try:
            number = checked_siren(self.cleaned_data["siren"])
        except WrongNumber as error:
            raise forms.ValidationError(str(error)) from error
        if Organisation.objects.filter(siren=number, profile__isnull=False).exists():
            raise forms.ValidationError("Cette institution est déjà enregistrée.")
        return number

    def clean_units(self) -> list[str]:
        names = [line.strip()[:150] for line in self.cleaned_data["units"].splitlines()]
        return list(dict.fromkeys(name for name in names if name))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        tables = {"intercommunality": Intercommunality, "commune": Commune}
        table = tables.get(data.get("kind", ""))
        if table and "siren" in data and not table._default_manager.filter(siren=data["siren"]).exists():
            self.add_error("siren", f"Aucune {table_name(data['kind'])} en vigueur ne porte ce SIREN.")
        return data


def table_name(kind: str) -> str:
    return str(Organisation.Kind(kind).label)


class LookForm(forms.Form):
    """Logo and two colours; the theme computes the rest and says what it corrects."""

    logo = forms.FileField(
        label="Logo", required=False, help_text="PNG, JPEG ou SVG simple, 1 Mo au plus. Hauteur affichée : 42 points."
    )
    brand = text_field(
        "Couleur de marque", "Six chiffres hexadécimaux, par exemple #0C4F5C.", error="Écrivez une couleur."
    )
    light = text_field("Couleur de lumière", "Elle marque où l’on en est.", error="Écrivez une couleur.")
    brand.initial, light.initial = DEFAULT_BRAND, DEFAULT_LIGHT
    brand.look = light.look = FieldLook(width="short")
    theme: Theme | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("brand", "light"):
            self.check_colour(name)
        if "brand" in self.cleaned_data and "light" in self.cleaned_data:
            self.theme = make_theme(data["brand"], data["light"])
            for problem in self.theme.problems:
                self.add_error("light", problem)
            self.cleaned_data.update(brand=self.theme.brand, light=self.theme.lit)
        return self.cleaned_data

    def check_colour(self, name: str) -> None:
        if name not in self.cleaned_data:
            return
        try:
            make_theme(self.cleaned_data[name], DEFAULT_LIGHT)
        except InvalidColour as error:
            self.add_error(name, str(error))

    def keep_logo(self, *, by: Any, at: Any) -> str:
        """Store the logo sent; its key, or "" when none was sent or it was refused (the error is on the field)."""
        upload = self.cleaned_data.get("logo")
        if not upload:
            return ""
        try:
            return str(store_logo(upload, by=by, at=at).key)
        except UploadRefused as refusal:
            self.add_error("logo", str(refusal))
            return ""


class LetterForm(forms.Form):
    """What the letters bear."""

    service_lines = lines_field("Bloc de droite de l’en-tête", "Direction, service, téléphone : une ligne par ligne.")
    signatory_title = text_field("Qualité du signataire", "Par exemple : Le Président.", error="Écrivez la qualité.")
    signatory_block = lines_field(
        "Formule de signature", "Par exemple : Pour le Président et par délégation, le Vice-Président."
    )
    court = text_field("Tribunal administratif compétent", error="Écrivez le tribunal compétent.", max_length=100)
    court_address = text_field("Adresse du tribunal", error="", required=False, max_length=200)


class ContactForm(forms.Form):
    """Whom a commune may call."""

    contact_service = text_field("Service à contacter", error="Écrivez le nom du service.", max_length=150)
    contact_phone = text_field("Téléphone", error="Écrivez le téléphone.", max_length=30)
    contact_phone.look = FieldLook(width="short")
    contact_hours = text_field(
        "Horaires", "Par exemple : du lundi au vendredi, 9 h à 17 h.", error="Écrivez les horaires.", max_length=100
    )
    contact_email = email_field("Adresse électronique du service", "Les réponses aux courriels du portail y arrivent.")
    dpo_email = email_field("Adresse de la personne déléguée à la protection des données")


class ManagerForm(forms.Form):
    """The first person in charge: she receives an invitation."""

    email = email_field("Adresse électronique", "La personne reçoit une invitation, valable sept jours.")
    full_name = text_field("Prénom et nom", error="Écrivez le nom de la personne.", required=False)
    role_title = text_field("Fonction", error="Écrivez sa fonction.", required=False)


STEPS: dict[str, tuple[str, type[forms.Form]]] = {
    "identite": ("Identité", IdentityForm),
    "apparence": ("Apparence", LookForm),
    "courrier": ("Courriers", LetterForm),
    "contact": ("Contact", ContactForm),
    "responsable": ("Premier responsable", ManagerForm),
}
