"""Addresses of portal.territories."""

urlpatterns: list = []
