# What is done often. `make help` lists it; .ci/run is the whole of it.

.DEFAULT_GOAL := help
.PHONY: help run demo test race slow calibrate lint fuzz bench cover build ci

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    := 10s

help: ## list these
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## serve the local workspace on http://127.0.0.1:8080
	go run ./cmd/payoff

demo: ## replay a quarter of a team of six and serve it
	go run ./cmd/payoff demo

test: ## all tests
	go test ./...

race: ## all tests under the race detector
	go test -race ./...

slow: ## all tests, and those that are only run when asked for
	PAYOFF_SLOW=1 go test -count=1 -timeout 40m ./...

calibrate: ## the model against 11,760 simulated owners: the figures beside their bounds
	PAYOFF_SLOW=1 go test -count=1 -v -run TestCalibration ./goals/evidence

lint: ## format, vet, staticcheck, and the rules of the house
	@test -z "$$(gofmt -l .)" || { gofmt -d .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) -checks inherit,-ST1005 ./...
	go test -count=1 -run 'TestImports|TestPackages|TestNothingElse|TestFiles' ./cmd/payoff

fuzz: ## each fuzz target for FUZZTIME (10s)
	@for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

bench: ## all benchmarks
	go test -run '^$$' -bench . -benchmem ./...

cover: ## which lines the tests reach, as cover.html
	go test -coverpkg=./... -coverprofile=cover.out ./...
	go tool cover -html=cover.out -o cover.html
	@go tool cover -func=cover.out | tail -n 1

build: ## the static binary, as ./payoff
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o payoff ./cmd/payoff

ci: ## everything, as the machine does it
	.ci/run
