"""Addresses of applications: the commune's side, then the staff's."""

from .applicant_urls import urlpatterns as applicant_urlpatterns
from .staff_urls import urlpatterns as staff_urlpatterns

urlpatterns = [*applicant_urlpatterns, *staff_urlpatterns]
