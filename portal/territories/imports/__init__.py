"""Readers of reference files: from a path to plain rows and one sentence per wrong line. Pure: no database."""
