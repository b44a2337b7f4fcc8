package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"foyer/internal/clean"
	"foyer/internal/config"
)

// A journal is where the log goes: to a file, which can become another one, or the same anew, while it is written; or elsewhere
// as long as it has none. It is safe for concurrent use.
type journal struct {
	level     slog.LevelVar
	otherwise io.Writer

	mu   sync.Mutex // guards what follows
	file *os.File   // nil for none
}

// A leaf is where a journal may go on.
type leaf struct {
	level slog.Level
	file  *os.File // nil for none
}

// openLeaf opens the file that c names, which only its owner can read.
func openLeaf(c config.Log) (leaf, error) {
	var l leaf
	if err := l.level.UnmarshalText([]byte(c.Level)); err != nil {
		return l, fmt.Errorf("log.level: %w", err)
	}
	if c.File == "" {
		return l, nil
	}
	var err error
	if l.file, err = os.OpenFile(c.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		return l, &usageError{fmt.Errorf("log.file: %w; name a file that can be written", err)}
	}
	return l, nil
}

// close gives back the file.
func (l leaf) close() {
	if l.file != nil {
		_ = l.file.Close()
	}
}

// openJournal opens a journal as c says, which goes to otherwise where c names no file.
func openJournal(c config.Log, otherwise io.Writer) (*journal, error) {
	first, err := openLeaf(c)
	if err != nil {
		return nil, err
	}
	j := &journal{otherwise: otherwise}
	j.turn(first)
	return j, nil
}

// logger writes into the journal. What it is given is cleaned, whoever it came from: a log is read on terminals.
func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(clean.JSON(j), &slog.HandlerOptions{Level: &j.level, ReplaceAttr: cleaned}))
}

// Bounds of a text in the log, in lines and code points: a stack is long, an answer of the tenant may be.
const (
	mostLogged    = 200
	longestLogged = 1000
)

// cleaned is an attribute of a log record with its text clean.
func cleaned(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(clean.Text(a.Value.String(), mostLogged, longestLogged))
	case slog.KindAny:
		if err, ok := a.Value.Any().(error); ok {
			a.Value = slog.StringValue(clean.Text(err.Error(), mostLogged, longestLogged))
		}
	case slog.KindBool, slog.KindDuration, slog.KindFloat64, slog.KindGroup, slog.KindInt64, slog.KindLogValuer, slog.KindTime, slog.KindUint64:
	}
	return a
}

// Write writes a record.
func (j *journal) Write(record []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return j.otherwise.Write(record)
	}
	return j.file.Write(record)
}

// turn has the journal go on at next.
func (j *journal) turn(next leaf) {
	j.mu.Lock()
	last := leaf{file: j.file}
	j.file = next.file
	j.mu.Unlock()
	j.level.Set(next.level)
	last.close()
}

// close gives back the file. What is logged afterwards is lost.
func (j *journal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file != nil {
		_ = j.file.Close()
		j.file, j.otherwise = nil, io.Discard
	}
}
