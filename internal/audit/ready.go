package audit

import (
	"context"
	"fmt"
)

// Ready reports why nothing could be appended now; nil when it could, as far as anybody can say beforehand. It writes the head anew,
// as the next record will, so that it takes a disk that is full or has become read-only for what it is.
func (l *Log) Ready(ctx context.Context) error {
	if err := l.lock.Do(ctx, l.name, l.ready); err != nil {
		return fmt.Errorf("audit record: %w", err)
	}
	return nil
}

func (l *Log) ready() error {
	file, err := l.open()
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	end, err := l.end(file)
	if err != nil {
		return err
	}
	return writeHead(l.name, l.key, end.head())
}
