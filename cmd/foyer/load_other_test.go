//go:build !linux

package main

import "os"

// otherwise runs what the test binary is beside itself, and reports whether it was that.
func otherwise() bool {
	if os.Getenv(asFoyer) == "" {
		return false
	}
	main()
	return true
}
