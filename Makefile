# What to type here. `make help` lists it.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1

CONFIGURATION ?= Release
ENVOY_NEWEST  := 1.40.0
ENVOY_TEST    := 1.36.4 1.40.0
ENVOY_ALL     := 1.36.4 1.37.0 1.38.3 1.39.3 1.40.0
# Without what asks programs that are installed for it: each has a target of its own. tests/Directory.Build.targets says the same to dotnet test.
OURS          := Run!=cluster&Run!=integrations&Run!=browser&Run!=h2spec
# The compiler ends before code that is measured and compiled again has paid.
BUILD         := DOTNET_TieredPGO=0 dotnet build -c $(CONFIGURATION) -v quiet -tl:off '-clp:ErrorsOnly;NoSummary'

.PHONY: help run test test-all attacks test-cluster test-integrations test-browser build lint publish bench golden envoy clean

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

# Ends with a message when a program is missing that is not needed elsewhere.
need-%:
	@command -v $* >/dev/null || { echo "make $(MAKECMDGOALS) needs $*, which is not on the PATH" >&2; exit 2; }

run: ## start Envoy, or without one the library's own front, the server and an upstream, and show the traffic (ARGS=--once: check it and end)
	@scripts/run-demo $(ARGS)

test: ## look for Envoy, build, run the tests on two Envoy versions; without Envoy those that need none
	@scripts/get-envoy --or-wait $(ENVOY_TEST)
	@echo "building everything; this takes some minutes the first time"
	@$(MAKE) build
	@TEST_ENVOY_VERSIONS="$(ENVOY_TEST)" scripts/run-tests test 'Run!=all&$(OURS)'

test-all: build ## the same on five Envoy versions, with the long runs
	@scripts/get-envoy --or-wait $(ENVOY_ALL)
	@TEST_ENVOY_VERSIONS="$(ENVOY_ALL)" scripts/run-tests test-all '$(OURS)'

attacks: build ## attack the server, each attack at its full length (ATTACK=NAME: only that one; FIGURES=FILE: a row for each)
	@scripts/get-envoy --or-wait $(ENVOY_TEST)
	@TEST_ENVOY_VERSIONS="$(ENVOY_TEST)" ATTACK_FIGURES="$(FIGURES)" scripts/attack $(ATTACK)

build: ## restore and build everything
	@$(BUILD) ExtProc.sln

lint: ## the same with the analyzers, as CI builds: style, banned APIs, documentation; run it before you push
	@$(BUILD) -p:RunAnalyzersDuringBuild=true ExtProc.sln

publish: ## put runnable programs into artifacts/publish
	@scripts/publish src/ExtProc.Server extproc
	@scripts/publish src/PolicyValidator policy-validator

bench: need-python3 publish ## measure the speed (needs python3; PEERS=DIR: beside the servers there; QUICK=1: under four minutes; RECORD=1: into bench/README.md)
	@scripts/get-envoy $(ENVOY_NEWEST)
	@dotnet build -c Release -v quiet -tl:off '-clp:ErrorsOnly;NoSummary' tests/ExtProc.Benchmarks
	@python3 bench/run.py $(if $(PEERS),--peers $(PEERS)) $(if $(QUICK),--quick) $(if $(RECORD),--record)

test-cluster: need-npm need-python3 build ## needs npm and python3: compare with kubectl, a Kubernetes API server (K8S=DIR with cluster.sh, or KUBECONFIG) and definitions (CRDS=DIR)
	@K8S="$(K8S)" CRDS="$(CRDS)" scripts/test-cluster

test-integrations: need-node need-npm build ## needs node, npm and apt: have tools that are not ours read the validator's reports, schemas and hooks (installs them); H2SPEC=FILE: h2spec judge the server
	@H2SPEC="$(H2SPEC)" scripts/test-integrations

test-browser: need-node need-npm build ## needs node and npm: try the playground's page in Chromium (installs Debian's); pictures go to artifacts/playground
	@scripts/test-browser

golden: build ## rewrite generated text and golden files; read the diff afterwards
	@scripts/get-envoy $(ENVOY_NEWEST)
	@UPDATE_GOLDEN=1 TEST_ENVOY_VERSIONS="$(ENVOY_NEWEST)" scripts/run-tests golden 'Run!=all&$(OURS)&(FullyQualifiedName!~EndToEnd|FullyQualifiedName~SendingTableTests)'

envoy: ## look for the Envoy versions that the tests use, and fetch those that are missing into artifacts/envoy
	@scripts/get-envoy $(ENVOY_TEST)

clean: ## remove what was built; fetched Envoys stay
	@rm -rf artifacts/bin artifacts/obj artifacts/publish artifacts/test-results
