# Les commandes du projet. « make » seul les présente.
PYTHON ?= python3
VENV := .venv/bin/python
EMBEDDED := $(VENV) -m portal.embedded
PYTEST := -n 2 --dist loadgroup -q

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test test-fast test-slow bench lint types lock backup restore

help: ## cette aide
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1 — /'

setup: ## installe ce qu’il faut pour lancer le portail
	@$(PYTHON) portal/embedded/install.py run

setup-test: ## installe aussi ce qu’il faut pour les tests
	@$(PYTHON) portal/embedded/install.py test

run: setup ## lance le portail sur http://127.0.0.1:8000 (PORT, DATABASE_URL et REDIS_URL sont respectés)
	@$(EMBEDDED) run $(ARGS)

test: setup-test ## contrôles et tous les tests, navigateur compris
	@$(EMBEDDED) test --checks -- $(PYTEST) $(ARGS)

test-fast: setup-test ## tests sans navigateur, ni concurrence, ni parcours entiers : moins de trois minutes
	@$(EMBEDDED) test --checks -- $(PYTEST) -m "not browser and not race and not slow" $(ARGS)

test-slow: setup-test ## les mêmes, aux nombres complets
	@FULL_COUNTS=1 $(EMBEDDED) test --checks -- $(PYTEST) $(ARGS)

bench: setup-test ## mesures rapportées au plancher, écrites dans var/bench.json
	@$(EMBEDDED) throwaway -- $(VENV) manage.py bench $(ARGS)

lint: setup-test ## style du code
	@$(VENV) -m ruff check --quiet .

types: setup-test ## types du code
	@$(EMBEDDED) throwaway -- $(VENV) -m mypy

lock: setup-test ## recalcule les versions exactes des bibliothèques
	@sh portal/embedded/lock.sh

backup: setup ## sauvegarde la base et les fichiers (ARGS="dossier")
	@$(EMBEDDED) manage backup $(ARGS)

restore: setup ## restaure une sauvegarde (ARGS="dossier")
	@$(EMBEDDED) manage restore $(ARGS)
