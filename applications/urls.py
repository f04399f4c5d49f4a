"""Addresses of applications: the commune's side, then the staff's, then the examination's."""

from .applicant_urls import urlpatterns as applicant_urlpatterns
from .examination_urls import urlpatterns as examination_urlpatterns
from .staff_urls import urlpatterns as staff_urlpatterns

urlpatterns = [*applicant_urlpatterns, *examination_urlpatterns, *staff_urlpatterns]
