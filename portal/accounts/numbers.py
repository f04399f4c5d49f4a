"""Numbers of organisations: SIREN, SIRET, RNA. Each check gives the bare number or says what is wrong. Pure."""

import re

from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren, siret

RNA_SHAPE = re.compile(r"W\d[0-9AB]\d{7}")
BAD_SIREN = "Ce numéro n’est pas un SIREN : vérifiez les neuf chiffres."
BAD_SIRET = "Ce numéro n’est pas un SIRET : vérifiez les quatorze chiffres."
BAD_RNA = "Ce numéro n’est pas un numéro RNA : la lettre W puis neuf caractères, par exemple W751234567."
OTHER_SIREN = "Ce SIRET n’est pas celui d’un établissement de ce SIREN : ses neuf premiers chiffres diffèrent."


class WrongNumber(ValueError):
    """The number cannot be right; the message says what to do."""


def checked_siren(text: str) -> str:
    """Nine digits, the last one their check. Raises `WrongNumber`."""
    try:
        return str(siren.validate(text))
    except NumberError as error:
        raise WrongNumber(BAD_SIREN) from error


def checked_siret(text: str, of: str = "") -> str:
    """Fourteen digits, of an establishment of the SIREN `of` when it is given. Raises `WrongNumber`."""
    try:
        number = str(siret.validate(text))
    except NumberError as error:
        raise WrongNumber(BAD_SIRET) from error
    if of and not number.startswith(of):
        raise WrongNumber(OTHER_SIREN)
    return number


def checked_rna(text: str) -> str:
    """The number of an association in the national register. Raises `WrongNumber`."""
    number = re.sub(r"\s", "", text).upper()
    if not RNA_SHAPE.fullmatch(number):
        raise WrongNumber(BAD_RNA)
    return number
