"""Addresses of support.impact."""

urlpatterns: list = []
