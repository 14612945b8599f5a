//go:build tools

// Package tools pins the consensus engine that the tests run: `go build -o DIR/cometbft
// github.com/cometbft/cometbft/cmd/cometbft` in this folder gives the same program everywhere.
package tools

import _ "github.com/cometbft/cometbft/cmd/cometbft"
