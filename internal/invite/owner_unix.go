//go:build unix

package invite

import (
	"os"
	"path/filepath"
	"syscall"
)

// belong gives a file that root makes to whom its folder belongs: otherwise the server could not read what an administrator
// changes. It goes by the open file, since whoever the folder belongs to may put another one in its place.
func belong(file *os.File) {
	if os.Geteuid() != 0 {
		return
	}
	folder, err := os.Stat(filepath.Dir(file.Name()))
	if err != nil {
		return
	}
	if owner, ok := folder.Sys().(*syscall.Stat_t); ok && owner.Uid != 0 {
		_ = file.Chown(int(owner.Uid), int(owner.Gid))
	}
}
