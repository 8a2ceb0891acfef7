//go:build race

package claims_test

const racing = true
