# `make demo` and `make test` set up what they need by themselves, on a machine with Python, make and git
# (and Go, for the tests' opa). A second run starts at once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OPA_VERSION := $(shell cat policy/opa-version)
OPA := .cache/opa/$(OPA_VERSION)/opa
CONFTEST_VERSION := 0.71.1
CONFTEST := .cache/conftest/$(CONFTEST_VERSION)/conftest
ACTIONLINT_VERSION := 1.7.12
ACTIONLINT := .cache/actionlint/$(ACTIONLINT_VERSION)/actionlint
AS_OF := 2026-11-21

.PHONY: help demo test parity lint drift generated policy schemas docs opa conftest actionlint bench snapshots format clean

help: ## Show what can be made.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.run ## Assess the two Llama examples: one fails its gate, one passes.
	@echo '$$ psfpolicy check examples/llama-3.1-70b/out-of-the-box.yaml'
	@$(BIN)/psfpolicy check --as-of $(AS_OF) examples/llama-3.1-70b/out-of-the-box.yaml; test $$? -eq 1
	@echo
	@echo '$$ psfpolicy check --gate strict examples/llama-3.1-70b/recommended.yaml'
	@$(BIN)/psfpolicy check --as-of $(AS_OF) --gate strict examples/llama-3.1-70b/recommended.yaml

test: $(VENV)/.dev opa conftest ## Run every test, with coverage.
	@rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term-missing:skip-covered

parity: $(VENV)/.dev opa ## Ask both engines 5,000 descriptors that are made up; the reports must be the same bytes.
	PARITY=5000 $(BIN)/python -m pytest -q -n auto tests/policy/test_parity.py

lint: $(VENV)/.dev opa actionlint ## Check format, style, types and layers, of Python and Rego, and the workflows.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy action/run.py
	$(BIN)/lint-imports
	@if [ -x $(OPA) ]; then $(BIN)/python policy/build.py --lint; fi
	$(BIN)/zizmor --quiet --pedantic --offline action.yml .github/workflows examples/policy-pack/.github/workflows
	@if [ -x $(ACTIONLINT) ]; then $(ACTIONLINT) .github/workflows/*.yml examples/policy-pack/.github/workflows/*.yml; fi

drift: $(VENV)/.dev opa ## Compare what is generated with what is committed.
	$(BIN)/python -m psfpolicy.model.schemas --check
	$(BIN)/python docs/generate.py --check
	@if [ -x $(OPA) ]; then $(BIN)/python policy/build.py --check; fi

generated: policy schemas docs ## Write everything that is generated.

policy: $(VENV)/.dev opa ## Compile the policy.
	$(BIN)/python policy/build.py

schemas: $(VENV)/.dev ## Write the JSON Schemas.
	$(BIN)/python -m psfpolicy.model.schemas

docs: $(VENV)/.dev ## Write the generated pages.
	$(BIN)/python docs/generate.py

bench: $(VENV)/.dev opa ## Measure against conftest, checkov and bare Python; see benchmarks/README.md.
	$(BIN)/python benchmarks/run.py

# The pages show what the examples say at their heads.
snapshots: policy ## Write the outputs of the examples and the cases anew, for review.
	$(BIN)/python -m pytest -q tests/acceptance/test_examples.py tests/acceptance/test_systems.py --update-snapshots
	$(BIN)/python docs/generate.py

format: $(VENV)/.dev ## Format Python and Rego.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	@if [ -x $(OPA) ]; then $(OPA) fmt -w rego policy; fi

# Without Go the tests that need opa say that they skip; in CI they fail instead.
opa: ## Build the pinned opa once, into .cache.
	@if [ ! -x $(OPA) ]; then \
	  if command -v go >/dev/null; then \
	    echo 'building opa $(OPA_VERSION), once'; \
	    mkdir -p $(dir $(OPA)) && GOFLAGS= GOBIN=$(abspath $(dir $(OPA))) go install github.com/open-policy-agent/opa@v$(OPA_VERSION); \
	  else echo 'no Go here: tests that need opa $(OPA_VERSION) will be skipped'; fi; \
	fi

conftest: ## Build the pinned conftest once, into .cache.
	@if [ ! -x $(CONFTEST) ] && command -v go >/dev/null; then \
	  echo 'building conftest $(CONFTEST_VERSION), once'; \
	  mkdir -p $(dir $(CONFTEST)) && GOFLAGS= GOBIN=$(abspath $(dir $(CONFTEST))) go install github.com/open-policy-agent/conftest@v$(CONFTEST_VERSION); \
	fi

actionlint: ## Build the pinned actionlint once, into .cache.
	@if [ ! -x $(ACTIONLINT) ] && command -v go >/dev/null; then \
	  echo 'building actionlint $(ACTIONLINT_VERSION), once'; \
	  mkdir -p $(dir $(ACTIONLINT)) && GOFLAGS= GOBIN=$(abspath $(dir $(ACTIONLINT))) go install github.com/rhysd/actionlint/cmd/actionlint@v$(ACTIONLINT_VERSION); \
	fi

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev
	@touch $@

clean: ## Remove what was built; the cached opa stays.
	rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis
