# `make verify` judges the embedded reference, `make test` passes the tests. Each sees to libxml2's
# headers first, the only thing that the build needs beside Swift.

.PHONY: verify test build needs lint notes matrix soak

verify: needs
	@echo 'building Quorate: two to five minutes the first time'
	@swift build --product quorate
	@.build/debug/quorate verify

test: needs
	Tests/Servers/with-server swift test

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
	QUORATE_UPDATE_NOTES=1 swift test --filter NotesTests
