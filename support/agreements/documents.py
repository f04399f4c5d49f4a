"""The agreement's snapshot (contract: templates/pdf/support/agreement.html) and its request."""

from datetime import datetime
from typing import Any

from applications.models import Application, CouncilResolution, Decision
from applications.queries import answers_for_reading, latest_deposit
from calls.definition.dump import dump
from calls.queries import milestone_day
from portal.accounts.letterhead import letterhead
from portal.accounts.models import InstitutionProfile
from portal.core.documents import request_document
from portal.core.models import FrozenDocument
from portal.core.rules import Refused
from portal.core.typography import format_date, place_of
from portal.core.words import number_in_words

from .models import Agreement, Party
from .outline import Article, OutlineError, contracted, filled
from .term import last_day


def request_agreement(agreement: Agreement, at: datetime) -> FrozenDocument:
    """Order the PDF of the agreement as it stands. Raises `Refused` when its outline cannot be filled."""
    try:
        snapshot = agreement_snapshot(agreement)
    except OutlineError as error:
        raise Refused(str(error)) from error
    return request_document(
        kind="agreement",
        number=agreement.number,
        title="Convention d’accompagnement",
        template="pdf/support/agreement.html",
        snapshot=snapshot,
        at=at,
    )


def agreement_snapshot(agreement: Agreement) -> dict[str, Any]:
    """Everything that the document prints, frozen."""
    document = dump(agreement.call)
    if document.agreement is None:
        raise Refused("Cet appel ne prévoit pas de convention.")
    parties = list(agreement.parties.select_related("organisation__commune", "organisation__profile"))
    applications = applications_of(agreement)
    values = merge_values(agreement, applications, document)
    articles = [Article(article.title, article.paragraphs) for article in document.agreement.articles]
    grounds = [strip_vu(text) for text in document.agreement.recitals]
    signing = [party for party in parties if party.side != Party.Side.WITNESS]
    return {
        "institution": letterhead(agreement.call.owner),
        "call": {"title": document.title, "edition": document.edition},
        "agreement": {
            "is_draft": any(not party.act_number for party in signing),
            "paper": True,
            "project_title": " ; ".join(application.title for application in applications),
            "copies": f"Établie en {number_in_words(len(signing))} exemplaires originaux, un pour chaque partie.",
            "entry_into_force": "La convention entre en vigueur à la date de la dernière signature.",
        },
        "parties": [party_block(party, signing) for party in signing],
        "others_sentence": others_sentence(signing),
        "witnesses": [witness_block(party) for party in parties if party.side == Party.Side.WITNESS],
        "grounds": [filled([Article("Vu", (ground,))], values)[0]["paragraphs"][0] for ground in grounds],
        "articles": with_expertise(filled(articles, values), document),
        "annexes": " ".join(f"{n}. {title}." for n, title in enumerate(document.agreement.annexes, 1)),
    }


def applications_of(agreement: Agreement) -> list[Application]:
    lines = agreement.beneficiaries.select_related("application__lead__commune").order_by("application__number")
    return [line.application for line in lines]


def strip_vu(text: str) -> str:
    """« Vu le code… ; » → « le code… »: the template writes « Vu » once."""
    return text.removeprefix("Vu ").rstrip(" ;\u202f\u00a0")


def with_expertise(articles: list[dict[str, Any]], document: Any) -> list[dict[str, Any]]:
    """The table of days stands under the commitments of the owner (article 3)."""
    expertise = document.agreement.expertise
    if expertise and len(articles) > 2:
        articles[2]["table"] = {
            "caption": "Tableau 1. Jours d’expertise apportés",
            "columns": ["Domaine", "Intervenant", "Jours"],
            "rows": [[entry.label, entry.provider or "–", str(entry.days)] for entry in expertise],
            "total": ["Total", "–", str(document.agreement.days)],
        }
    return articles


def merge_values(agreement: Agreement, applications: list[Application], document: Any) -> dict[str, str]:
    """The closed list of fields, as texts. A commune's own answers name its referents."""
    lead = applications[0]
    commune = lead.lead.commune
    profile: InstitutionProfile = agreement.call.owner.profile
    decision = agreement.beneficiaries.select_related("decision").first().decision
    answers = answered(lead)
    jury = milestone_day(agreement.call, "jury")
    return {
        "commune": commune.name,
        "de_la_commune": place_of(commune.name, commune.article),
        "communes": ", ".join(application.lead.commune.name for application in applications),
        "representant": "son maire",
        "projet": lead.title,
        "candidature": lead.number or "",
        "convention": agreement.number,
        "appel": document.title,
        "edition": document.edition,
        "organisateur": f"{profile.designation} {profile.short_name}",
        "service": agreement.call.contact_service,
        "debut": format_date(agreement.starts_on),
        "fin": format_date(last_day(agreement.starts_on, agreement.months)),
        "duree": f"{number_in_words(agreement.months)} mois",
        "jours": str(document.agreement.days),
        "elu_referent": answers.get("elu_referent", "à désigner"),
        "agent_referent": answers.get("contact_technique", "à désigner"),
        "acte": act_words(decision),
        "jury": format_date(jury) if jury else "",
        "tribunal": profile.court,
    }


def act_words(decision: Decision) -> str:
    """« la délibération du bureau communautaire n° BU-2027-118 du 27 mai 2027 »."""
    day = format_date(decision.act_on)
    return f"la {decision.act_kind} {contracted(decision.body)} n° {decision.act_number} du {day}"


def answered(application: Application) -> dict[str, str]:
    """The answers of the last deposit in words, by question code."""
    deposit = latest_deposit(application)
    sections = answers_for_reading(deposit, for_jury=False) if deposit else []
    return {answer.code: answer.text for section in sections for answer in section.answers if answer.text}


def party_name(party: Party) -> str:
    """« La commune d’Étretat », « La communauté urbaine Le Havre Seine Métropole »."""
    organisation = party.organisation
    if organisation.commune:
        return f"La commune {place_of(organisation.commune.name, organisation.commune.article)}"
    profile = getattr(organisation, "profile", None)
    if profile is None:
        return organisation.name
    return f"{profile.designation[:1].upper()}{profile.designation[1:]} {profile.short_name}"


def party_block(party: Party, signing: list[Party]) -> dict[str, Any]:
    name = party_name(party)
    owner = party.side == Party.Side.OWNER
    profile = getattr(party.organisation, "profile", None)
    several = sum(p.side == Party.Side.BENEFICIARY for p in signing) > 1
    called = profile.designation if owner and profile else ("" if several else "la commune")
    return {
        "name": name,
        "called": called,
        "siren": party.organisation.siren or "",
        "seat": seat_of(party),
        "representative": f"représentée par {possessive(party.representative_title)}",
        "act": act_of(party),
        "side": "d’une part," if owner else "",
        "sign_for": f"Pour {name[:1].lower()}{name[1:]}",
        "quality": party.representative_title,
    }


def seat_of(party: Party) -> str:
    profile = getattr(party.organisation, "profile", None)
    if profile:
        return profile.address_line
    commune = party.organisation.commune
    return party.organisation.postal_address or (f"mairie, {commune.postal_codes[0]} {commune.name}" if commune else "")


def possessive(title: str) -> str:
    """« Le Maire » → « son Maire »; « La Présidente » → « sa Présidente »."""
    for article, own in (("Le ", "son "), ("La ", "sa "), ("L’", "son ")):
        if title.startswith(article):
            return own + title.removeprefix(article)
    return title


def act_of(party: Party) -> str:
    if not party.act_number or party.act_on is None:
        return ""
    return f"délibération {party.act_body} n° {party.act_number} du {format_date(party.act_on)}".replace("  ", " ")


def witness_block(party: Party) -> dict[str, str]:
    name = party.organisation.name
    return {
        "text": f"{name}, représentée par {possessive(party.representative_title)}",
        "sign_for": f"En présence de {name}",
        "quality": party.representative_title,
    }


def others_sentence(signing: list[Party]) -> str:
    communes = sum(party.side == Party.Side.BENEFICIARY for party in signing)
    if communes == 1:
        return "d’autre part,"
    count = number_in_words(communes)
    return f"d’autre part, les {count} dernières étant ci-après désignées ensemble « les communes »,"


def resolution_of(application: Application, organisation_id: int) -> CouncilResolution | None:
    """The council's act that the commune gave with its file, if any."""
    return application.resolutions.filter(organisation_id=organisation_id).first()
