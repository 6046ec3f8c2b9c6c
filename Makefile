# Concord's commands. `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH := build/bench
BENCH_READY := $(BENCH)/.ready
MUTATION := build/mutation
MUTATION_READY := $(MUTATION)/.ready
TIMED := .ci/timed
# Processes for the checks.
JOBS ?= 2
# Processes for the tests: one more than cores, because a test and its warehouse wait for each other.
TEST_JOBS ?= 3
# Least coverage of orchestrator/ by the tests, in percent.
COVERAGE ?= 90
# Processes for the changes to the code: many of them make a test wait until it gives up.
MUTANTS ?= 8
# Least share of the changes to the code that `make test-mutation` must see noticed, in percent.
NOTICED ?= 95
# What builds and runs images: docker, or podman, which needs no daemon.
ENGINE ?= docker
# Further arguments: `make test-unit ARGS="-k phone"`, `make demo ARGS="--people 500"`.
ARGS ?=

export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.PHONY: help
help: ## List these commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-18s %s\n' "$$name" "$$text"; done

# --- Set up -------------------------------------------------------------------------------------

.PHONY: setup
setup: $(READY) ## Create .venv with the pinned packages; a second call does nothing
	@:

$(READY): requirements/dev.txt requirements/bootstrap.txt pyproject.toml setup.py .ci/setup
	@$(TIMED) setup .ci/setup $(VENV)
	@touch $@

.PHONY: requirements
requirements: setup ## Recompile the pinned requirement files after a change of *.in
	@.ci/requirements $(BIN)/uv $(ARGS)

# --- Use ----------------------------------------------------------------------------------------

.PHONY: demo
demo: setup ## Make a sample, resolve it, write build/report.html
	@$(BIN)/concord demo $(ARGS)

.PHONY: demo-serve
demo-serve: setup ## Run the demo, then open the API and its pages on it
	@$(BIN)/concord demo --serve $(ARGS)

.PHONY: demo-fault
demo-fault: setup ## Run the demo with a job that fails, and watch the retry
	@$(BIN)/python -m tests.faults.demo_night $(ARGS)

.PHONY: wheel
wheel: setup ## Build the package, with the dbt project inside, into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

.PHONY: docs
docs: setup ## Write dbt's documentation of all models to target/static_index.html
	@$(BIN)/concord dbt docs generate --static

.PHONY: show
show: setup ## Print the SQL that the warehouse gets for a model: make show MODEL=person_pairs
	@.ci/show $(BIN) "$(MODEL)"

.PHONY: docs-pages
docs-pages: setup ## Write the pages that come from the code: docs/use/api.md, docs/model/data-dictionary.md
	@$(BIN)/python -m tests.api_page
	@$(BIN)/python -m tests.data_dictionary

# The pictures of docs/use/reading-the-charts.md.
IMAGES := match-weights-person waterfall-person-1 waterfall-person-3 threshold-person \
	precision-recall-person blocking-yield-person

# The pictures of docs/use/serving.md.
PAGES_IMAGES := review search entity

.PHONY: docs-images
docs-images: demo ## Run the demo and redraw the pictures of the documentation
	@$(BIN)/concord report --out build/images/report.html --images build/images
	@cp $(IMAGES:%=build/images/%.svg) docs/images/

.PHONY: pages-images
pages-images: setup browser ## Take the pictures of the pages for the documentation, and one of each page
	@$(BIN)/python -m tests.browser.pictures
	@cp $(PAGES_IMAGES:%=build/browser/pages/%.png) docs/images/

# --- Benchmark ----------------------------------------------------------------------------------

.PHONY: bench
bench: setup $(BENCH_READY) ## Run Concord and Splink side by side on the benchmark data sets
	@$(BIN)/python -m tests.benchmarks.run $(ARGS)

.PHONY: bench-overhead
bench-overhead: setup ## Time `concord run` beside `dbt build` on the demo
	@$(BIN)/python -m tests.benchmarks.overhead $(ARGS)

.PHONY: bench-builds
bench-builds: setup ## Build the demo ten times in one warehouse: the tenth takes as long as the first
	@$(BIN)/python -m tests.benchmarks.repeated_builds $(ARGS)

.PHONY: bench-ids
bench-ids: setup ## Build four nights of crm_100k: ids take at most a quarter of the matching's time
	@$(BIN)/python -m tests.benchmarks.nights_of_ids $(ARGS)

.PHONY: bench-nights
bench-nights: setup ## Build nights in which 1 % and 10 % of crm_100k have changed, beside full builds
	@$(BIN)/python -m tests.benchmarks.nights $(ARGS)

.PHONY: bench-serving
bench-serving: setup ## Make a snapshot of a million made-up records (or of --data NAME), and ask it
	@$(BIN)/python -m tests.benchmarks.serving $(ARGS)

# The evaluator holds 128 MiB and takes its time: what reads more rows than this is named and left out.
.PHONY: bench-semantics
bench-semantics: setup ## Run the whole demo a second time, in Google's reference evaluator
	@$(TIMED) "semantics of the demo" $(BIN)/python -m tests.semantics --people 1700 --hostile-rows 0 \
		--orders 3 --data-tests --all-rounds --max-rows-read 30000 $(ARGS)

.PHONY: bench-data
bench-data: setup $(BENCH_READY) ## Make further data sets for the benchmark in build/bench/data
	@$(BIN)/python -m tests.benchmarks.make_data $(ARGS)

$(BENCH_READY): requirements/benchmark.txt requirements/benchmark-data.txt .ci/setup_benchmark
	@$(TIMED) "setup of Splink and of the benchmark data" .ci/setup_benchmark $(BIN)/python $(BENCH)
	@touch $@

# Tests beside the faults that have no row on the page, and the one that wants the page as it will be.
NO_ROWS := $(addprefix --ignore tests/faults/test_,hostile_files.py hostile_rows.py copied_records.py \
	smoke_cloud.py) --deselect tests/faults/test_document.py::test_the_page_has_a_row_for_every_fault

.PHONY: reliability
reliability: setup ## Run all faults through Concord and plain dbt, and write docs/operate/reliability.md
	@rm -rf build/faults
	@$(MAKE) test-faults ARGS="$(NO_ROWS)"
	@$(TIMED) "the faults with plain dbt" $(BIN)/python -m tests.faults.plain_dbt
	@$(BIN)/python -m tests.faults.document

# --- Check --------------------------------------------------------------------------------------

# The largest files of tests come first: a file is one process's from its first to its last test.
PYTEST := $(BIN)/python -m pytest -q -n $(TEST_JOBS) --dist loadfile --no-loadscope-reorder
LARGEST_TESTS := tests/integration/test_demo.py
# Later than the demo, whose translations of statements it finds then.
KINDS_TESTS := tests/integration/test_kinds.py
OTHER_TESTS := $(filter-out $(LARGEST_TESTS) $(KINDS_TESTS),$(wildcard tests/integration/test_*.py))
SLOWEST_TESTS := $(addprefix tests/integration/test_,demo.py semantics.py prepared_warehouse.py random_nights.py click_to_mart.py)
COVERED := --cov --cov-report term:skip-covered

.PHONY: test
test: setup ## Run every check, and all tests but the slow ones; needs no network and no account
	@$(MAKE) check
	@$(MAKE) test-quick

.PHONY: test-all
test-all: setup ## Run every check and every test there is: hours
	@$(MAKE) test
	@$(MAKE) test-slow
	@$(MAKE) test-faults ARGS="-m slow_fault"
	@$(MAKE) test-fortnight

.PHONY: check
check: setup ## Run every check but the tests: minutes, not hours
	@$(TIMED) "all checks" $(MAKE) -j $(JOBS) --output-sync=target check-sql lint check-terraform-offline

.PHONY: test-quick
test-quick: setup ## Run all tests but the slow ones, with the coverage that is demanded
	@$(TIMED) "tests" $(PYTEST) $(LARGEST_TESTS) $(OTHER_TESTS) tests/faults $(KINDS_TESTS) tests/browser tests/unit \
		-m "not slow and not slow_fault and not fortnight" --durations 15 --durations-min 5 \
		$(COVERED) --cov-fail-under $(COVERAGE) $(ARGS)

.PHONY: test-slow
test-slow: setup ## Run the slow tests: whole builds, nights, a package in an empty folder
	@$(TIMED) "slow tests" $(PYTEST) $(SLOWEST_TESTS) tests/integration tests/faults \
		-m "slow and not slow_fault and not fortnight" --durations 15 --durations-min 5 $(ARGS)

.PHONY: test-unit
test-unit: setup ## Run the tests that need no warehouse
	@$(TIMED) "unit tests" $(PYTEST) tests/unit $(ARGS)

.PHONY: test-browser
test-browser: setup browser ## Run the tests of the pages in a real browser
	@$(TIMED) "tests in a browser" $(PYTEST) tests/browser $(ARGS)

.PHONY: browser
browser: setup ## Find a browser for the tests of the pages, or install one
	@$(TIMED) "a browser" .ci/setup_browser $(BIN)/python

.PHONY: test-integration
test-integration: setup ## Run the tests that start a local warehouse
	@$(TIMED) "integration tests" $(PYTEST) tests/integration -m "not fortnight" $(ARGS)

.PHONY: images
images: ## Build the images with Docker, or without a daemon: make images ENGINE=podman
	@$(TIMED) "images" .ci/images $(ENGINE)

.PHONY: test-images
test-images: setup images ## Build the images, and run them as compose.yaml does, on the local warehouse
	@IMAGE_ENGINE=$(ENGINE) $(TIMED) "tests of the images" $(BIN)/python -m pytest -q tests/images $(ARGS)

.PHONY: test-mutation
test-mutation: setup $(MUTATION_READY) ## Change retry, lock, decisions, ids and publishing, and see whether unit tests notice
	@$(TIMED) "mutation tests" .ci/mutation $(BIN)/python $(MUTATION) $(MUTANTS) $(ARGS)
	@PYTHONPATH=$(MUTATION)/packages $(BIN)/python -m tests.mutation_score $(MUTATION)/mutants --fail-under $(NOTICED)

$(MUTATION_READY): requirements/mutation.txt .ci/setup_mutation
	@$(TIMED) "setup of mutmut" .ci/setup_mutation $(BIN)/python $(MUTATION)
	@touch $@

.PHONY: test-fortnight
test-fortnight: setup ## Run fourteen real nights in a small world, and a build with a promoted model
	@$(TIMED) "a fortnight" $(BIN)/python -m pytest -q tests/integration/test_fortnight.py \
		tests/integration/test_model_versions.py $(ARGS)

.PHONY: test-matrix
test-matrix: setup ## Run the faults that pass quickly, with real dbt against a stand-in for BigQuery
	@$(TIMED) "fault matrix" $(PYTEST) tests/faults -m "not slow_fault" $(ARGS)

.PHONY: test-faults
test-faults: setup ## Run all faults: also fifty kills, twenty starters, a storm
	@$(TIMED) "all faults" $(BIN)/python -m pytest tests/faults -q --durations 10 $(ARGS)

.PHONY: lint
lint: setup lint-python lint-sql lint-security parse lint-yaml lint-workflows lint-files lint-terraform ## Check style, types, holes, and that dbt can read the project

.PHONY: lint-python
lint-python: setup ## Check Python: ruff and mypy --strict
	@$(TIMED) "ruff check" $(BIN)/ruff check --quiet .
	@$(TIMED) "ruff format" $(BIN)/ruff format --check --quiet .
	@$(TIMED) "mypy --strict" $(BIN)/mypy
	@$(TIMED) "mypy --strict, tests and tools" $(BIN)/mypy tests/unit tests/integration tests/faults \
		tests/benchmarks tests/semantics tests/smoke_cloud tests/browser tests/images

.PHONY: lint-yaml
lint-yaml: setup ## Check YAML
	@$(TIMED) yamllint $(BIN)/yamllint --strict .

.PHONY: lint-terraform
lint-terraform: setup ## Check names of arguments and blocks of Terraform; needs neither it nor its provider
	@$(TIMED) "names in Terraform" $(BIN)/python -m tools.terraform_names

.PHONY: lint-workflows
lint-workflows: setup ## Check workflows: their shape, their holes, and with actionlint on the path what they mean
	@$(TIMED) "shape of workflows" $(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows \
		$(wildcard .github/workflows/*.yml)
	@$(TIMED) "shape of dependabot.yml" $(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(TIMED) zizmor $(BIN)/zizmor --offline --quiet .github/workflows .github/dependabot.yml
	@$(TIMED) actionlint .ci/check_workflows $(BIN)

.PHONY: lint-security
# S608: who writes SQL is tests/unit/test_seeded_mistakes.py's to watch.
lint-security: setup ## Check for holes: ruff's rules of bandit, and secrets in files
	@$(TIMED) "ruff, rules of bandit" $(BIN)/ruff check --quiet --select S --ignore S608 \
		orchestrator dbt_concord tools setup.py
	@$(TIMED) "secrets" .ci/check_secrets $(BIN)

.PHONY: lint-files
lint-files: setup ## Check shell scripts, the Dockerfile and compose.yaml
	@$(TIMED) shellcheck $(BIN)/shellcheck $(filter-out %.yml,$(wildcard .ci/*))
	@$(TIMED) hadolint $(BIN)/hadolint Dockerfile
	@$(TIMED) "shape of compose.yaml" $(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec $(wildcard compose*.yaml)

.PHONY: lint-sql
lint-sql: setup ## Check SQL: sqlfluff
	@# It does not know the tag of snapshots; what they do is in macros/snapshots.
	@$(TIMED) sqlfluff $(BIN)/sqlfluff lint --processes $(JOBS) --disable-progress-bar \
		$(wildcard analyses models tests/dbt)

.PHONY: parse
parse: setup ## Let dbt read the project; needs no warehouse and no credentials
	@$(TIMED) "dbt parse" $(BIN)/dbt --quiet --log-level-file none parse --target-path target/parse

.PHONY: check-sql
# What `parse` has read is not parsed again.
check-sql: setup parse ## Let Google's SQL analyzer read everything that dbt compiles
	@$(TIMED) "GoogleSQL check" .ci/check_sql $(BIN) target/check target/parse/partial_parse.msgpack

.PHONY: check-terraform
check-terraform: ## Let Terraform check infrastructure/terraform; without terraform nothing is checked
	@$(TIMED) "terraform" .ci/check_terraform

.PHONY: check-terraform-offline
check-terraform-offline: ## The same, but of its form alone where the provider cannot be had
	@$(TIMED) "terraform" .ci/check_terraform offline

.PHONY: check-semantics
check-semantics: setup ## Run a small sample a second time, in Google's reference evaluator
	@$(TIMED) "semantics check" $(BIN)/python -m tests.semantics $(ARGS)

.PHONY: smoke-cloud
smoke-cloud: setup ## Build a sample on BigQuery, compare, drop it: make smoke-cloud PROJECT=name
	@$(BIN)/python -m tests.smoke_cloud --project "$(PROJECT)" $(ARGS)

.PHONY: format
format: setup ## Rewrite Python in the project's style
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

# --- Clean up -----------------------------------------------------------------------------------

.PHONY: clean
clean: ## Remove everything that can be made again, except .venv and the local warehouse
	@rm -rf build target logs *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

.PHONY: clean-all
clean-all: ## Remove .venv and the local warehouse with its data as well
	@if [[ -x $(BIN)/concord && -d .concord ]]; then $(BIN)/concord warehouse stop; fi
	@rm -rf .concord $(VENV)
	@$(MAKE) clean
