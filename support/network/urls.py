"""Addresses of support.network."""

urlpatterns: list = []
