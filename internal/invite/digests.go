package invite

import "os"

// digests are those of the codes in a file. They are read again when it changes, and not for each code that somebody guesses: to
// read thousands of invitations takes tens of milliseconds, for which everybody else would wait. They are not safe for concurrent use.
type digests struct {
	file os.FileInfo // that they were read from; nil for none
	all  map[string]struct{}
}

// lack reports whether no code in the file called name has the digest sum. When that cannot be told, it is not so.
func (d *digests) lack(name, sum string) bool {
	file, err := os.Stat(name)
	if err != nil {
		return false
	}
	if !d.of(file) {
		l, err := load(name)
		if err != nil {
			return false
		}
		d.file, d.all = file, make(map[string]struct{}, len(l.Invitations))
		for _, r := range l.Invitations {
			d.all[r.Digest] = struct{}{}
		}
	}
	_, known := d.all[sum]
	return !known
}

// of reports whether they were read from file, as it is now.
func (d *digests) of(file os.FileInfo) bool {
	return d.file != nil && os.SameFile(d.file, file) && d.file.Size() == file.Size() && d.file.ModTime().Equal(file.ModTime())
}
