"""Arriving and inviting: who one is, for which organisation, with which right."""

from typing import Any

from django import forms

from portal.core.ui import FieldLook

from ..models import Membership, Organisation, User
from ..rules import rights_offered_by

EMAIL_ERRORS = {
    "required": "Écrivez une adresse électronique.",
    "invalid": "Écrivez une adresse complète, par exemple mairie@exemple.fr.",
}
RIGHT_LABELS = {
    Membership.Right.READER: "Lire les candidatures",
    Membership.Right.EDITOR: "Rédiger les candidatures",
    Membership.Right.SIGNATORY: "Signer et déposer (maire ou adjoint qui a délégation)",
    Membership.Right.MANAGER: "Gérer l’organisme et ses accès",
}


def email_field(label: str, hint: str = "") -> forms.EmailField:
    field = forms.EmailField(label=label, help_text=hint, max_length=254, error_messages=EMAIL_ERRORS)
    field.widget.attrs["autocomplete"] = "email"
    field.look = FieldLook(width="medium")
    return field


def text_field(
    label: str, hint: str = "", *, error: str, required: bool = True, max_length: int = 120
) -> forms.CharField:
    field = forms.CharField(
        label=label, help_text=hint, required=required, max_length=max_length, error_messages={"required": error}
    )
    field.look = FieldLook(width="medium")
    return field


class JoinForm(forms.Form):
    """Someone signed in says who they are in the commune."""

    full_name = text_field("Vos prénom et nom", error="Écrivez vos prénom et nom.")
    role_title = text_field(
        "Votre fonction", "Par exemple : secrétaire de mairie, maire.", error="Écrivez votre fonction."
    )
    signs = forms.TypedChoiceField(
        label="Signez-vous pour la commune ?",
        help_text="Seule la personne qui signe peut déposer la candidature.",
        choices=[
            ("no", "Non, je prépare la candidature"),
            ("yes", "Oui, je suis maire ou j’ai délégation de signature"),
        ],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        error_messages={"required": "Choisissez une réponse."},
    )

    replaces = text_field(
        "Prenez-vous la suite d’une personne partie ?",
        "Écrivez son nom ou son adresse. Son accès cesse si la mairie, un collègue ou l’équipe d’un appel le confirme.",
        error="",
        required=False,
        max_length=150,
    )

    @property
    def right(self) -> str:
        return Membership.Right.SIGNATORY if self.cleaned_data["signs"] else Membership.Right.EDITOR


class ArriveForm(JoinForm):
    """The same, and the address that will receive the code."""

    email = email_field(
        "Votre adresse électronique", "Nous y envoyons un code pour vous connecter. Aucun mot de passe."
    )
    field_order = ["email", "full_name", "role_title", "signs", "replaces"]


class InvitationForm(forms.Form):
    """Call one person into an organisation."""

    email = email_field("Adresse électronique", "L’invitation est liée à cette adresse et vaut sept jours.")
    full_name = text_field("Prénom et nom", error="Écrivez le nom de la personne.", required=False)
    role_title = text_field("Fonction", error="Écrivez sa fonction.", required=False)
    right = forms.ChoiceField(
        label="Cette personne pourra", widget=forms.RadioSelect, error_messages={"required": "Choisissez un droit."}
    )

    def __init__(self, *args: Any, user: User, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = rights_offered_by(user, organisation)
        self.fields["right"].choices = [(right, RIGHT_LABELS[right]) for right in offered]


class CsvForm(forms.Form):
    """A file of invitations."""

    file = forms.FileField(
        label="Fichier CSV",
        help_text="Colonnes : adresse, nom, fonction, droit. 500 lignes et 1 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 1_000_000:
            raise forms.ValidationError("Ce fichier dépasse 1 Mo. Coupez-le en plusieurs fichiers.")
        return file


class RefusalForm(forms.Form):
    """A refusal says why."""

    reason = forms.CharField(
        label="Motif",
        help_text="La personne le lira.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi : la personne lira votre motif."},
    )


class CodeForm(forms.Form):
    """The six digits received by mail."""

    code = forms.CharField(
        label="Code reçu par courriel",
        help_text="Six chiffres. Il vaut quinze minutes.",
        max_length=20,
        error_messages={"required": "Écrivez les six chiffres du code."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    code.look = FieldLook(width="short")
