package password

import (
	_ "embed" // for the words
	"strings"
	"sync"
)

// wordFile is words.txt: a word a line, after a head of lines that begin with "#", which says where they come from.
//
//go:embed words.txt
var wordFile string

// words are those of words.txt, more than 4,096 different ones.
var words = sync.OnceValue(func() []string { //nolint:gochecknoglobals // a table, made once from an embedded file
	var all []string
	for line := range strings.Lines(wordFile) {
		if word := strings.TrimSpace(line); !strings.HasPrefix(word, "#") {
			all = append(all, word)
		}
	}
	return all
})
