"""Addresses of portal.home."""

urlpatterns: list = []
