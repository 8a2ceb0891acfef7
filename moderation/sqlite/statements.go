package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"sync"
)

// statements keeps each query's prepared statement: parsing SQL costs more than
// running most of ours.
type statements struct {
	prepare func(context.Context, string) (*sql.Stmt, error)
	mu      sync.Mutex
	byQuery map[string]*sql.Stmt
}

func newStatements(prepare func(context.Context, string) (*sql.Stmt, error)) *statements {
	return &statements{prepare: prepare, byQuery: make(map[string]*sql.Stmt)}
}

func (s *statements) get(query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt := s.byQuery[query]; stmt != nil {
		return stmt, nil
	}
	// A statement outlives the call that first needs it, and its context.
	stmt, err := s.prepare(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	s.byQuery[query] = stmt
	return stmt, nil
}

// limited bounds a query to so many rows, 0 to none. The number stands in the
// text: SQLite plans by it, and would parse a statement again each time that a
// parameter in its place is bound. Callers have few different ones.
func limited(rows int) string {
	if rows <= 0 {
		return ""
	}
	return " LIMIT " + strconv.Itoa(rows)
}

func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, stmt := range s.byQuery {
		errs = append(errs, stmt.Close())
	}
	clear(s.byQuery)
	return errors.Join(errs...)
}
