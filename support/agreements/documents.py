"""The agreement's snapshot (contract: templates/pdf/support/agreement.html) and its request."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications.models import Application, Decision
from applications.queries.files import answers_for_reading, latest_deposit
from applications.rankings import frozen_facts
from calls.conditions import holds
from calls.definition.dump import dump
from calls.definition.schema import CallDocument
from calls.queries import milestone_day
from portal.accounts.letterhead import letterhead
from portal.accounts.models import InstitutionProfile, Organisation
from portal.core.documents import request_document
from portal.core.models import FrozenDocument
from portal.core.rules import Refused
from portal.core.typography import format_amount, format_date, place_of
from portal.core.words import amount_in_words, number_in_words

from .models import Agreement, Party
from .outline import Article, OutlineError, contracted, filled
from .term import last_day


def request_agreement(agreement: Agreement, at: datetime) -> FrozenDocument:
    """Order the PDF of the agreement as it stands. Raises `Refused` when its outline cannot be filled."""
    return request_document(
        kind="agreement",
        number=agreement.number,
        title=agreement.heading,
        template="pdf/support/agreement.html",
        snapshot=agreement_snapshot(agreement),
        at=at,
    )


def agreement_snapshot(agreement: Agreement) -> dict[str, Any]:
    """Everything that the document prints, frozen. Raises `Refused` when its outline cannot be filled."""
    try:
        return snapshot_of(agreement, dump(agreement.call))
    except OutlineError as error:
        raise Refused(str(error)) from error


def text_fingerprint(snapshot: dict[str, Any]) -> str:
    """What a visa covers: the SHA-256 of all that the document says."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def snapshot_of(agreement: Agreement, document: CallDocument) -> dict[str, Any]:
    if document.agreement is None:
        raise Refused("Cet appel ne prévoit pas de convention.")
    parties = list(agreement.parties.select_related("organisation__commune", "organisation__profile"))
    applications = applications_of(agreement)
    values = merge_values(agreement, applications, document, parties)
    signing = [party for party in parties if party.side != Party.Side.WITNESS]
    is_draft = any(not party.act_number for party in signing)
    grounds = [strip_vu(text) for text in grounds_of(agreement, document.agreement.recitals)]
    return {
        "institution": letterhead(agreement.call.owner),
        "call": {"title": document.title, "edition": document.edition},
        "agreement": {
            "heading": heading_of(agreement, is_draft=is_draft),
            "noun": "Avenant" if agreement.kind == Agreement.Kind.AMENDMENT else "Convention",
            "is_draft": is_draft,
            "paper": True,
            "project_title": " ; ".join(application.title for application in applications) or agreement.title,
            "copies": copies_sentence(agreement, len(signing)),
            "entry_into_force": entry_sentence(agreement),
        },
        "parties": party_blocks(signing),
        "others_sentence": others_sentence(signing),
        "witnesses": [witness_block(party) for party in parties if party.side == Party.Side.WITNESS],
        "grounds": [filled([Article("Vu", (ground,))], values)[0]["paragraphs"][0] for ground in grounds],
        "articles": articles_of(agreement, applications, document, values),
        "annexes": annexes_sentence(agreement, document),
    }


def applications_of(agreement: Agreement) -> list[Application]:
    lines = agreement.beneficiaries.select_related("application__lead__commune").order_by("application__number")
    return [line.application for line in lines]


def articles_of(
    agreement: Agreement, applications: list[Application], document: CallDocument, values: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Its own articles; else those of the call's outline whose condition one of its files fulfils."""
    if agreement.articles:
        own = [Article(entry["title"], tuple(entry["paragraphs"])) for entry in agreement.articles]
        return filled(own, values)
    kept = kept_articles(agreement, applications, document)
    return with_expertise(filled(kept, values), document)


def outline_of(agreement: Agreement) -> list[dict[str, Any]]:
    """The articles of the call that this agreement would print, their fields not filled: a text to start from."""
    document = dump(agreement.call)
    kept = kept_articles(agreement, applications_of(agreement), document)
    return [{"title": article.title, "paragraphs": list(article.paragraphs)} for article in kept]


def kept_articles(agreement: Agreement, applications: list[Application], document: CallDocument) -> list[Article]:
    """The articles of the outline whose condition one of its files fulfils."""
    facts = frozen_facts(agreement.call, applications).values()
    return [
        Article(article.title, article.paragraphs)
        for article in (document.agreement.articles if document.agreement else ())
        if article.condition is None or any(holds(article.condition, fact) is True for fact in facts)
    ]


def grounds_of(agreement: Agreement, recitals: Iterable[str]) -> list[str]:
    """What the text rests on: for a sequel, the agreement that it follows or changes comes first."""
    parent = agreement.parent
    if parent is None:
        return list(recitals)
    since = f", en vigueur depuis le {format_date(parent.effective_on)}" if parent.effective_on else ""
    heading = f"{parent.heading[:1].lower()}{parent.heading[1:]}"
    return [f"la {heading} n° {parent.number}{since}", *recitals]


def heading_of(agreement: Agreement, *, is_draft: bool) -> str:
    """The name of the document; « Projet de convention… » while the act of a party is missing."""
    text = agreement.heading
    if not is_draft:
        return text
    link = "d’" if text[:1].lower() in "aeiouéè" else "de "
    return f"Projet {link}{text[:1].lower()}{text[1:]}"


def copies_sentence(agreement: Agreement, count: int) -> str:
    """« Établie en trois exemplaires… »; an amendment is masculine."""
    word = "Établi" if agreement.kind == Agreement.Kind.AMENDMENT else "Établie"
    return f"{word} en {number_in_words(count)} exemplaires originaux, un pour chaque partie."


def entry_sentence(agreement: Agreement) -> str:
    subject = "Il" if agreement.kind == Agreement.Kind.AMENDMENT else "Elle"
    if agreement.in_force_from is None:
        return f"{subject} entre en vigueur à la date de la dernière signature."
    day = format_date(agreement.in_force_from)
    return f"{subject} entre en vigueur le {day}, ou à la date de la dernière signature si elle est postérieure."


def annexes_sentence(agreement: Agreement, document: CallDocument) -> str:
    """Titles in order; a file joined is named by its fingerprint, so that nobody can change it afterwards."""
    outline = [] if agreement.articles else list(document.agreement.annexes)
    joined = [f"{annex.title} (SHA-256 {annex.file.sha256})" for annex in agreement.annexes.select_related("file")]
    return " ".join(f"{n}. {title}." for n, title in enumerate([*outline, *joined], 1))


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


def merge_values(
    agreement: Agreement, applications: list[Application], document: CallDocument, parties: list[Party]
) -> dict[str, str]:
    """The closed list of fields, as texts. A commune's own answers name its referents."""
    lead = applications[0]
    profile: InstitutionProfile = agreement.call.owner.profile
    decision = agreement.beneficiaries.select_related("decision").first().decision
    answers = answered(lead)
    jury = milestone_day(agreement.call, "jury")
    return {
        "commune": name_of(lead.lead),
        "de_la_commune": of_body(lead.lead),
        "communes": listed(dict.fromkeys(name_of(application.lead) for application in applications)),
        "representant": "son maire" if lead.lead.commune else "son président",
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
        "jours": str(document.agreement.days) if document.agreement else "",
        "elu_referent": answers.get("elu_referent", "à désigner"),
        "agent_referent": answers.get("contact_technique", "à désigner"),
        "acte": act_words(decision),
        "jury": format_date(jury) if jury else "",
        "tribunal": profile.court,
        "parties": listed(party_name(party) for party in parties if party.side != Party.Side.WITNESS),
        "montant": amount_words(agreement.amount),
        "delai_cadre": f"{number_in_words(agreement.follow_on_months)} mois" if agreement.follow_on_months else "",
    }


def amount_words(amount: Decimal | None) -> str:
    """« 30 000,00 € (trente mille euros) », as an act writes it."""
    return f"{format_amount(amount)} ({amount_in_words(amount)})" if amount is not None else ""


def listed(names: Iterable[str]) -> str:
    """« Bayeux et Port-en-Bessin-Huppain », « Étretat, Gommerville et Sainneville »."""
    *first, last = list(names) or [""]
    return f"{', '.join(first)} et {last}" if first else last


def name_of(organisation: Organisation) -> str:
    return organisation.commune.name if organisation.commune else organisation.name


def of_body(organisation: Organisation) -> str:
    """« d’Étretat »; for another body its name, after « de »."""
    commune = organisation.commune
    return place_of(commune.name, commune.article) if commune else f"de {organisation.name}"


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
        name = organisation.name
        return f"La {name[:1].lower()}{name[1:]}" if name.startswith(("Communauté ", "Métropole ")) else name
    return f"{profile.designation[:1].upper()}{profile.designation[1:]} {profile.short_name}"


def within(name: str) -> str:
    """« La commune de Bayeux » inside a sentence: « la commune de Bayeux »."""
    return f"{name[:1].lower()}{name[1:]}" if name.startswith(("La ", "Le ", "Les ", "L’")) else name


def with_of(name: str) -> str:
    """« du Département », « de l’Agence », « d’Action Logement », « de Cerema »."""
    text = within(name)
    if text.startswith(("le ", "les ", "la ", "l’")):
        return contracted(text)
    return f"d’{text}" if text[:1].lower() in "aeiouéèêh" else f"de {text}"


def party_blocks(signing: list[Party]) -> list[dict[str, Any]]:
    """The organiser and its partners first, beneficiaries last, whatever the order in which they sign."""
    ours = [party for party in signing if party.side != Party.Side.BENEFICIARY]
    theirs = [party for party in signing if party.side == Party.Side.BENEFICIARY]
    blocks = [party_block(party, alone=len(theirs) == 1) for party in (*ours, *theirs)]
    if ours:
        blocks[len(ours) - 1]["side"] = "d’une part,"
    return blocks


def party_block(party: Party, *, alone: bool) -> dict[str, Any]:
    name = party_name(party)
    return {
        "name": name,
        "called": called(party, alone=alone),
        "siren": party.organisation.siren or "",
        "seat": seat_of(party),
        "representative": representative(party),
        "act": act_of(party),
        "side": "",
        "sign_for": f"Pour {within(name)}",
        "quality": by_delegation(party),
    }


def called(party: Party, *, alone: bool) -> str:
    """What the articles call it: « la communauté urbaine », « la commune » when it is alone."""
    profile = getattr(party.organisation, "profile", None)
    if party.side == Party.Side.OWNER and profile:
        return profile.designation
    return "la commune" if alone and party.side == Party.Side.BENEFICIARY and party.organisation.commune else ""


def representative(party: Party) -> str:
    """« représentée par son Maire, Madame X »; « par délégation » says by which act."""
    text = f"{agreed('représenté', party)} par {possessive(party.representative_title)}"
    text += f", {party.representative_name}" if party.representative_name else ""
    if party.delegation and party.delegated_on:
        text += f", par délégation de signature ({party.delegation} du {format_date(party.delegated_on)})"
    return text


def agreed(participle: str, party: Party) -> str:
    """Communes, communities, agencies are feminine; a syndicate, a département, an État service masculine."""
    masculine = (
        Organisation.Kind.DEPARTMENT, Organisation.Kind.STATE, Organisation.Kind.SYNDICATE, Organisation.Kind.OPERATOR
    )  # fmt: skip
    return participle if party.organisation.kind in masculine else f"{participle}e"


def by_delegation(party: Party) -> str:
    title = party.representative_title
    return f"{title}, par délégation" if party.delegation else title


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
    text = f"{party.act_kind} {party.act_body} n° {party.act_number} du {format_date(party.act_on)}"
    return " ".join(text.split(" ")).replace("  ", " ")


def witness_block(party: Party) -> dict[str, str]:
    name = with_of(party_name(party))
    return {
        "text": f"{name}, {representative(party)}",
        "sign_for": f"En présence {name}",
        "quality": party.representative_title,
    }


def others_sentence(signing: list[Party]) -> str:
    theirs = [party for party in signing if party.side == Party.Side.BENEFICIARY]
    if len(theirs) == 1:
        return "d’autre part,"
    count = number_in_words(len(theirs))
    if all(party.organisation.commune for party in theirs):
        return f"d’autre part, les {count} dernières étant ci-après désignées ensemble « les communes »,"
    return f"d’autre part, les {count} derniers organismes étant ci-après désignés ensemble « les bénéficiaires »,"
