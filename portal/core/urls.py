"""Addresses of portal.core."""

urlpatterns: list = []
