"""Addresses of applications: the commune's side, then the staff's, then the examination's."""

from .applicant import urlpatterns as applicant_urlpatterns
from .examination import urlpatterns as examination_urlpatterns
from .staff import urlpatterns as staff_urlpatterns

urlpatterns = [*applicant_urlpatterns, *examination_urlpatterns, *staff_urlpatterns]
