"""Addresses of portal.accounts."""

from django.urls import path

from .views import account, arrival, claims, development, institution, links, members, organisations

urlpatterns = [
    path("rejoindre/", arrival.join, name="join"),
    path("rejoindre/<str:insee>/", arrival.join_commune, name="join_commune"),
    path("rattachements/<str:secret>/", claims.claim_answer, name="claim_answer"),
    path("mes-rattachements/<uuid:uuid>/", claims.claim_follow, name="claim_follow"),
    path("mes-rattachements/<uuid:uuid>/renvoyer/", claims.claim_send_again, name="claim_send_again"),
    path("gestion/rattachements/", claims.claims, name="claims"),
    path("gestion/rattachements/<uuid:uuid>/", claims.claim_settle, name="claim_settle"),
    path("organismes/<uuid:uuid>/membres/", members.members, name="members"),
    path("organismes/<uuid:uuid>/membres/<int:pk>/retirer/", members.member_end, name="member_end"),
    path("organismes/<uuid:uuid>/invitations/nouvelle/", members.invitation_new, name="invitation_new"),
    path("organismes/<uuid:uuid>/invitations/fichier/", members.invitation_file, name="invitation_file"),
    path("organismes/<uuid:uuid>/invitations/modele.csv", members.invitation_model, name="invitation_model"),
    path("organismes/<uuid:uuid>/invitations/<uuid:pk>/retirer/", members.invitation_revoke, name="invitation_revoke"),
    path("invitations/<str:secret>/", links.invitation, name="invitation"),
    path("liens/<str:secret>/", links.personal_link, name="personal_link"),
    path("confirmer-identite/", links.step_up, name="step_up"),
    path("mon-compte/", account.my_account, name="my_account"),
    path("mon-compte/adresse/", account.address_change, name="address_change"),
    path("mon-compte/adresse/code/", account.address_confirm, name="address_confirm"),
    path("institution/nouvelle/", institution.institution_start, name="institution_start"),
    path("institution/nouvelle/<str:step>/", institution.institution_step, name="institution_step"),
    path("institution/<slug:slug>/logo", institution.institution_logo, name="institution_logo"),
    path("plateforme/organismes/", organisations.organisations, name="organisations"),
    path("plateforme/organismes/nouveau/", organisations.organisation_new, name="organisation_new"),
    path("plateforme/organismes/<uuid:uuid>/", organisations.organisation_edit, name="organisation_edit"),
    path(
        "plateforme/organismes/<uuid:uuid>/reprise/", organisations.organisation_takeover, name="organisation_takeover"
    ),
    path("developpement/", development.development_login, name="development_login"),
    path("developpement/courriels/", development.development_mails, name="development_mails"),
    path("developpement/courriels/<uuid:uuid>/", development.development_mail, name="development_mail"),
]
