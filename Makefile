# Thin targets; `make help` lists them. ARGS goes through to the command:
#   make demo ARGS="--users 60 --exit"

.DEFAULT_GOAL := help
.PHONY: sbom help setup web screenshots gallery lighthouse demo up down status preflight deploy destroy test sam \
	sam-env check audit synth lock clean

ARGS ?=
STAGE ?=
# Empty: the Python in use here, else the first one found that is new enough.
PYTHON ?=
export PYTHON
export TOPK_MAKE_BEGAN := $(shell date +%s)

RUN := .venv/bin/python -m
# The Node, npm and CDK that the set-up installed.
WITH_NODE := PATH="$(CURDIR)/.venv/bin:$$PATH"
SETUP := requirements/setup.sh

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 10

setup: ## install everything inside this folder
	@$(SETUP)

web: setup ## the elements for embedding and the pages, into web/dist

demo: setup ## run the whole product here and compare every list with the truth
	@$(RUN) cli.start demo $(ARGS)

up: setup ## start the local stack and leave it running
	@$(RUN) cli.start up $(ARGS)

down: setup ## stop the local stack
	@$(RUN) cli.start down $(ARGS)

status: setup ## what runs, its queues and tables
	@$(RUN) cli.start status $(ARGS)

preflight: setup ## what would make a deployment fail: make preflight STAGE=staging
	@$(RUN) cli.start preflight "$(STAGE)"

deploy: setup ## check and deploy to AWS: make deploy STAGE=staging; ARGS="--yes" asks nothing
	@$(RUN) cli.start deploy "$(STAGE)" $(ARGS)

destroy: setup ## take a stage on AWS down; ARGS="--even-protected" where cdk.json protects it
	@$(RUN) cli.start destroy "$(STAGE)" $(ARGS)

test: setup ## every test, in parallel
	@$(RUN) pytest -n logical --dist loadgroup $(ARGS)

sam: ## every fixture through the Lambda runtime, by sam local where Docker answers
	@$(SETUP) sam
	@$(RUN) cli.start sam $(ARGS)

sam-env: setup ## what SAM's own commands need, and the commands (docs/sam.md)
	@$(RUN) cli.start sam-env $(ARGS)

check: setup ## format, lint, types, import rules, API description, words, templates, bandit, audit
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(RUN) mypy
	@.venv/bin/python .venv/bin/lint-imports
	@$(WITH_NODE) npm --prefix web run --silent check
	@found=$$($(WITH_NODE) REDOCLY_TELEMETRY=off npm run --silent lint-api 2>&1) \
		|| { echo "$$found"; exit 1; }
	@$(RUN) tests.docs.word_list
	@$(RUN) pytest -q -n 0 tests/infra/test_limits.py tests/infra/test_cfn_lint.py
	@$(RUN) bandit --quiet --configfile pyproject.toml --recursive \
		layers/core/python functions infra_cdk cli simulator
	@$(RUN) cli.commands.prove.dependency_audit --unreachable-is-fine

IN_THE_BROWSER := $(addprefix tests/e2e/test_,seeing_lists.py connecting_accounts.py by_keyboard.py \
	who_leaves.py)
screenshots: setup ## retake docs/screenshots with the browser tests
	@$(RUN) pytest -q -n 0 tests/browser $(IN_THE_BROWSER) --screenshots docs/screenshots $(ARGS)

GALLERY_PORT ?= 8710
gallery: setup ## the list in every state, on a page at GALLERY_PORT
	@rm -rf out/gallery && mkdir -p out/gallery
	@cp -R web/gallery/. out/gallery && cp -R web/dist/embed out/gallery
	@echo "http://127.0.0.1:$(GALLERY_PORT)/ (Ctrl-C ends)"
	@$(RUN) http.server --bind 127.0.0.1 --directory out/gallery $(GALLERY_PORT)

lighthouse: ## what Lighthouse says of every page
	@$(SETUP) lighthouse
	@$(RUN) cli.start lighthouse $(ARGS)

sbom: setup ## what is shipped, as CycloneDX with licences, in out/sbom
	@$(WITH_NODE) $(RUN) cli.commands.prove.bill_of_materials

audit: setup ## known vulnerabilities in the locks; fails also where the services do not answer
	@$(RUN) cli.commands.prove.dependency_audit $(ARGS)

synth: setup ## the CloudFormation templates, with cdk-nag; ARGS="-c stage=staging" for one stage
	@$(RUN) cli.start cdk synth --quiet --context target=aws $(ARGS)

# What the functions bring is held to what the tests run with.
LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" ../$(RUN) uv pip compile --quiet --universal \
	--python-version $(or $(1),3.11) --generate-hashes --no-emit-index-url --no-emit-find-links $(ARGS)
lock: setup ## pin every requirement with hashes; ARGS="--upgrade" for newer ones; reports what changed
	@rm -rf out/locks && mkdir -p out/locks && cp requirements/*.txt out/locks
	@cd requirements && $(LOCK) uv.in -o uv.txt
	@cd requirements && $(LOCK) dev.in -o dev.txt
	@cd requirements && $(LOCK) -c dev.txt data.in -o data.txt
	@cd requirements && $(LOCK) -c dev.txt providers.in -o providers.txt
	@cd requirements && $(LOCK) -c dev.txt card.in -o card.txt
	@cd requirements && $(LOCK) -c dev.txt archive.in -o archive.txt
	@cd requirements && $(LOCK) emulator.in -o emulator.txt
	@cd requirements && $(LOCK) sam.in -o sam.txt
	@cd requirements && $(LOCK) clients.in -o clients.txt
	@cd requirements && $(LOCK) sbom.in -o sbom.txt
	@cd requirements && $(call LOCK,3.13) -c dev.txt runtime.in -o runtime.txt
	@$(RUN) cli.commands.prove.lock_changes out/locks

clean: ## remove all that was installed or made
	@if [ -x .venv/bin/python ]; then $(RUN) cli.start down --all || true; fi
	@rm -rf .venv .topk node_modules web/node_modules web/lighthouse/node_modules tests/clients/node/node_modules examples/host-react/node_modules web/dist web/elements/lib cdk.out out .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
