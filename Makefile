.PHONY: demo test race lint bench fuzz demo-build shot

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

fuzz: ## every fuzz target for a minute
	@for p in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime 60s $$p || exit 1; \
		done; \
	done

demo-build: ## rebuild the demo's recording from its story
	go generate ./demo

shot: ## take the README's picture from a real run
	sh docs/shot.sh
