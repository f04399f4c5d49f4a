"""Forms of an agreement: whom it binds, parties and acts, text, signatures."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from applications.models import DecisionLine
from calls.definition.follow_up import MERGE_FIELDS, merge_fields, stray_braces
from portal.accounts.models import Organisation
from portal.core.forms import FrenchDecimalField
from portal.core.typography import format_siren

from .models import Agreement, Party

DATE_ERRORS = {"required": "Indiquez la date.", "invalid": "Écrivez une date, par exemple 07/06/2027."}
NAMED = 5


class BeneficiaryChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, line: DecisionLine) -> str:
        return f"{line.application.lead} : {line.application.title}"


class PartyChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, party: Party) -> str:
        return f"{party.organisation.name}, {party.representative_title}"


class DayInput(forms.DateInput):
    """A native date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=DayInput(), help_text=help_text, error_messages=DATE_ERRORS
    )


def amount_field() -> FrenchDecimalField:
    return FrenchDecimalField(
        label="Montant de l’aide en euros",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text="Rien quand l’aide est seulement en nature.",
    )


class DrawUpForm(forms.Form):
    """One agreement for one or several laureates."""

    lines = BeneficiaryChoice(
        queryset=DecisionLine.objects.none(),
        label="Candidatures retenues",
        help_text="Une même convention peut lier plusieurs communes.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une candidature."},
    )
    starts_on = day_field("Début de l’accompagnement")
    amount = amount_field()
    sign_by = day_field("Date limite des signatures", required=False, help_text="Au-delà, la caducité peut être dite.")
    needs_visa = forms.BooleanField(label="Une autre personne vise le texte avant l’envoi", required=False)

    def __init__(self, *args: Any, lines: QuerySet[DecisionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].queryset = lines


class ActForm(forms.ModelForm):
    """Who represents a party, and the act that authorises the signature."""

    class Meta:
        model = Party
        fields = (
            "representative_title", "representative_name", "act_kind", "act_body", "act_number", "act_on",
            "delegation", "delegated_on",
        )  # fmt: skip
        labels = {
            "representative_title": "Qualité de la personne qui signe",
            "representative_name": "Son nom",
            "act_kind": "Nature de l’acte qui autorise à signer",
            "act_body": "Organe",
            "act_number": "Numéro de l’acte",
            "act_on": "Date de l’acte",
            "delegation": "Délégation de signature",
            "delegated_on": "Date de la délégation",
        }
        help_texts = {
            "act_body": "Par exemple : du conseil municipal. Rien pour un arrêté.",
            "act_kind": "Délibération, décision, arrêté.",
            "representative_title": "Par exemple : Le Maire",
            "representative_name": "Il figure après la qualité.",
            "delegation": "Si une autre personne signe : par exemple arrêté n° 12.",
        }
        widgets = {"act_on": DayInput(), "delegated_on": DayInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delegated_on"].required = False
        for name in ("act_number", "act_on"):
            self.fields[name].required = self.instance.side != Party.Side.WITNESS
            self.fields[name].error_messages["required"] = "Cette indication figure dans la convention : écrivez-la."

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if bool(told.get("delegation")) != bool(told.get("delegated_on")) and "delegated_on" not in self.errors:
            name = "delegated_on" if told.get("delegation") else "delegation"
            self.add_error(name, "Indiquez l’acte de délégation et sa date, ou ni l’un ni l’autre.")
        return told


class PartyForm(forms.Form):
    """One more party: found by its SIREN or its name."""

    organisation = forms.CharField(
        label="Organisme",
        max_length=150,
        help_text="Son SIREN, ou son nom.",
        error_messages={"required": "Indiquez un organisme."},
    )
    side = forms.ChoiceField(
        label="Place dans la convention",
        choices=[choice for choice in Party.Side.choices if choice[0] != Party.Side.OWNER],
        initial=Party.Side.PARTNER,
        widget=forms.RadioSelect,
    )
    representative_title = forms.CharField(
        label="Qualité de la personne qui signe", max_length=150, help_text="Par exemple : Le Préfet"
    )

    def clean_organisation(self) -> Organisation:
        text = self.cleaned_data["organisation"].strip()
        digits = "".join(text.split())
        known = Organisation.objects.filter(merged_into=None)
        named = known.filter(Q(name__iexact=text) | Q(commune__name__iexact=text))
        exact = known.filter(siren=digits) if digits.isdigit() else named
        found = list((exact if exact.exists() else known.filter(Q(name__icontains=text))).order_by("name")[: NAMED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                "Aucun organisme de ce nom ou de ce SIREN. L’administration du portail peut l’ajouter."
            )
        names = " ; ".join(f"{body.name} ({format_siren(body.siren or '')})" for body in found[:NAMED])
        raise forms.ValidationError(f"Plusieurs organismes conviennent : {names}. Écrivez le SIREN.")


class SettingsForm(forms.ModelForm):
    """What the text says of dates, money and signatures."""

    amount = amount_field()

    class Meta:
        model = Agreement
        fields = (
            "heading", "title", "starts_on", "months", "amount", "in_force_from", "sign_by", "ordered", "needs_visa",
            "follow_on_months",
        )  # fmt: skip
        labels = {
            "heading": "Nom du document",
            "title": "Objet",
            "starts_on": "Premier jour",
            "months": "Durée en mois",
            "in_force_from": "En vigueur au plus tôt le",
            "sign_by": "Date limite des signatures",
            "ordered": "Les parties signent l’une après l’autre, dans l’ordre de la liste",
            "needs_visa": "Une autre personne vise le texte avant l’envoi",
            "follow_on_months": "Délai de la convention-cadre, en mois",
        }
        help_texts = {
            "heading": "Par exemple : Convention d’adhésion",
            "starts_on": "",
            "months": "",
            "ordered": "",
            "in_force_from": "Rien : à la dernière signature.",
            "sign_by": "Rien : sans limite.",
            "follow_on_months": "Compté de l’entrée en vigueur. Rien : aucune convention-cadre ne suit.",
        }
        widgets = {"starts_on": DayInput(), "in_force_from": DayInput(), "sign_by": DayInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("in_force_from", "sign_by", "follow_on_months"):
            self.fields[name].required = False


class ArticleForm(forms.Form):
    """One article of a text of its own. Without title nor text, it is left out."""

    title = forms.CharField(label="Titre", max_length=150, required=False)
    text = forms.CharField(
        label="Texte",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Une ligne vide sépare deux paragraphes ; une ligne qui commence par un tiret est un point.",
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if stray_braces(text):
            raise forms.ValidationError("Une accolade est seule : un champ s’écrit {commune}.")
        unknown = [name for name in merge_fields(text) if name not in MERGE_FIELDS]
        if unknown:
            raise forms.ValidationError(f"Ce champ n’existe pas : {{{unknown[0]}}}. La liste est sous le formulaire.")
        return text

    def clean(self) -> Mapping[str, Any]:
        told = super().clean()
        title, text = told.get("title", ""), told.get("text", "")
        if bool(title) != bool(text) and not self.errors:
            self.add_error("title" if text else "text", "Un article a un titre et un texte.")
        return told


ArticleFormSet = forms.formset_factory(ArticleForm, extra=2, max_num=40, absolute_max=60)


def article_rows(articles: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The articles as the form edits them."""
    return [{"title": entry["title"], "text": "\n\n".join(entry["paragraphs"])} for entry in articles]


def articles_told(formset: Any) -> list[dict[str, Any]]:
    """The articles that the form gives, empty ones left out."""
    rows = [form.cleaned_data for form in formset.forms if form.cleaned_data.get("title")]
    return [
        {"title": row["title"], "paragraphs": [part.strip() for part in row["text"].split("\n\n") if part.strip()]}
        for row in rows
    ]


class AnnexForm(forms.Form):
    title = forms.CharField(label="Titre de l’annexe", max_length=150)
    file = forms.FileField(label="Fichier", help_text="PDF, image ou document bureautique, 20 Mo au plus.")


class VisaForm(forms.Form):
    """Vise the text, or say what is to be taken up again."""

    verdict = forms.ChoiceField(
        label="Votre visa",
        choices=[("given", "Je vise ce texte"), ("refused", "À reprendre")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez."},
    )
    comment = forms.CharField(
        label="Remarque", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> Mapping[str, Any]:
        told = super().clean()
        if told.get("verdict") == "refused" and not told.get("comment", "").strip():
            self.add_error("comment", "Dites ce qui est à reprendre.")
        return told


class SignatureForm(forms.Form):
    """The day on which a party signed."""

    signed_on = day_field("Date de signature")


class EventForm(forms.Form):
    """The meeting where parties sign together."""

    held_on = day_field("Date")
    place = forms.CharField(label="Lieu", max_length=200, help_text="Par exemple : Bayeux Intercom, Bayeux")
    parties = PartyChoice(
        queryset=Party.objects.none(),
        label="Ont signé",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez les parties qui ont signé ce jour-là."},
    )
    witnesses = forms.CharField(
        label="En présence de",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Une personne par ligne, par sa fonction. Elle ne signe pas.",
    )

    def __init__(self, *args: Any, parties: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parties"].queryset = parties


class WholeOrParty(forms.ModelChoiceField):
    def label_from_instance(self, party: Party) -> str:
        return f"de {party.organisation.name}"


class CopyForm(forms.Form):
    """A signed copy that comes back, of one party or whole."""

    party = WholeOrParty(
        queryset=Party.objects.none(), label="Signé", required=False, empty_label="de toutes les parties"
    )
    file = forms.FileField(label="Fichier PDF", help_text="20 Mo au plus. Un exemplaire gardé n’est jamais remplacé.")

    def __init__(self, *args: Any, parties: QuerySet[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = parties
