"""Screens of the jury."""
