"""An organisation as the platform keeps it: nature, numbers, seat, services, other names with their dates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from portal.core.ui import FieldLook
from portal.territories.imports.lines import WrongLine, day_of
from portal.territories.models import Commune

from ..models import Organisation
from ..numbers import OTHER_SIREN, WrongNumber, checked_rna, checked_siren, checked_siret
from .institution import lines_field
from .people import text_field

TERRITORIAL = ("commune", "intercommunality", "department", "region")
OTHERS = [(value, label) for value, label in Organisation.Kind.choices if value not in TERRITORIAL]
TAKEN = "Un autre organisme porte déjà ce numéro."
ALIASES_HINT = (
    "Un par ligne, avec ses dates si elles sont connues : nom ; depuis le ; jusqu’au. Par exemple : "
    "Syndicat du Bessin ; 01/01/2009 ; 31/12/2016."
)


@dataclass(frozen=True)
class Alias:
    """A line of the field of other names."""

    name: str
    since: date | None
    until: date | None


class OrganisationSearch(forms.Form):
    """By any name, or by number."""

    q = text_field("Nom, SIREN, SIRET ou RNA", error="", required=False, max_length=150)


class OrganisationForm(forms.Form):
    """A territory keeps the nature and the SIREN of the official code: the form does not offer them."""

    kind = forms.ChoiceField(
        label="Nature",
        choices=[("", "Choisissez"), *OTHERS],
        error_messages={"required": "Choisissez la nature.", "invalid_choice": "Choisissez la nature dans la liste."},
    )
    kind.look = FieldLook(width="medium")
    name = text_field("Nom complet", error="Écrivez le nom complet.", max_length=150)
    siren = text_field("Numéro SIREN", "Neuf chiffres, s’il y en a un.", error="", required=False, max_length=20)
    siret = text_field("SIRET du siège", "Quatorze chiffres.", error="", required=False, max_length=25)
    rna = text_field(
        "Numéro RNA", "Pour une association : W puis neuf caractères.", error="", required=False, max_length=15
    )
    siren.look = siret.look = rna.look = FieldLook(width="short")
    seat = text_field("Commune du siège", "Son code Insee, par exemple 76351.", error="", required=False, max_length=5)
    seat.look = FieldLook(width="short")
    units = lines_field("Services ou directions", "Un par ligne.")
    aliases = lines_field("Anciens noms, noms d’usage", ALIASES_HINT, rows=4)

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        if organisation and organisation.kind in TERRITORIAL:
            for name in ("kind", "siren", "seat", "rna"):
                del self.fields[name]

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationForm":
        """The form as the organisation stands."""
        plain = {name: getattr(organisation, name) or "" for name in ("kind", "name", "siren", "siret", "rna")}
        units = "\n".join(organisation.units.order_by("name").values_list("name", flat=True))
        aliases = "\n".join(alias_line(alias) for alias in organisation.aliases.all())
        more = {"seat": organisation.seat_id or "", "units": units, "aliases": aliases}
        return cls(initial={**plain, **more}, organisation=organisation)

    def clean_siren(self) -> str | None:
        return self.number("siren", checked_siren)

    def clean_siret(self) -> str | None:
        return self.number("siret", checked_siret)

    def clean_rna(self) -> str | None:
        return self.number("rna", checked_rna)

    def number(self, field: str, check: Any) -> str | None:
        typed = self.cleaned_data[field]
        if not typed:
            return None
        try:
            number = str(check(typed))
        except WrongNumber as error:
            raise forms.ValidationError(str(error)) from error
        others = Organisation.objects.filter(**{field: number})
        if self.organisation:
            others = others.exclude(pk=self.organisation.pk)
        if others.exists():
            raise forms.ValidationError(TAKEN)
        return number

    def clean_seat(self) -> Commune | None:
        code = self.cleaned_data["seat"].upper()
        commune = Commune.objects.filter(insee=code, inhabited=True).first() if code else None
        if code and commune is None:
            raise forms.ValidationError("Aucune commune ne porte ce code Insee.")
        return commune

    def clean_units(self) -> list[str]:
        names = [line.strip()[:150] for line in self.cleaned_data["units"].splitlines()]
        return list(dict.fromkeys(name for name in names if name))

    def clean_aliases(self) -> list[Alias]:
        return [self.alias(line) for line in self.cleaned_data["aliases"].splitlines() if line.strip()]

    def alias(self, line: str) -> Alias:
        name, since, until, *_ = [*(part.strip() for part in line.split(";")), "", ""]
        try:
            found = Alias(name[:150], day_of(since) if since else None, day_of(until) if until else None)
        except WrongLine as error:
            raise forms.ValidationError(f"« {name} » : {error}") from error
        if not name:
            raise forms.ValidationError("Écrivez le nom avant ses dates.")
        if found.since and found.until and found.since >= found.until:
            raise forms.ValidationError(f"« {name} » : la fin doit suivre le début.")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        siren = data.get("siren") if "siren" in self.fields else getattr(self.organisation, "siren", None)
        if data.get("siret") and not data["siret"].startswith(siren or "?"):
            self.add_error("siret", OTHER_SIREN if siren else "Écrivez aussi le SIREN de l’organisme.")
        if data.get("rna") and data.get("kind") not in (None, Organisation.Kind.ASSOCIATION):
            self.add_error("rna", "Seule une association porte un numéro RNA.")
        return data


def alias_line(alias: Any) -> str:
    dates = [f"{day:%d/%m/%Y}" if day else "" for day in (alias.since, alias.until)]
    return " ; ".join([alias.name, *dates]).rstrip(" ;")
