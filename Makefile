# Two commands matter: `make run` and `make test`. Each sets up everything it needs.
PYTHON ?= python3
ARGS ?=

.PHONY: run test lint prepare lock

run:
	@$(PYTHON) deploy/bootstrap.py run $(ARGS)

test:
	@$(PYTHON) deploy/bootstrap.py test $(ARGS)

prepare:
	@$(PYTHON) deploy/bootstrap.py prepare

lint: prepare
	@.ci/lint

# Writes the locks anew from pyproject.toml.
lock: prepare
	@.ci/lock
