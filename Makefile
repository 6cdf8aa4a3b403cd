# `make serve` and `make test` need git, make and Python 3.11 or later; everything else they bring themselves.

.DEFAULT_GOAL := help
.PHONY: help serve test lint upstream bench bench-quick bench-scale bench-import bench-search bench-start setup lock clean

ENVIRONMENT := .ci/environment.py
BIN := .venv/bin
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# Starting from sources alone would take seconds more.
unexport PYTHONDONTWRITEBYTECODE

# What is served: search by meaning needs more, which is among what the tests need.
SERVED := $(if $(CAVEAT_SEMANTIC_MODEL),requirements-dev.lock,requirements-embedded.lock)

# Where the kernel can, the server ends with the make that started it, even a make that is killed.
TIED := $(shell setpriv --pdeathsig TERM true 2>/dev/null && echo setpriv --pdeathsig TERM)

# The first Python that is new enough; a version manager's shim may be there and not work.
define python
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec "$$python" $(1); \
		fi; \
	done; \
	echo 'Caveat needs Python 3.11 or later: install it so that `python3` or `python3.11` runs it.' >&2; exit 1
endef

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

serve: .venv/$(SERVED).sha256 ## everything, on http://127.0.0.1:8000 (CAVEAT_PORT for another port)
	@exec $(TIED) $(BIN)/python -m server.cli serve

test: .venv/requirements-dev.lock.sha256 ## the whole suite (TESTS=tests/db for a part of it)
	@exec $(BIN)/python -m pytest -n auto --dist worksteal $(TESTS)

lint: .venv/requirements-dev.lock.sha256 ## the checks that the suite makes of the code, alone
	@exec $(BIN)/python -m pytest tests/house

upstream: .venv/requirements-dev.lock.sha256 ## graphql-core's own execution tests, with the compiler in its place (fetches them)
	@exec $(BIN)/python -m tests.execution.upstream

bench: .venv/requirements-dev.lock.sha256 ## how fast answers are delivered, beside other servers (SAVE=1 keeps it in RESULTS.md)
	@exec $(BIN)/python -m tests.bench.delivery $(if $(SAVE),--save) $(BENCH)

bench-quick: ## the same in a few minutes (BENCH='--case page' for one case)
	@$(MAKE) --no-print-directory bench BENCH="--seconds 2 --warm-up 1 $(BENCH)"

bench-scale: .venv/requirements-dev.lock.sha256 ## what reads cost among a million answers (ANSWERS=15000 for less)
	@exec $(BIN)/python -m tests.bench.scale --answers $(or $(ANSWERS),1000000) $(if $(SAVE),--save)

bench-import: .venv/requirements-dev.lock.sha256 ## what a first and a second import of a library cost
	@exec $(BIN)/python -m tests.bench.importing $(if $(SAVE),--save)

bench-search: .venv/requirements-dev.lock.sha256 ## how well and how fast answers are found (BENCH='--judged FILE' for judged questions)
	@exec $(BIN)/python -m tests.bench.finding $(if $(SAVE),--save) $(BENCH)

bench-start: .venv/requirements-dev.lock.sha256 ## how long it takes until `caveat serve` answers
	@exec $(BIN)/python -m tests.bench.starting $(if $(SAVE),--save)

setup: .venv/requirements-dev.lock.sha256 ## what `serve` and `test` need, without running anything

lock: ## the lock files anew, with the newest versions that pyproject.toml allows (needs uv)
	$(COMPILE) --upgrade --extra telemetry pyproject.toml -o requirements.lock
	$(COMPILE) --extra telemetry --extra semantic --constraint requirements.lock pyproject.toml -o requirements-semantic.lock
	$(COMPILE) --extra embedded --constraint requirements.lock pyproject.toml -o requirements-embedded.lock
	$(COMPILE) --extra embedded --extra telemetry --extra semantic --extra dev --constraint requirements-semantic.lock \
		--constraint requirements-embedded.lock pyproject.toml -o requirements-dev.lock

clean: ## removes what was built; never the data in .caveat
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/%.sha256: % $(ENVIRONMENT)
	$(call python,$(ENVIRONMENT) $<)
