"""Forms of the public verification page: a document's number, then a fingerprint to compare."""

import re

from django import forms


class NumberForm(forms.Form):
    """The number printed on the document."""

    numero = forms.CharField(
        label="Numéro du document",
        max_length=80,
        help_text="Il est imprimé en bas de la première page. Exemple : AD-TPS-2027-0001-1.",
        error_messages={"required": "Indiquez le numéro du document."},
    )

    def clean_numero(self) -> str:
        number = re.sub(r"\s+", "", self.cleaned_data["numero"]).upper()
        if not re.fullmatch(r"[A-Z0-9-]+", number):
            raise forms.ValidationError(
                "Un numéro ne contient que des lettres sans accent, des chiffres et des tirets."
            )
        return number


class FingerprintForm(forms.Form):
    """A SHA-256 that the person has computed or copied."""

    empreinte = forms.CharField(
        label="Empreinte SHA-256 de votre fichier",
        max_length=200,
        help_text="64 chiffres de 0 à 9 et de a à f ; vous pouvez laisser les espaces.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Indiquez l’empreinte à comparer."},
    )

    def clean_empreinte(self) -> str:
        fingerprint = re.sub(r"\s+", "", self.cleaned_data["empreinte"]).lower()
        if not re.fullmatch(r"[0-9a-f]{64}", fingerprint):
            raise forms.ValidationError(
                "Une empreinte SHA-256 compte 64 chiffres de 0 à 9 et de a à f. Copiez-la entière."
            )
        return fingerprint
