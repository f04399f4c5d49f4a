"""Addresses of portal.accounts."""

urlpatterns: list = []
