package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// numberDigits is how many digits the number of the first record has in the name of a full file, so that names sort by it.
const numberDigits = 12

// fullName is what the file called name is renamed to once it is full; first is the number of its first record.
func fullName(name string, first uint64) string {
	return fmt.Sprintf("%s.%0*d", name, numberDigits, first)
}

// files are those that the record in the file called name consists of, in their order.
func files(name string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		return nil, err
	}
	var all []string
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), filepath.Base(name)+".")
		if _, err := strconv.ParseUint(digits, 10, 64); ok && err == nil && len(digits) == numberDigits {
			all = append(all, filepath.Join(filepath.Dir(name), e.Name()))
		}
	}
	slices.Sort(all)
	if _, err := os.Stat(name); err == nil {
		all = append(all, name)
	}
	return all, nil
}

// lastLine returns the last whole line of a file, without its end; where that line ends; and how long the file is. The line is
// empty when there is none.
func lastLine(file *os.File) (line []byte, end, size int64, err error) {
	info, err := file.Stat()
	if err != nil {
		return nil, 0, 0, err
	}
	size = info.Size()
	from := max(size-2*longestLine, 0)
	tail := make([]byte, size-from)
	if _, err := file.ReadAt(tail, from); err != nil {
		return nil, 0, 0, err
	}
	text := string(tail)
	stop := strings.LastIndexByte(text, '\n')
	if stop < 0 {
		if from > 0 {
			return nil, 0, 0, fmt.Errorf("%s ends in a line that is too long", file.Name())
		}
		return nil, 0, size, nil
	}
	start := strings.LastIndexByte(text[:stop], '\n') + 1
	return tail[start:stop], from + int64(stop) + 1, size, nil
}
