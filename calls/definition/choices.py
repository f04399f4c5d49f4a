"""The French words of every choice of a call document, by the field that offers it."""

from typing import Annotated, Any, Literal, get_args, get_origin

from calls.definition import (
    deliberation,
    eligibility,
    follow_up,
    form,
    identity,
    money,
    predicates,
    schema,
    selection,
    timetable,
)
from calls.definition.examination import Examination, InternalField
from calls.definition.values import Part

Choices = dict[str, str]

KINDS_OF_APPLICANT: Choices = {
    "commune": "commune",
    "intercommunality": "intercommunalité",
    "department": "département",
    "region": "région",
    "state": "service de l’État",
    "operator": "opérateur ou agence",
    "other": "autre organisme",
}
_POPULATIONS = {"municipale": "population municipale", "totale": "population totale"}
PLACES = {
    "intercommunality": "communes d’une intercommunalité",
    "department": "communes d’un département",
    "region": "communes d’une région",
    "communes": "liste de communes",
    "canton": "communes d’un canton",
    "district": "communes d’un arrondissement",
    "basin": "communes d’un bassin de vie",
    "massif": "communes d’un massif",
    "constituency": "communes d’une circonscription législative",
    "grouping": "communes d’un autre regroupement",
}
_ASKED_AT = {"both": "aux deux étapes", "intent": "à la lettre d’intention", "file": "au dossier"}
_TAX = {"ht": "hors taxes", "ttc": "toutes taxes comprises"}
_SHARES = {
    "third": "le tiers",
    "half": "la moitié",
    "two_thirds": "les deux tiers",
    "three_quarters": "les trois quarts",
}
_OUTCOMES = {
    "selected": "retenue",
    "reserve": "liste complémentaire",
    "deferred": "ajournée",
    "not_selected": "non retenue",
    "ineligible": "inéligible",
    "inadmissible": "irrecevable",
    "withdrawn": "retirée",
    "closed_without_action": "sans suite",
}
QUESTIONS: Choices = {
    "text": "texte court",
    "long_text": "texte long",
    "number": "nombre",
    "percent": "pourcentage",
    "money": "montant en euros",
    "date": "date",
    "single": "un choix",
    "multiple": "plusieurs choix",
    "yes_no": "oui ou non",
    "email": "courriel",
    "phone": "téléphone",
    "commune": "commune",
    "intercommunality": "intercommunalité",
    "organisation": "organisme, par son SIRET",
    "table": "tableau",
    "operations": "opérations, avec leur plan de financement",
    "site": "site du projet, sur une carte",
    "file": "fichier",
    "undertaking": "engagement à cocher",
}
RULES: Choices = {
    "perimeter": "le candidat est du territoire de l’appel",
    "place": "il est d’un autre territoire",
    "excluded": "son intercommunalité n’est pas exclue",
    "attribute": "sa commune a, ou n’a pas, une caractéristique",
    "same_intercommunality": "les candidats sont d’une même intercommunalité",
    "population": "sa population est dans des bornes",
    "applicant_kind": "il est d’une certaine nature",
    "members": "nombre de candidats réunis",
    "joint": "candidature seule ou commune",
    "max_applications": "nombre de candidatures par candidat",
    "selected_before": "il a, ou n’a pas, déjà été retenu",
    "answer": "une réponse du formulaire le dit",
    "start": "aucune dépense ne commence trop tôt",
    "cost": "le coût est dans des bornes",
    "duration": "la durée est dans des bornes",
    "declaration": "il le déclare, une personne le vérifie",
    "judgement": "une personne l’apprécie",
}
_MEMBERS = {"each": "chaque candidat", "lead": "le porteur seul"}

CHOICES: dict[tuple[type[Part], str], Choices] = {
    (schema.CallDocument, "call_type"): {
        "ami": "appel à manifestation d’intérêt",
        "aap": "appel à projets",
        "aac": "appel à candidatures",
    },
    (identity.Partner, "role"): {
        "co_pilot": "copilote",
        "funder": "financeur",
        "technical": "partenaire technique",
        "local_lead": "relais local",
        "opinion": "donne un avis",
        "signatory": "signe la convention",
    },
    (identity.Support, "kinds"): {
        "method": "méthode",
        "engineering": "ingénierie",
        "funding_search": "recherche de financements",
        "project_manager": "poste de chef de projet",
        "team": "équipe dédiée",
        "study_grant": "aide aux études",
        "works_grant": "aide aux travaux",
        "label": "label",
        "network": "réseau",
    },
    (identity.Applicants, "kinds"): KINDS_OF_APPLICANT,
    (identity.Place, "kind"): PLACES,
    (identity.Access, "kind"): {
        "open": "tous les candidats éligibles",
        "invitation": "ceux qui sont invités",
        "signatories": "ceux qui ont signé la convention d’un autre appel",
    },
    (identity.Stratum, "kind"): {
        "population": "par population",
        "communes": "par liste de communes",
        "perimeter": "par territoire",
        "applicant": "par nature du candidat",
        "attribute": "par caractéristique de la commune",
    },
    (identity.Stratum, "population_kind"): _POPULATIONS,
    (identity.Stratum, "kinds"): KINDS_OF_APPLICANT,
    (money.Cut, "axis"): {
        "funder": "financeur",
        "stratum": "strate",
        "department": "département",
        "track": "volet",
    },
    (money.Grant, "kind"): {
        "study": "étude",
        "diagnosis": "diagnostic",
        "amo": "assistance à maîtrise d’ouvrage",
        "works": "travaux",
        "post": "poste",
    },
    (money.Grant, "base"): _TAX,
    (money.Grant, "ceiling_on"): {"grant": "le montant de l’aide", "cost": "la dépense retenue"},
    (money.Money, "tax"): _TAX,
    (form.Download, "kind"): {
        "rules": "règlement",
        "model": "modèle à remplir",
        "annex": "annexe",
        "map": "carte",
        "list": "liste",
    },
    (form.Column, "kind"): {
        "text": "texte",
        "number": "nombre",
        "money": "montant",
        "date": "date",
        "single": "un choix",
        "yes_no": "oui ou non",
    },
    (form.Question, "kind"): QUESTIONS,
    (form.Question, "prefill"): {
        "commune.name": "nom de la commune",
        "commune.insee": "code Insee de la commune",
        "commune.siren": "SIREN de la commune",
        "commune.department": "département",
        "commune.population_municipale": "population municipale",
        "commune.population_totale": "population totale",
        "intercommunality.name": "nom de l’intercommunalité",
        "intercommunality.siren": "SIREN de l’intercommunalité",
        "organisation.mail": "courriel de l’organisme",
        "organisation.phone": "téléphone de l’organisme",
        "organisation.representative": "représentant de l’organisme",
        "user.name": "nom de la personne qui remplit",
        "user.mail": "courriel de la personne qui remplit",
    },
    (form.Section, "stage"): _ASKED_AT,
    (form.Piece, "need"): {
        "required": "demandée",
        "conditional": "demandée dans certains cas",
        "optional": "facultative",
    },
    (form.Piece, "stage"): _ASKED_AT,
    (form.Piece, "accepted"): {
        "pdf": "PDF",
        "docx": "Word (DOCX)",
        "odt": "OpenDocument texte (ODT)",
        "xlsx": "Excel (XLSX)",
        "ods": "OpenDocument tableur (ODS)",
        "jpg": "image JPEG",
        "png": "image PNG",
        "geojson": "périmètre GeoJSON",
    },
    (timetable.Window, "stage"): {"intent": "lettre d’intention", "file": "dossier"},
    (timetable.Reminder, "about"): {
        "draft_not_deposited": "brouillon non déposé",
        "piece_promised": "pièce promise",
        "assessment_missing": "note du jury attendue",
        "milestone_due": "étape qui approche",
        "framework_due": "convention-cadre à signer",
        "signature_due": "convention à signer",
        "completion_due": "compléments attendus",
        "opinion_due": "avis attendu d’un service",
    },
    (predicates.PopulationTest, "of"): {"commune": "la commune", "intercommunality": "son intercommunalité"},
    (predicates.PopulationTest, "population_kind"): _POPULATIONS,
    (predicates.ApplicantIs, "kinds"): KINDS_OF_APPLICANT,
    (eligibility.RuleBase, "effect"): {
        "blocking": "la candidature est inéligible",
        "justify": "le candidat s’en explique par écrit",
        "warning": "c’est signalé",
        "informative": "rien : elle informe",
    },
    (eligibility.RuleBase, "derogable_by"): {
        "manager": "la gestion de l’appel",
        "officer": "l’instruction, ou la gestion de l’appel",
    },
    **{
        (rule, "bears_on"): _MEMBERS
        for rule in (
            eligibility.PlaceRule,
            eligibility.ExcludedRule,
            eligibility.AttributeRule,
            eligibility.ApplicantKindRule,
            eligibility.SelectedBeforeRule,
        )
    },
    (eligibility.PopulationRule, "bears_on"): {**_MEMBERS, "sum": "tous ensemble, additionnés"},
    (eligibility.ApplicantKindRule, "kinds"): KINDS_OF_APPLICANT,
    (eligibility.JointRule, "joint"): {"needed": "demandée", "forbidden": "exclue", "allowed": "possible"},
    (eligibility.JointRule, "partner"): KINDS_OF_APPLICANT,
    (InternalField, "kind"): {
        "text": "texte",
        "number": "nombre",
        "yes_no": "oui ou non",
        "date": "date",
        "choice": "choix",
    },
    (Examination, "completion_expiry"): {
        "as_is": "le dossier est examiné en l’état",
        "inadmissible": "la candidature est déclarée non recevable",
    },
    (selection.Grid, "mode"): {
        "numeric": "par des points",
        "qualitative": "par des niveaux",
        "none": "sans grille",
    },
    (selection.Grid, "aggregate"): {"mean": "la moyenne des membres", "median": "la médiane des membres"},
    (selection.Grid, "unjudged"): {
        "zero": "compte zéro point",
        "set_aside": "est laissé de côté, le total étant ramené à celui de la grille",
    },
    (selection.Grid, "comment"): {"optional": "facultatif", "required": "demandé pour valider"},
    (selection.Seat, "voice"): {"institution": "d’une institution", "person": "d’une personne, sans suppléance"},
    (selection.JuryPhase, "others"): {
        "none": "non",
        "after_mine": "une fois les siennes validées",
        "all": "oui",
    },
    (selection.Jury, "quorum_share"): _SHARES,
    (deliberation.CollegeQuorum, "share"): _SHARES,
    (selection.Jury, "majority"): {
        "simple": "majorité simple",
        "absolute": "majorité absolue",
        "two_thirds": "deux tiers",
    },
    (selection.Jury, "ballot"): {
        "nominal": "nominal, sur son appareil ou à main levée",
        "secret": "secret",
        "none": "aucun : le comité rend un avis sans voter",
    },
    (selection.Jury, "tie"): {
        "casting_vote": "voix prépondérante de la présidence",
        "second_ballot": "second vote",
        "joint_decision": "décision commune des copilotes",
        "deferral": "ajournement",
    },
    (selection.Decision, "act"): {
        "council_resolution": "délibération du conseil",
        "board_resolution": "délibération du bureau",
        "president_decision": "décision de la présidence",
        "order": "arrêté",
    },
    (selection.Outcome, "code"): _OUTCOMES,
    (selection.Reason, "outcome"): _OUTCOMES,
    (follow_up.Indicator, "kind"): {"work": "le travail fait", "result": "un résultat", "impact": "un effet"},
}
# The kinds that tell the variants of a union apart: each has one value, chosen before the form is shown.
VARIANTS = (
    eligibility.RuleBase,
    predicates.PopulationIs,
    predicates.TrackIs,
    predicates.StratumIs,
    predicates.ApplicantIs,
    predicates.AnswerIs,
    predicates.AllOf,
    predicates.AnyOf,
    predicates.NotSo,
)


def choices(model: type[Part], name: str) -> Choices:
    """The words of each value that a field may take."""
    return next(CHOICES[base, name] for base in model.__mro__ if (base, name) in CHOICES)


def values_of(annotation: Any) -> tuple[str, ...]:
    """The values of the Literal inside an annotation; none when there is not one."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    inner = get_args(annotation)[:1] if get_origin(annotation) is Annotated else get_args(annotation)
    return next((found for part in inner if (found := values_of(part))), ())
