"""Addresses of juries."""

from django.urls import path

from .views import closing, juror, outcomes, practice, progress, register, room, scores, simulation, staff, technical

SESSION = "jury/seances/<uuid:uuid>/"
ITEM = SESSION + "dossiers/<uuid:item_uuid>/"
FILE = "jury/dossiers/<uuid:uuid>/"
STAFF = "gestion/appels/<slug:slug>/jury/"
TECHNICAL = "gestion/candidatures/<uuid:uuid>/avis-technique/"

urlpatterns = [
    path("jury/", juror.home, name="jury_home"),
    path("jury/<slug:slug>/declaration/", juror.declare, name="jury_declare"),
    path("jury/<slug:slug>/essai/", practice.practice, name="jury_practice"),
    path(FILE, juror.file, name="jury_file"),
    path(FILE + "notes/", juror.notes, name="jury_notes"),
    path(FILE + "reprendre/", juror.reopen, name="jury_reopen"),
    path(FILE + "deport/", juror.recuse, name="jury_recuse"),
    path(SESSION, room.session, name="jury_session"),
    path(SESSION + "etat/", room.session_state, name="jury_session_state"),
    path(SESSION + "ouvrir/", room.open_meeting, name="jury_open"),
    path(SESSION + "suspendre/", room.pause, {"act": "suspendre"}, name="jury_suspend"),
    path(SESSION + "reprendre/", room.pause, {"act": "reprendre"}, name="jury_resume"),
    path(SESSION + "voter/", room.vote, name="jury_vote"),
    path(SESSION + "presences/", room.attendance, name="jury_attendance"),
    path(SESSION + "classement/", closing.ranking, name="jury_ranking"),
    path(SESSION + "classement/export.csv", scores.ranking_export, name="jury_ranking_export"),
    path(SESSION + "clore/", closing.close_meeting, name="jury_close"),
    path(SESSION + "proces-verbal/", closing.minutes, name="minutes"),
    path(SESSION + "proces-verbal/fichier/", closing.minutes_file, name="minutes_file"),
    path(SESSION + "proces-verbal/signer/", closing.sign, name="minutes_sign"),
    path(ITEM + "ouvrir/", room.chair_act, {"act": "ouvrir"}, name="jury_ballot_open"),
    path(ITEM + "clore/", room.chair_act, {"act": "clore"}, name="jury_ballot_close"),
    path(ITEM + "second-scrutin/", room.chair_act, {"act": "second-scrutin"}, name="jury_second_ballot"),
    path(ITEM + "partage/", room.tie, name="jury_settle_tie"),
    path(ITEM + "sans-vote/", room.chair_act, {"act": "sans-vote"}, name="jury_settle"),
    path(ITEM + "ajourner/", outcomes.defer, name="jury_defer"),
    path(ITEM + "avis/", outcomes.opinion, name="jury_opinion"),
    path(ITEM + "mains/", outcomes.hands, name="jury_hands"),
    path(ITEM + "ecart/", outcomes.departure, name="jury_depart"),
    path(ITEM + "calcul/", scores.calculation, name="jury_calculation"),
    path(ITEM + "motif/", room.reason, name="jury_reason"),
    path(ITEM + "deport/", room.pronounce, name="jury_pronounce"),
    path("jury/<slug:slug>/simulation/", simulation.simulation, name="jury_simulation"),
    path("jury/<slug:slug>/simulation/<int:pk>/retirer/", simulation.simulation_drop, name="jury_simulation_drop"),
    path(STAFF, staff.jury, name="jury_staff"),
    path(STAFF + "interets/", register.interests, name="jury_interests"),
    path(STAFF + "avancement/", progress.progress, name="jury_progress"),
    path(STAFF + "avancement/repartir/", progress.spread_files, name="jury_spread"),
    path(STAFF + "avancement/confier/", progress.entrust_files, name="jury_entrust"),
    path(STAFF + "avancement/territoire/", progress.entrust_place, name="jury_entrust_place"),
    path(STAFF + "avancement/<int:pk>/reprendre/", progress.withdraw_file, name="jury_withdraw"),
    path(STAFF + "composer/", staff.compose, name="jury_compose"),
    path(STAFF + "sieges/<int:pk>/inviter/", staff.invite, name="jury_invite"),
    path(STAFF + "sieges/<int:pk>/tirage/", staff.draw, name="jury_draw"),
    path(STAFF + "mandats/<int:pk>/fin/", staff.end, name="jury_end"),
    path(STAFF + "seances/nouvelle/", staff.new_session, name="jury_session_new"),
    path(STAFF + "seances/<uuid:uuid>/convoquer/", staff.convene_members, name="jury_convene"),
    path(TECHNICAL, technical.technical_assessment, name="technical_assessment"),
    path(TECHNICAL + "notes/", technical.technical_notes, name="technical_notes"),
    path(TECHNICAL + "reprendre/", technical.technical_reopen, name="technical_reopen"),
]
