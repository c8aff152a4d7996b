# The front door. No logic here: it calls Maven and the scripts in scripts/.

.DEFAULT_GOAL := help
.PHONY: help run check test generate docs pictures load bench bench-settlement bench-confirmed bench-image compare-modes prove-replay audit lab bench-lab lab-surplus lab-live soak chaos chaos-chain prove-database prove-contracts prove-log prove-memory prove-settlement prove-dashboards prove-deploy prove-kubernetes prove-stake proofs sbom image bundle verify package native native-smoke format clean attack peers-faults

help: ## Show this help
	@echo "OpenLedger: inference routing whose retries are equal, visible and provable"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'
	@echo
	@echo "  make run CONFIG=my.yaml         your configuration in place of the demo's"
	@echo "  make load RATE=50 SECONDS=120   more load, for longer"
	@echo "  make bench PART=open            only that part: closed, open, peers, streams, telemetry, guard, journal"
	@echo "  make peers-faults GATEWAY=envoy only that one, and writes nothing"
	@echo "  make soak SECONDS=3600          for longer"
	@echo "  make verify RECEIPT=receipt.cose LOG_KEY=...   a receipt that a log has signed, by the log's key; LEAF=0x... if it is a tlog-proof"
	@echo "  make verify ... REGISTRY=0x...  a registry, CHAIN_ID, LANE or LANE_OWNER that it must be of; ANY_LANE=1 for no matter which lane; ALL=1 lists each member"
	@echo "  QUICK=1 make bench              so short that it only shows whether it works"

run: ## Start PostgreSQL, a chain, simulated providers and the router; Ctrl-C stops everything
	@scripts/tools -- scripts/demo $(if $(CONFIG),--config $(CONFIG))

check: ## Run what needs no database, chain or router: house rules, formatter, ground floor, ports with fakes; about a minute
	@MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" scripts/tools -- mvn -q -B -ntp test -Dcheck

test: ## Run all tests and static checks
	@scripts/tools -- scripts/contracts
	@scripts/tools -- scripts/dashboards
	@scripts/tools -- scripts/deploy check
	@scripts/tools -- node --test scripts/src/*.test.mjs
	@scripts/tools -- scripts/clients
	@scripts/tools -- scripts/docs
	@scripts/tools -- scripts/proofs check
	@scripts/tools --with chromium -- mvn -B -ntp verify
	@scripts/tools -- scripts/dependencies check

generate: ## Write anew what is made from the code: vectors of leaves, names of triggers, the vault's hash, the pages of metrics and of keys
	@scripts/tools -- scripts/stack commitment.VectorsWriter
	@scripts/tools -- node scripts/src/triggers.mjs
	@scripts/tools -- node scripts/src/vault-code.mjs
	@scripts/tools -- mvn -q -B -ntp test -Dtest=MetricsPageTest,ConfigurationPageTest,FaultsPageTest -Dmetrics.write=true -Dconfiguration.write=true -Dfaults.write=true -Dspotless.check.skip=true

docs: ## Build README and docs/ into a static site with search, in target/site: make docs BASE=/openledger/
	@scripts/tools -- scripts/docs $(if $(BASE),--base $(BASE))

pictures: ## Take the pictures in docs/pictures anew, about 10 min: make pictures PICTURE=page, or board
	@scripts/tools --with chromium -- scripts/pictures $(PICTURE)

load: ## Send light load to the running router and print what became of it
	@scripts/tools -- scripts/demo load --rate $(or $(RATE),20) --seconds $(or $(SECONDS),60)

bench: ## Measure the router against direct calls, nginx and other gateways; writes target/bench/*.json
	@scripts/tools --with nginx --with wrk -- scripts/bench $(or $(PART),all)

bench-settlement: ## Measure batches, the way to the chain and what it costs the requests; writes target/bench/settlement.json
	@scripts/tools --with wrk -- scripts/stack bench.SettlementBench

.PHONY: bench-stake
bench-stake: ## Measure what a vault costs fast requests, against a router that settles without one; writes target/bench/stake.json
	@scripts/tools --with wrk -- scripts/stack bench.StakeBench

bench-confirmed: ## Measure confirmations, what gates add and cost, and what fast requests notice; writes target/bench/confirmed.json
	@scripts/tools -- scripts/stack bench.ConfirmedBench

bench-image: ## Measure start and memory of images in hardened containers; builds none of them: make bench-image IMAGES="openledger:jvm openledger:native"
	@scripts/tools --with wrk -- scripts/containers -- scripts/stack shipped.MeasureImages $(or $(IMAGES),openledger:jvm openledger:native)

compare-modes: ## Send the same arrivals into the same congestion in every mode, about 7 min; writes target/bench/modes.json
	@scripts/tools -- scripts/stack bench.CompareModes

prove-replay: ## Let 50,000 confirmed requests meet congestion, then do every allocation again in another process
	@scripts/tools -- scripts/stack chaos.ProveReplay

prove-log: ## Hold the log of a router that is killed against a witness, torchwood and scitt-cose, which are not ours; about 4 min
	@scripts/tools -- scripts/prove-log

prove-contracts: ## Hold the vault's invariants over 100,000 calls of a hostile crowd, then every mutant of the vault against its tests; about 20 min
	@scripts/tools -- scripts/contracts deep
	@scripts/tools -- scripts/contracts mutants

prove-memory: ## Send 20 bodies of 15 MB at once, and 200 announcements, to a router with 512 MB; about 1 min
	@scripts/tools -- scripts/stack chaos.ProveMemory

.PHONY: prove-honest
prove-honest: ## Hold a million leaves of honest lanes of the lab, and of every kind of end, against the rule book; about 1 min
	@scripts/tools -- scripts/stack lab.stake.ProveHonest

soak: ## Load the router at 60 % of its peak for 600 s with troubles among it and fail if heap, threads or descriptors grow
	@scripts/tools -- scripts/stack chaos.soak.Soak $(or $(SECONDS),600)

.PHONY: cluster
cluster: ## Run three routers on one database with a synchronous standby, with a chain, a Kafka broker, a provider that counts calls and a balancer
	@scripts/tools -- scripts/aot || echo "The routers start without that, more slowly." >&2
	@scripts/tools -- scripts/stack stack.ClusterDemo

.PHONY: prove-cluster
prove-cluster: ## Restart, kill and cut off routers of three under load, take lanes from them, send requests again and again, let the database fail over; about 14 min
	@scripts/tools -- scripts/aot || echo "The routers start without that, more slowly." >&2
	@scripts/tools -- scripts/stack stack.ProveCluster

.PHONY: prove-fairness
prove-fairness: ## Harm a tenant at three routers at once and see that their figures show it and those of each alone do not; about 7 min
	@scripts/tools -- scripts/stack stack.ProveFairness

.PHONY: prove-resends
prove-resends: ## Send keys five times each to three routers in turns, and count calls; about 3 min: make prove-resends KEYS=20000
	@scripts/tools -- scripts/stack chaos.resend.ProveResends $(or $(KEYS),4000)

.PHONY: prove-limits
prove-limits: ## Use keys beyond their limits at three routers, also while these lose what limits are shared by, and have a provider close itself to one; about 15 min
	@scripts/tools -- scripts/stack stack.ProveLimits

.PHONY: prove-slots
prove-slots: ## Have a provider with 30 slots called by three routers under a load that shifts between them, and by one; about 5 min
	@scripts/tools -- scripts/stack stack.ProveSlots

.PHONY: prove-stream
prove-stream: ## Stream from three routers to a broker while it, and they, are killed and stopped; each request once; about 5 min
	@scripts/tools -- scripts/stack stack.ProveStream

.PHONY: bench-hops
bench-hops: ## Measure what it costs a request with a key to be forwarded to the router that answers for it, and to be at it
	@scripts/tools -- scripts/stack chaos.resend.MeasureHops

.PHONY: bench-builds
bench-builds: ## Measure this build against that of another checkout, in turns: make bench-builds BEFORE=../before; writes target/bench/builds.json
	@scripts/tools --with wrk -- scripts/stack bench.builds.CompareBuilds $(BEFORE)

.PHONY: aot
aot: ## Have the built router note which classes a start takes, so that make run, make cluster and the benchmarks start it sooner; about a minute
	@scripts/tools -- scripts/aot

.PHONY: bench-start
bench-start: ## Measure how soon a router is ready, and how slow its first minute is, with the cache of a training run, without a warm-up and without either; about 15 min; writes target/bench/start.json
	@scripts/tools -- scripts/aot
	@scripts/tools -- scripts/stack bench.start.MeasureStart

.PHONY: bench-replicas
bench-replicas: ## Measure what one router and three take on this machine, and what a request costs them and the database; about 6 min
	@scripts/tools -- scripts/stack stack.MeasureReplicas

chaos: ## Kill the router 20 times and PostgreSQL 5 times under load and check that nothing is lost
	@scripts/tools -- scripts/stack chaos.Chaos

attack: ## Attack a router in every way we know while an honest tenant works, about 5 min: make attack SEED=2
	@scripts/tools -- scripts/stack chaos.attack.Attack $(or $(SEED),1)

peers-faults: ## Put 40 faulty providers before this router, Envoy, SGLang's gateway, vLLM's router and LiteLLM; writes docs/results/peers-faults.md
	@scripts/tools -- scripts/stack bench.faults.PeersFaults $(GATEWAY)

prove-database: ## Cut the link between router and PostgreSQL under load, for 5 s and 60 s, in two ways, and check that nothing is lost; about 5 min
	@scripts/tools -- scripts/prove-database

prove-settlement: ## Settle 10,000 requests, verify every receipt against the chain alone, and see forged ones refuted
	@scripts/tools -- scripts/stack chaos.ProveSettlement

prove-stake: ## Let a lane lie in every way that a vault knows, and an auditor in another process prove it; about 4 min
	@scripts/tools -- scripts/stack chaos.stake.ProveStake

.PHONY: prove-defence
prove-defence: ## Let a challenger open every game it can against a router that is killed again and again, and then down for a day; about 6 min
	@scripts/tools -- scripts/stack chaos.stake.ProveDefence

prove-dashboards: ## Load a router in every mode, ask every query of every dashboard and draw them, about 6 min; writes target/dashboards/*.png
	@scripts/tools --with chromium -- scripts/dashboards prove

prove-deploy: ## Build the images twice, start the compose stack, and hold it to what it promises: alerts, traces, kills, an upgrade and a stop under load
	@scripts/tools -- scripts/deploy prove

prove-kubernetes: ## Give deploy/kubernetes to a real API server, strict and with faults planted; about 1 min, the first time 10 to build the server
	@scripts/tools -- scripts/deploy prove-kubernetes

proofs: ## Run every long proof, two hours and more, and write docs/results/proofs.md; one alone: make proofs PROOF=chaos
	@scripts/tools -- scripts/proofs run $(PROOF)

sbom: ## Write target/sbom: the libraries of the package as CycloneDX, with checksums, and a list of their licences
	@scripts/tools -- scripts/dependencies sbom

verify: ## Hold a receipt, or a folder of them, against the chain: make verify RECEIPT=receipt.json RPC=http://127.0.0.1:8545 LANE=N
	@$(if $(RECEIPT),,echo "RECEIPT is missing: make verify RECEIPT=receipt.json RPC=http://127.0.0.1:8545 LANE=N" >&2; exit 2;) \
	  scripts/tools -- scripts/verify "$(RECEIPT)" $(if $(RPC),--rpc "$(RPC)") $(if $(CHAIN_ID),--chain-id "$(CHAIN_ID)") \
	  $(if $(REGISTRY),--registry "$(REGISTRY)") $(if $(LANE),--lane "$(LANE)") $(if $(LANE_OWNER),--lane-owner "$(LANE_OWNER)") \
	  $(if $(ANY_LANE),--any-lane) $(if $(LOG_KEY),--log-key "$(LOG_KEY)") $(if $(LEAF),--leaf "$(LEAF)") $(if $(ALL),--all) \
	  $(foreach KEY,$(WITNESSES),--witness "$(KEY)") $(if $(WITNESS_QUORUM),--witness-quorum "$(WITNESS_QUORUM)")

audit: export KEY := $(or $(KEY),sk-openledger-local)
audit: ## Do a router's allocations again from what it has published: KEY=sk-... make audit ROUTER=http://127.0.0.1:8080
	@scripts/tools -- scripts/audit "$(or $(ROUTER),http://127.0.0.1:8080)"

chaos-chain: ## Let the chain stand still for 60 s and be out of reach for 2 min under load, reorganise it, restart it; about 6 min
	@scripts/tools -- scripts/contracts install
	@scripts/tools -- mvn -B -ntp test -Dtest=ChainFaultsTest -Dopenledger.long=true -Dspotless.check.skip=true

lab: ## Run the experiments in virtual time, 3 min at most: make lab SEEDS=5 EXPERIMENT=budget; writes lab/report.html and .json
	@scripts/tools -- scripts/lab --out lab $(if $(SEEDS),--seeds $(SEEDS)) $(if $(EXPERIMENT),--experiment $(EXPERIMENT))

bench-lab: ## Measure how many requests a second the lab simulates on one core; writes target/lab/bench.json
	@scripts/tools -- scripts/stack bench.LabBench

lab-surplus: ## Simulate who gets scarce slots under each rule for a tenant's surplus, and in fast mode; writes target/lab/surplus.json
	@scripts/tools -- scripts/stack bench.SurplusLab

lab-live: ## Run the budget and the sequencing experiment once in real time, on the real router, about 8 min; writes target/bench/lab-live.json
	@scripts/tools -- scripts/stack bench.LabLive

package: ## Build the router alone, as an image ships it, into target/production/quarkus-app; without tests
	@scripts/tools -- mvn -q -B -ntp package -Dproduction

image: ## Build the images: the router on a JVM, the simulated providers, and the native executable if there is one: make image IMAGE=jvm
	@scripts/tools -- scripts/image $(IMAGE)

bundle: ## Write target/release/openledger-compose.tar.gz, -kubernetes and -dashboards, for machines without a checkout
	@scripts/tools -- scripts/deploy bundle

native: ## Build the native executable target/production/openledger-*-runner with the native-image of GRAALVM_HOME
	@scripts/tools -- scripts/native

native-smoke: ## Start the native executable and ask it for a little of everything
	@scripts/tools -- scripts/stack shipped.NativeSmoke

format: ## Format the sources
	@scripts/tools -- mvn -q -B -ntp spotless:apply

clean: ## Remove what was built; the data of make run stays
	@scripts/tools -- mvn -q -B -ntp clean
