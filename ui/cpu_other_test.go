//go:build !unix

package ui_test

import (
	"testing"
	"time"
)

// usedCPU is unknown here: ratios of it say nothing.
func usedCPU(testing.TB) time.Duration { return 0 }
