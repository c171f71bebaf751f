# `make verify` judges the embedded reference, `make test` passes the tests. Each sees to libxml2's
# headers first, the only thing that the build needs beside Swift.

.PHONY: verify test build needs lint notes record docs matrix verdicts kills release install explore searches soak recipes ensemble durability \
  fuzz postgresql postgresql-tables rounds tls traits

verify: needs
	@echo 'building Quorate: three to eight minutes the first time'
	@swift build --product quorate
	@.build/debug/quorate verify

# So many tests at a time: more have those that wait for real servers wait for each other.
TEST_FLAGS = --experimental-maximum-parallelization-width 6

test: needs
	Tests/Servers/with-server swift test $(TEST_FLAGS)

build: needs
	swift build

needs:
	@pkg-config --exists libxml-2.0 || { echo 'libxml2-dev is missing: installing it'; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq libxml2-dev pkg-config; }

lint:
	swift format lint --strict -r Sources Tests Package.swift

# Writes the generated parts of the Notes anew.
notes: needs
	swift build
	.build/debug/maintain notes

# Searches for what goes wrong in each experiment of the chapters, and records its run; then writes
# what each search finds first and what that takes, Fixtures/searches.tsv.
record: needs
	swift build -c release -Xswiftc -cross-module-optimization --product maintain
	.build/release/maintain record $(CHAPTERS)
	swift build -c release -Xswiftc -cross-module-optimization --product quorate
	if [ -z '$(CHAPTERS)' ]; then .build/release/quorate break --table Fixtures/searches.tsv; \
	else for name in $(CHAPTERS); do \
	  .build/release/quorate break $$name --table Fixtures/searches.tsv || exit; done; fi

# Makes the documentation pages, .build/docs; a warning is an error.
docs: build
	.ci/docs

# Across modules, so that the simulator has code of its own for each chapter: ten times as fast.
# With traits: make release TRAITS=PostgreSQL,TLS
TRAITS ?=
release: needs
	swift build -c release -Xswiftc -cross-module-optimization $(TRAITS:%=--traits %) --product quorate
	@echo "built $$(swift build -c release --show-bin-path)/quorate"

# Puts the command where a shell finds it, and beside it what it reads: its cases.
PREFIX = /usr/local
install: release
	rm -rf '$(DESTDIR)$(PREFIX)/share/quorate/Fixtures'
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/quorate/Fixtures'
	install -m 755 .build/release/quorate '$(DESTDIR)$(PREFIX)/bin/quorate'
	cp -R Fixtures/. '$(DESTDIR)$(PREFIX)/share/quorate/Fixtures'
	@echo 'installed $(DESTDIR)$(PREFIX)/bin/quorate'

# Goes through everything that can happen in the larger settings, in two processes, and compares the
# numbers with those that are pinned.
explore: release
	@pinned=Fixtures/Explored/large.txt; out=$$(mktemp -d); \
	  .build/release/quorate explore --check $$pinned > $$out/second & second=$$!; \
	  .build/release/quorate explore --check $$pinned > $$out/first 2> /dev/null; first=$$?; \
	  wait $$second && second=0 || second=$$?; \
	  cat $$out/first; cmp $$out/first $$out/second; same=$$?; rm -r $$out; \
	  exit $$((first + second + same))

# Searches for everything that is planted in the chapters, and compares with what is listed.
searches: release
	.build/release/quorate break --check Fixtures/searches.tsv

# Plays every chapter with random faults for so many seconds, two at once. What should happen
# sometimes and did not within that time (exit 2) is no failure: `make verify` has a witness of each.
SECONDS = 60
soak: release
	.build/release/quorate chapters --names | xargs -P 2 -I{} \
	  sh -c '.build/release/quorate simulate {} --seconds $(SECONDS) || [ $$? -eq 2 ]'

# Runs every recipe with each single fault at each step, and so many times with several; then on three
# real servers of which one is killed and one is paused.
RUNS = 20000
STRIDE = 1
recipes: release
	.build/release/quorate recipes list --names | xargs -P 2 -I{} sh -c \
	  '.build/release/quorate recipes simulate {} --runs $(RUNS) --stride $(STRIDE) && \
	  .build/release/quorate recipes simulate {} --runs $$(($(RUNS) / 10)) --stride 97 --ensemble'
	Tests/Servers/recipes-outage .build/release/quorate

# Judges ten editions of Apache's server (downloads nine of them, 2.9 GB, once) and writes
# Fixtures/ZooKeeper/verdicts.tsv.
matrix: needs
	swift build --product quorate
	Tests/Servers/matrix

# Judges the chapters and writes Fixtures/chapters.tsv, of which the Notes tell.
verdicts: needs
	swift build --product quorate
	set -f; .build/debug/quorate verify --table Fixtures/chapters.tsv \
	  $$(.build/debug/quorate chapters --names | tr a-z A-Z | sed 's/.*/--case &-*/')

# Tries every case on every quirk, which takes minutes, and writes the pairs that prove the suite's
# power: Fixtures/ZooKeeper/witnesses.tsv, which the tests try again.
kills: needs
	swift build -c release -Xswiftc -cross-module-optimization --product maintain
	.build/release/maintain kills --witnesses Fixtures/ZooKeeper/witnesses.tsv
	swift build -c release -Xswiftc -cross-module-optimization --product quorate
	.build/release/quorate explore --check Fixtures/Explored/kills-large.txt

# Plays every case on an ensemble of three, through each of its servers; its leader stops behind each
# request of a case in turn.
ensemble: needs
	swift build -c release -Xswiftc -cross-module-optimization --product maintain
	for server in 1 2 3; do .build/release/maintain leaders reference:ensemble/3/$$server || exit; done

# Takes the power away from a simulated disk ten thousand times, and kills a server that stores two
# hundred times.
durability: needs
	swift build --build-tests
	QUORATE_ROUNDS=10000 .build/debug/quoratePackageTests.xctest --testing-library swift-testing \
	  --filter PowerLossTests
	QUORATE_ROUNDS=200 .build/debug/quoratePackageTests.xctest --testing-library swift-testing \
	  --filter KilledServerTests

# Tests that need a database: a build of their own, with libpq, and two of Debian's PostgreSQL 15.
POSTGRESQL = .build-postgresql/debug/quoratePackageTests.xctest --testing-library swift-testing
POSTGRESQL_BUILD = QUORATE_PART=PostgreSQLTests,coordinator \
  swift build --traits PostgreSQL --scratch-path .build-postgresql --build-tests
postgresql:
	$(POSTGRESQL_BUILD)
	Tests/Servers/with-postgresql --two $(POSTGRESQL)

# Writes Fixtures/PostgreSQL/verdicts.tsv, and looks for a flaw that each case fails on.
postgresql-tables:
	$(POSTGRESQL_BUILD)
	QUORATE_RECORD=1 Tests/Servers/with-postgresql --two $(POSTGRESQL) --filter DatabaseCaseTests

# Two hundred rounds: the coordinator is killed, and databases with it, or databases alone.
rounds:
	$(POSTGRESQL_BUILD)
	QUORATE_ROUNDS=200 Tests/Servers/with-postgresql --two $(POSTGRESQL) --filter CoordinatorTests

# Tests the server over TLS: a build of its own, with BoringSSL; openssl makes the certificates.
tls:
	QUORATE_PART=TLSTests swift build --traits TLS --scratch-path .build-tls --build-tests
	.build-tls/debug/quoratePackageTests.xctest --testing-library swift-testing

# Both at once, in the build of `make release TRAITS=PostgreSQL,TLS`.
traits:
	QUORATE_PART=PostgreSQLTests,coordinator,TLSTests,quorate \
	  swift build -c release -Xswiftc -cross-module-optimization --traits PostgreSQL,TLS --build-tests
	Tests/Servers/with-postgresql --two \
	  .build/release/quoratePackageTests.xctest --testing-library swift-testing

# Gives a million inputs that libFuzzer makes up to each reader of others' bytes: frames, records,
# log, snapshot, zoo.cfg. Inputs that reach something new are kept in .build-fuzz/corpus.
INPUTS = 1000000
FUZZED = frames records log snapshot configuration
fuzz: needs
	QUORATE_FUZZ=1 swift build -c release --scratch-path .build-fuzz --product fuzz \
	  -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld
	set -e; for target in $(FUZZED); do \
	  mkdir -p .build-fuzz/corpus/$$target; \
	  SWIFT_BACKTRACE=enable=no .build-fuzz/release/fuzz $$target .build-fuzz/seeds/$$target -runs=$(INPUTS) -seed=1 \
	    -max_len=2048 -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 -verbosity=0 \
	    -artifact_prefix=.build-fuzz/$$target- \
	    .build-fuzz/corpus/$$target .build-fuzz/seeds/$$target; \
	  echo "$$target: $(INPUTS) inputs, none traps"; \
	done
