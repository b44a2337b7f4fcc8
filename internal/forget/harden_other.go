//go:build !unix

package forget

import "errors"

func forbidDumps() error { return errors.ErrUnsupported }

func lockMemory() error { return errors.ErrUnsupported }
