package main

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// measurable tells that a process can be looked at from outside.
const measurable = true

// memory is what a process holds of the machine's memory, in bytes.
func memory(t *testing.T, pid int) int64 {
	t.Helper()
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(b))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

// clockTick is the unit of /proc's times on every Linux there is.
const clockTick = time.Second / 100

// busy is the processor time that a process has had.
func busy(t *testing.T, pid int) time.Duration {
	t.Helper()
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		t.Fatal(err)
	}
	// The name, in brackets, may hold anything.
	fields := strings.Fields(string(b)[strings.LastIndexByte(string(b), ')')+1:])
	var sum int64
	for _, f := range fields[11:13] { // user and system
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return time.Duration(sum) * clockTick
}
