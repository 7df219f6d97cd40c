# Works with GNU make 3.81 and in a directory whose path has spaces: every path here is relative.
.DEFAULT_GOAL := help
.PHONY: help demo test check unit other-pythons zipapp e2e e2e-all dist docs release-check bench bench-cluster clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

demo: .venv/run ## install into .venv and replay the outage of examples/outage
	@sh packaging/demo.sh

test: check unit other-pythons zipapp ## everything that has to hold without root, Go or a cluster

check: .venv/dev
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy

unit: .venv/dev
	HYPOTHESIS_PROFILE=ci .venv/bin/python -m pytest -q

other-pythons:
	@sh packaging/test_other_pythons.sh

zipapp: .venv/dev ## the zipapp for this machine, tried on each CPython found
	.venv/bin/python -m pytest -q -ra tests/zipapp

e2e: ## real API servers, kubectl, pre-commit, faults; says first what is missing (Go, strace, zsh, fish)
	@python=$$(sh packaging/pythons.sh) && "$$python" -m tests.e2e.prerequisites
	@$(MAKE) -s .venv/e2e
	.venv/bin/python -m tests.e2e.binaries
	.venv/bin/python -m pytest -q -ra tests/e2e
	.venv/bin/python -m pytest -q -ra tests/e2e --kubernetes newest
	.venv/bin/python -m pytest -q -ra tests/zipapp

e2e-all: e2e ## e2e with every other pinned version of Kubernetes besides
	@for version in $$(.venv/bin/python -m tests.e2e.binaries --others); do \
	  echo "Kubernetes $$version:"; \
	  .venv/bin/python -m pytest -q -ra tests/e2e --kubernetes "$$version" || exit 1; \
	done

dist: ## a release in dist: zipapps, their archives, manifest for Krew, Python package, SBOM, sums
	@sh packaging/dist.sh --output dist

docs: .venv/dev ## write the generated pages again
	.venv/bin/python -m tests.generated_pages

release-check: .venv/dev ## whether version, changelog, manifest, hooks and documentation agree; TAG=vX.Y.Z
	@.venv/bin/python -m tests.release_check $(TAG)

bench: .venv/dev ## measure speed and memory; CORPUS=DIR adds a tree of real files
	.venv/bin/python -m tests.bench $(if $(CORPUS),--corpus "$(CORPUS)")

bench-cluster: .venv/dev ## measure audit against a real API server, up to 30,000 policies
	.venv/bin/python -m tests.bench.cluster

clean: ## remove what the other targets made
	rm -rf .venv .cache build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Not files: the script itself knows whether there is anything to install.
.PHONY: .venv/run .venv/dev .venv/e2e
.venv/run:
	@python=$$(sh packaging/pythons.sh) && sh packaging/venv.sh .venv "$$python"
.venv/dev:
	@python=$$(sh packaging/pythons.sh) && sh packaging/venv.sh .venv "$$python" dev
.venv/e2e:
	@python=$$(sh packaging/pythons.sh) && sh packaging/venv.sh .venv "$$python" e2e
