"""Addresses of the club."""

from django.urls import path

from . import views, views_directory, views_expertise

urlpatterns = [
    path("club/", views.club_list, name="clubs"),
    path("club/<uuid:uuid>/", views.club, name="club"),
    path("club/<uuid:uuid>/rencontres/nouvelle/", views.club_event_new, name="club_event_new"),
    path("club/<uuid:uuid>/annuaire/", views_directory.directory, name="directory"),
    path("club/<uuid:uuid>/annuaire/nouveau/", views_directory.body_edit, name="body_new"),
    path("club/<uuid:uuid>/annuaire/<int:pk>/", views_directory.body_edit, name="body_edit"),
    path("accompagnement/<uuid:uuid>/expertises/", views_expertise.expertise_list, name="expertises"),
    path("accompagnement/<uuid:uuid>/expertises/nouvelle/", views_expertise.expertise_new, name="expertise_new"),
    path("expertises/", views_directory.partner_desk, name="partner_desk"),
    path("expertises/<uuid:uuid>/", views_expertise.expertise, name="expertise"),
    path("expertises/<uuid:uuid>/confier/", views_expertise.expertise_assign, name="expertise_assign"),
    path("expertises/<uuid:uuid>/annuler/", views_expertise.expertise_cancel, name="expertise_cancel"),
    path("expertises/<uuid:uuid>/avis/", views_expertise.expertise_rate, name="expertise_rate"),
    path("expertises/<uuid:uuid>/repondre/", views_expertise.expertise_reply, name="expertise_reply"),
    path("expertises/<uuid:uuid>/fichier/", views_expertise.expertise_file, name="expertise_file"),
    path("expertises/lien/<str:secret>/", views_expertise.expertise_answer, name="expertise_answer"),
]
