"""The club of laureates: its meetings."""

from django.db import models

from portal.accounts.models import Organisation, User


class ClubEvent(models.Model):
    """A meeting proposed to the laureates of an organiser."""

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="club_events")
    title = models.CharField(max_length=150)
    held_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["held_at"]

    def __str__(self) -> str:
        return self.title
