"""What the portal already knows and writes for the commune, with its year and its source. Pure."""

from typing import Any

from calls.conditions import Facts
from portal.core.typography import format_number


def latest_population(facts: Facts, kind: str) -> tuple[int, int, str] | None:
    """The most recent figure of a kind: value, year, source. Kinds are never mixed."""
    years = [year for known, year in facts.populations if known == kind]
    if not years:
        return None
    figure = facts.populations[kind, max(years)]
    return figure.value, max(years), figure.source


def prefilled(question: Any, *, organisation: Any, facts: Facts, user: Any, signatory: Any) -> str:
    """The text to write in a question that asks for a known fact; empty when the fact is not known."""
    source = question.prefill
    if source.startswith("commune.population_"):
        figure = latest_population(facts, source.removeprefix("commune.population_"))
        return str(figure[0]) if figure else ""
    return str(
        {
            "commune.name": facts.name,
            "commune.insee": facts.insee,
            "commune.siren": facts.siren,
            "commune.department": facts.department,
            "intercommunality.name": facts.intercommunality_name,
            "intercommunality.siren": facts.intercommunality_siren,
            "organisation.mail": organisation.official_email,
            "organisation.representative": signatory.full_name if signatory else "",
            "user.name": user.full_name if user else "",
            "user.mail": user.email if user else "",
        }.get(source, "")
    )


def source_sentence(question: Any, facts: Facts) -> str:
    """« Nous avons trouvé 1 102 (population municipale 2023, Insee). Corrigez si vous savez mieux. »"""
    if question.prefill.startswith("commune.population_"):
        kind = question.prefill.removeprefix("commune.population_")
        figure = latest_population(facts, kind)
        if figure is None:
            return ""
        value, year, source = figure
        found = f"{format_number(value)} (population {kind} {year}, {source})"
        return f"Nous avons trouvé {found}. Corrigez si vous savez mieux."
    if question.prefill.startswith(("commune.", "intercommunality.")):
        return "Rempli d’après le code officiel géographique. Corrigez si vous savez mieux."
    return "Rempli d’avance. Corrigez si vous savez mieux." if question.prefill else ""
