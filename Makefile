.PHONY: demo test race lint bench bench-intake bench-screen rooms fuzz corpus

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
# A list of targets that need not run: those that end well are added to it.
FUZZDONE ?= /dev/null

fuzz: ## every fuzz target for two minutes; FUZZ=./claims/... chooses packages, FUZZDONE=F goes on where F ends
	@for p in $$(go list $(FUZZ)); do \
		for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			grep -qs "^$$p $$f " $(FUZZDONE) && continue; \
			echo "$$p $$f"; \
			go test -timeout 0 -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x -parallel $(FUZZPARALLEL) $$p || exit 1; \
			echo "$$p $$f $(FUZZTIME) at $$(git rev-parse --short HEAD)" >> $(FUZZDONE); \
		done; \
	done

corpus: ## keep what fuzzing found in testdata/NAME.corpus, where go test replays it; FUZZ=./feed/... chooses packages
	@for p in $$(go list $(FUZZ)); do \
		for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			go run ./feed/feedtest/corpus/keep $$p $$f || exit 1; \
		done; \
	done
