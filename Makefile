.PHONY: demo test race lint bench bench-intake bench-screen rooms fuzz demo-build shot

demo: ## play the recorded broadcast in the console
	go run ./cmd/liveroom demo

test: ## all tests
	go test ./...

race: ## all tests with the race detector
	go test -race -short ./...

lint: ## formatting, vet and the linter
	go vet ./...
	golangci-lint run

bench: ## benchmarks of every package
	go test -run '^$$' -bench . ./...

bench-intake: ## how many events a second come in, and how soon a flag is committed; under three minutes
	LIVEROOM_INTAKE=full go test ./moderation/surge -run 'TestEventsComeInFast|TestAFlagIsCommittedAtOnce' -count 1 -v -timeout 600s

rooms: ## eight rooms of eight protocols for ten minutes, with cuts, restarts and a killed collector
	LIVEROOM_ROOMS=full go test ./cmd/liveroom -run TestEightRooms -count 1 -v -timeout 1800s

# HISTORY_DB keeps the record, which takes ten minutes to fill with five million events.
HISTORY ?= 5000000
HISTORY_DB ?=

bench-screen: ## the built program on a terminal, under load and on a record of HISTORY events
	LIVEROOM_LOAD=full LIVEROOM_HISTORY=$(HISTORY) LIVEROOM_HISTORY_DB=$(HISTORY_DB) \
		go test ./cmd/liveroom -run 'TestTheScreenUnderLoad|TestALongRecordIsAtHand' -count 1 -v -timeout 3000s

FUZZ ?= ./...
FUZZTIME ?= 2m
FUZZPARALLEL ?= 1

fuzz: ## every fuzz target for two minutes; FUZZ=./claims/... chooses packages
	@for p in $$(go list $(FUZZ)); do \
		for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			echo "$$p $$f"; \
			go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x -parallel $(FUZZPARALLEL) $$p || exit 1; \
		done; \
	done

demo-build: ## rebuild the demo's recording from its story
	go generate ./demo

shot: ## take the README's picture from a real run
	sh docs/shot.sh
