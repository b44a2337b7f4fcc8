//go:build !linux

package forget

// interrupt does nothing: there is no way to name a thread.
func interrupt() {}
