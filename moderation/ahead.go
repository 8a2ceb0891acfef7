package moderation

import "sync"

// An ahead reads a list page by page, the next page while the last one is being
// looked at: reading and checking a record cost about the same, and most machines
// have a second core. It belongs to one goroutine; stop before what it reads from
// is gone.
type ahead[T any] struct {
	read func() ([]T, error) // the next page, an empty one at the end
	lock sync.Locker         // held while reading
	next chan readPage[T]    // nil: none is being read
}

type readPage[T any] struct {
	rows []T
	err  error
}

// readAhead reads pages by list, which is told the key of the last row before.
func readAhead[T any](lock sync.Locker, list func(after int64) ([]T, error), key func(*T) int64) *ahead[T] {
	var after int64
	return &ahead[T]{lock: lock, read: func() ([]T, error) {
		rows, err := list(after)
		if len(rows) > 0 {
			after = key(&rows[len(rows)-1])
		}
		return rows, err
	}}
}

// page is the next page; after an error or an empty one there are no more.
func (a *ahead[T]) page() ([]T, error) {
	if a.next == nil {
		a.fetch()
	}
	p := <-a.next
	a.next = nil
	if p.err != nil || len(p.rows) == 0 {
		return nil, p.err
	}
	a.fetch()
	return p.rows, nil
}

func (a *ahead[T]) fetch() {
	next := make(chan readPage[T], 1)
	a.next = next
	go func() {
		a.lock.Lock()
		defer a.lock.Unlock()
		rows, err := a.read()
		next <- readPage[T]{rows, err}
	}()
}

// stop waits for what is being read.
func (a *ahead[T]) stop() {
	if a.next != nil {
		<-a.next
		a.next = nil
	}
}
