//go:build unix && !linux

package forget

import "errors"

func forbidDumps() error { return limitDumps() }

// lockMemory does nothing: only Linux locks memory when it is used, and the runtime reserves far more than that.
func lockMemory() error { return errors.ErrUnsupported }
