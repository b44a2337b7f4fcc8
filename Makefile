# make run and make test need Go and make, nothing else.

GO        ?= go
LINT      := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME  ?= 10s
BENCHTIME ?= 1s
JUDGE     := cmd/foyer/testdata/authserver

.DEFAULT_GOAL := help
.PHONY: help build run test race authserver lint fmt golden pictures fuzz bench cover clean check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/foyer
	$(GO) build -trimpath -o bin/foyer ./cmd/foyer

run: build ## show the kiosk on this terminal, on the practice tenant unless configured
	@bin/foyer kiosk

test: ## run all tests
	$(GO) test ./...

race: ## run all tests with the race detector
	$(GO) test -race -timeout 20m ./...

authserver: ## install the OAuth server, not ours, that tests judge by (needs npm); without it they are skipped
	npm ci --prefix $(JUDGE) --ignore-scripts --no-audit --no-fund
	@node -e 'process.exit(URL.parse ? 0 : 1)' || npm install --prefix $(JUDGE) --no-save --no-audit --no-fund node@22.23.3

lint: ## run the linters
	$(GO) vet ./...
	$(LINT) run

fmt: ## format the code
	$(LINT) fmt

golden: ## write the golden screens anew; review the difference
	$(GO) test ./ui -run TestGolden -update

pictures: ## draw the pictures of the README anew
	$(GO) test ./ui -run TestPictures -update

fuzz: ## run each fuzz target for FUZZTIME (10s)
	@for target in $$(grep -rho '^func Fuzz[A-Za-z0-9]*' --include='*_test.go' . | sed 's/func //' | sort -u); do \
		for dir in $$(grep -rl "^func $$target(" --include='*_test.go' . | xargs -n1 dirname | sort -u); do \
			$(GO) test $$dir -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x || exit 1; \
		done; \
	done

bench: ## run the benchmarks
	$(GO) test ./... -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME)

cover: ## say how much of the code the tests run
	$(GO) test -coverprofile=coverage.out -coverpkg=./... ./...
	$(GO) tool cover -func=coverage.out | tail -1

check: test lint race fuzz ## what CI runs

clean: ## remove what was built
	rm -rf bin coverage.out
