package main

import (
	"errors"
	"fmt"
	"io/fs"

	"foyer/internal/config"
	"foyer/internal/keyfile"
	"foyer/internal/wholefile"
)

// checkIntents tells where the journal of intents is kept. It makes and changes nothing. Without a journal people are registered all
// the same, so that only files that are set can be wrong.
func (p *program) checkIntents(c config.Intents) error {
	name, err := p.lookAtIntents(c)
	switch {
	case err == nil:
		p.row("✓", "journal", "who is cut off is remembered for "+c.Keep.String()+" in "+name)
	case c.File == "" && c.KeyFile == "":
		p.row("!", "journal", "who is cut off is forgotten when Foyer ends: "+err.Error()+"; set intents.file and intents.key_file")
	default:
		err = fmt.Errorf("intents.file: %w; name files that can be written", err)
		p.row("✗", "journal", err.Error())
		return &saidError{&usageError{err}}
	}
	return nil
}

// lookAtIntents returns the file of the journal, or why it could not be kept.
func (p *program) lookAtIntents(c config.Intents) (string, error) {
	name, err := p.stateFile("intents.file", c.File, "intents.jsonl")
	if err != nil {
		return "", err
	}
	key, err := p.stateFile("intents.key_file", c.KeyFile, "intents.key")
	if err != nil {
		return "", err
	}
	if _, err := keyfile.Read(key); errors.Is(err, fs.ErrNotExist) {
		err = wholefile.Try(key)
		if err != nil {
			return "", err
		}
	} else if err != nil {
		return "", err
	}
	return name, wholefile.Try(name)
}
