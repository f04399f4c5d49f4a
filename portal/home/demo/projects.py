"""Invented projects of real communes: what the demo writes in the form. No real person is named."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Project:
    """One project: what differs from a file to the next; the rest of the form is filled by `answers`."""

    insee: str
    title: str
    address: str
    surface: str
    nature: tuple[str, ...]
    usage: str
    needs: str
    effects: tuple[tuple[str, str], ...]


PROJECTS = (
    Project(
        "76254",
        "La place des Marronniers : ombre, assises et cheminement jusqu’à la résidence autonomie",
        "Place des Marronniers, entre la mairie et la résidence",
        "1450",
        ("place", "parking"),
        "Un stationnement les jours de marché, une place vide le reste du temps.",
        "La place reste vide l’après-midi dès le mois de mai : aucun arbre, un sol sombre, un seul banc. Les habitants de la "
        "résidence autonomie, à 180 m, ne la traversent plus depuis la suppression du passage piéton.",
        (
            ("accessibilite", "Un cheminement sans ressaut de 240 m, une assise tous les 60 m."),
            ("ombre", "Une douzaine d’arbres et 600 m² de sol rendu perméable."),
            ("rencontre", "Un abri ouvert face à l’école, tenu avec l’association des aînés."),
        ),
    ),
    Project(
        "76508",
        "Du cap au village, à pied",
        "Chemin de la salle polyvalente au bourg",
        "3200",
        ("rue", "abords"),
        "Un accotement de route départementale que l’on longe à pied faute d’autre passage.",
        "Les enfants rejoignent l’arrêt du car le long de la départementale. Les aînés ont cessé d’aller à pied à la salle.",
        (
            ("marche", "Un sentier séparé de la route, de l’école à la salle polyvalente."),
            ("nature", "Une haie et un verger de rencontre plantés avec les habitants."),
        ),
    ),
    Project(
        "76196",
        "Autour du collège, une traversée apaisée",
        "Rue du collège et parvis",
        "2100",
        ("abords", "rue"),
        "Un parvis saturé de voitures à 8 h et à 17 h, désert entre-temps.",
        "Trois accidents légers en deux ans. Les parents déposent leurs enfants en double file et personne ne s’arrête.",
        (
            ("velo", "Un stationnement abrité et une entrée par la venelle, sans croiser les cars."),
            ("jeu", "Un terrain libre ouvert le mercredi et le soir."),
            ("air", "Une rue aux écoles fermée aux moteurs aux heures d’entrée et de sortie."),
        ),
    ),
    Project(
        "76693",
        "La mare et le préau : un lieu pour se retrouver",
        "Derrière l’église, près de la mare communale",
        "900",
        ("jardin",),
        "Un pré fauché deux fois l’an, une mare clôturée que l’on ne voit plus.",
        "La commune n’a plus de commerce ni de café. On se croise en voiture. La mare s’envase et les enfants ne la connaissent pas.",
        (
            ("rencontre", "Un préau de bois, une grande table, un point d’eau."),
            ("nature", "La mare rouverte, curée en deux temps, avec un ponton accessible."),
        ),
    ),
    Project(
        "76716",
        "La rue de l’école devient une promenade",
        "Rue de l’école, de la mairie au stade",
        "2600",
        ("rue",),
        "Une rue droite où l’on roule trop vite, avec des trottoirs de 80 cm.",
        "Une poussette et un fauteuil ne passent pas. La moitié des élèves habite à moins de 600 m et vient en voiture.",
        (
            ("marche", "Un trottoir large planté d’un côté, des traversées courtes."),
            ("accessibilite", "Des pentes reprises et un repos tous les 50 m."),
        ),
    ),
    Project(
        "76660",
        "Un parcours de santé au bord du marais",
        "Ancien dépôt communal, chemin du marais",
        "4800",
        ("friche",),
        "Un dépôt de matériaux abandonné, au départ de chemins très fréquentés le dimanche.",
        "Le lieu est connu et mal aimé : gravats, barrières, aucun ombrage. Les marcheurs se garent sur la route.",
        (
            ("jeu", "Cinq haltes d’exercice doux, choisies avec la maison de santé."),
            ("nature", "Le sol dépollué et planté, la continuité avec le marais retrouvée."),
            ("ombre", "Un couvert de saules et d’aulnes au point de départ."),
        ),
    ),
    Project(
        "76314",
        "Le jardin des trois générations",
        "Terrain derrière la salle des fêtes",
        "1800",
        ("jardin", "jeux"),
        "Une pelouse et deux jeux anciens derrière une clôture.",
        "Les assistantes maternelles se retrouvent dehors sans abri. Les aînés viennent à la salle mais n’entrent pas au jardin.",
        (
            ("jeu", "Des jeux en bois sans limite d’âge et une piste de boules ombragée."),
            ("rencontre", "Un potager partagé, une tonnelle, des tables basses."),
        ),
    ),
    Project(
        "76522",
        "Relier les deux hameaux sans voiture",
        "Chemin rural n° 7",
        "5200",
        ("rue",),
        "Un chemin agricole coupé par un fossé, impraticable l’hiver.",
        "Deux hameaux sont à 900 m du bourg par le chemin, à 3 km par la route. Les jeunes y sont dépendants.",
        (
            ("velo", "Un chemin roulant toute l’année, éclairé au sol près du bourg."),
            ("marche", "Une passerelle sur le fossé et deux bancs à mi-parcours."),
        ),
    ),
    Project(
        "76238",
        "Le parc de la Lézarde : une rive pour tous",
        "Rive droite de la rivière, derrière le gymnase",
        "6400",
        ("jardin", "friche"),
        "Une rive clôturée, un ancien bassin bétonné.",
        "La rivière traverse le bourg sans qu’on la voie. L’été, les familles partent chercher la fraîcheur ailleurs.",
        (
            ("ombre", "Une rive plantée et des gradins à l’ombre."),
            ("nature", "Le bassin ouvert, une zone humide visible depuis un ponton."),
            ("accessibilite", "Un cheminement de plain-pied depuis l’arrêt de bus."),
        ),
    ),
    Project(
        "76595",
        "La place du port à l’abri du vent",
        "Place basse, devant la cale",
        "2300",
        ("place", "parking"),
        "Un stationnement plein l’été, une dalle balayée par le vent l’hiver.",
        "Les pêcheurs, les promeneurs et les enfants se gênent. Aucun abri, aucune assise, des pavés glissants.",
        (
            ("rencontre", "Des assises abritées du vent dominant, orientées vers le large."),
            ("accessibilite", "Une bande de roulement douce de la cale au sentier."),
        ),
    ),
    Project(
        "76250",
        "Un cœur de village autour du tilleul",
        "Carrefour de la mairie et de l’école",
        "1200",
        ("place", "abords"),
        "Un carrefour large, goudronné d’un mur à l’autre, autour d’un arbre remarquable.",
        "On traverse sans voir. Le tilleul souffre du sol compacté. La sortie d’école donne sur le carrefour.",
        (
            ("nature", "Le sol rendu au tilleul sur 300 m², des massifs tenus avec l’école."),
            ("marche", "Une place à vitesse de marche, un seul trajet de voiture, lisible."),
        ),
    ),
    Project(
        "76404",
        "Les abords de l’école, dehors en classe",
        "École et ancien verger",
        "2700",
        ("abords", "jardin"),
        "Un verger fermé voisin de la cour, des barrières et un parking de dépose.",
        "La cour chauffe dès mai. Le verger est à dix mètres, derrière un grillage.",
        (
            ("ombre", "Une cour ouverte sur le verger, des sols clairs et drainants."),
            ("jeu", "Un parcours libre de rondins et de buttes."),
        ),
    ),
    Project(
        "76275",
        "Le tour du bourg à pied : 2 km sans obstacle",
        "Boucle mairie, stade, lotissements",
        "4100",
        ("rue",),
        "Des tronçons de trottoirs et de sentiers qui ne se rejoignent pas.",
        "Quatre ruptures empêchent la boucle. Le club de marche les connaît par cœur ; les autres renoncent.",
        (
            ("marche", "Quatre ruptures levées, des repères de distance, six bancs."),
            ("accessibilite", "Une boucle courte de 800 m accessible en fauteuil."),
        ),
    ),
    Project(
        "76341",
        "Sous les remparts, une fraîcheur partagée",
        "Fossés des remparts, côté sud",
        "7200",
        ("jardin", "friche"),
        "Un fossé planté de ronces au pied des remparts, fermé au public.",
        "Le quartier n’a aucun espace vert à moins de dix minutes à pied. Les étés y sont étouffants.",
        (
            ("ombre", "Un parc linéaire frais, arrosé par les eaux de pluie des toits voisins."),
            ("rencontre", "Une entrée par la maison de quartier, gérée avec elle."),
        ),
    ),
    Project(
        "76169",
        "La halte de La Cerlangue",
        "Ancienne gare et sa cour",
        "3500",
        ("friche", "place"),
        "Une cour de gare désaffectée où l’on vient tourner en voiture.",
        "Le départ de la voie verte est là, mais rien ne le dit. Les habitants contournent le lieu.",
        (
            ("velo", "Un départ de voie verte avec atelier de réparation et eau."),
            ("rencontre", "La cour rendue au marché du vendredi soir."),
        ),
    ),
    Project(
        "76079",
        "Un banc, un arbre, une vue",
        "Belvédère de la falaise, parcelle communale",
        "600",
        ("autre",),
        "Un bout de chemin devant la falaise, sans protection ni repos.",
        "La commune a 168 habitants et un seul agent, deux jours par semaine. Le lieu attire, il s’abîme, personne ne s’y arrête.",
        (
            ("accessibilite", "Un recul sûr et roulant de 40 m, deux assises abritées."),
            ("nature", "La pelouse de falaise mise en défens, expliquée sur place."),
        ),
    ),
    Project(
        "76305",
        "La promenade des jardins ouvriers",
        "Jardins familiaux, rue des Sarcelles",
        "8000",
        ("jardin",),
        "Des jardins familiaux clos, une allée centrale fermée à clé.",
        "Cent vingt jardiniers, aucun passage. Le quartier voisin ne connaît pas le lieu.",
        (
            ("rencontre", "L’allée ouverte le jour, une serre commune, des parcelles en pied d’immeuble."),
            ("marche", "Un raccourci de 400 m vers le pôle de santé."),
        ),
    ),
    Project(
        "76533",
        "Le stade devient un parc",
        "Ancien terrain de football",
        "9500",
        ("jeux", "friche"),
        "Un terrain inutilisé depuis la fusion des clubs.",
        "Le terrain est tondu chaque semaine et vide toute l’année. Les adolescents se retrouvent au rond-point.",
        (
            ("jeu", "Des agrès libres et un anneau de marche de 400 m."),
            ("ombre", "Une forêt comestible sur le tiers nord."),
        ),
    ),
    Project(
        "76447",
        "La cour de l’abbaye, respirer en centre-ville",
        "Cour de l’abbaye et venelles",
        "3900",
        ("place",),
        "Une cour minérale, traversée et jamais occupée.",
        "Les riverains demandent de l’ombre depuis dix ans. Le marché déborde, les bancs ont été retirés.",
        (
            ("ombre", "Des bosquets en pleine terre là où les réseaux le permettent."),
            ("rencontre", "Des assises mobiles et un programme tenu avec les associations."),
        ),
    ),
    Project(
        "76501",
        "Le lavoir retrouvé",
        "Lavoir et sente de la source",
        "450",
        ("jardin", "autre"),
        "Un lavoir couvert de ronces au bout d’une sente.",
        "La commune compte 128 habitants. La sente est le seul lieu public hors de la mairie.",
        (
            ("marche", "La sente rouverte, ses marches reprises."),
            ("nature", "La source dégagée, la berge tenue par un saule."),
        ),
    ),
)


def answers(project: Project, *, commune: str, year: int) -> dict[str, dict[str, Any]]:
    """The values of the ten sections for a project, by section then question code."""
    return {**of_project(project, commune), **of_commune(year)}


def of_project(project: Project, commune: str) -> dict[str, dict[str, Any]]:
    """Sections that speak of the place: what it is, why, what is expected."""
    effects = dict(project.effects)
    return {
        "commune": {
            "representant": "Le maire",
            "elu_referent": "L’adjointe à la vie communale",
            "contact_technique": "Le secrétariat de mairie",
            "contact_courriel": f"mairie-{project.insee}@demo.exemple.fr",
            "contact_telephone": "02 35 00 00 00",
            "agents": "6",
            "technique": "aucun",
            "groupee": "non",
        },
        "site": {
            "titre": project.title,
            "adresse": project.address,
            "surface": project.surface,
            "nature": list(project.nature),
            "usage": project.usage,
            "propriete": "communale",
        },
        "besoins": {
            "besoins": project.needs,
            "pourquoi_maintenant": f"Le conseil de {commune} a inscrit ce lieu parmi ses priorités du mandat, mais n’a "
            "ni étude ni technicien pour l’engager.",
            "part_65": "31.4",
            "difficultes": ["isolement", "chaleur"],
            "difficultes_detail": "Observations des élus et de l’école au printemps, comptage un mercredi.",
        },
        "effets": {"effets": list(effects), **{f"effet_{code}": text for code, text in effects.items()}},
    }


def of_commune(year: int) -> dict[str, dict[str, Any]]:
    """Sections that speak of the commune: its inhabitants, its means, what it commits to."""
    return {
        "habitants": {
            "consultes": "oui",
            "consultes_detail": "Une réunion publique en novembre, 46 personnes ; un cahier laissé en mairie.",
            "publics": ["ages", "enfants", "associations"],
            "participation": "Un groupe de douze habitants suivra le projet ; l’école et la résidence y auront leur place.",
            "diagnostic": "oui",
            "diagnostic_depart": "De la mairie",
        },
        "avancement": {
            "stade": "idee",
            "stade_detail": "Des photographies et un relevé sommaire.",
            "demarrage": f"{year}-06-15",
            "annee_travaux": str(year + 1),
        },
        "moyens": {
            "equipe": "L’adjointe, le secrétariat de mairie, un agent technique deux demi-journées par mois.",
            "aide_passee": "non",
            "manques": ["temps", "methode", "paysage", "financement"],
            "manques_detail": "Sans accompagnement, la commune referait le revêtement à l’identique.",
        },
        "accompagnement": {
            "aides": ["methode", "conception", "concertation", "financements"],
            "aide_premiere": "methode",
            "reussite": "Un programme partagé, chiffré, et deux demandes de subvention prêtes à déposer.",
        },
        "budget": {
            "enveloppe": "de_50_a_150",
            "credits": "non",
            "pistes": ["etat", "departement"],
            "pistes_detail": "Aucune demande n’est encore faite.",
        },
        "engagements": {
            "portage": "Le conseil municipal en a débattu deux fois ; l’adjointe en a la charge.",
            "reunions": "Le maire ou l’adjointe, avec le secrétariat de mairie",
            "conseil": f"{year}-04-12",
            "suites": "Lancer la maîtrise d’œuvre l’année suivante, par tranches.",
        },
    }
