"""Addresses of support.agreements."""

urlpatterns: list = []
