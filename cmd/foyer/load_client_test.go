//go:build linux

package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// A caller is a client with a session, as light as it can be: a thousand of them share the cores with the server.
type caller struct {
	conn net.Conn
	gossh.Conn
	channel gossh.Channel

	mu    sync.Mutex
	heard *sync.Cond
	bytes int    // that came
	last  []byte // of these, the end
	over  bool
}

// mostKept is what a caller remembers of what came.
const mostKept = 16 << 10

// call opens a session at address, and does not wait for what it shows.
func call(address string) (*caller, error) {
	conn, err := (&net.Dialer{Timeout: 20 * time.Second}).Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	c := &caller{conn: conn}
	c.heard = sync.NewCond(&c.mu)
	if err := c.begin(address); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *caller) begin(address string) error {
	joined, channels, requests, err := gossh.NewClientConn(c.conn, address, &gossh.ClientConfig{
		User: "signup", HostKeyCallback: gossh.InsecureIgnoreHostKey(),
	})
	if err != nil {
		return err
	}
	c.Conn = joined
	go gossh.DiscardRequests(requests)
	go func() {
		for offered := range channels {
			_ = offered.Reject(gossh.Prohibited, "")
		}
	}()
	channel, replies, err := joined.OpenChannel("session", nil)
	if err != nil {
		return err
	}
	c.channel = channel
	go gossh.DiscardRequests(replies)
	terminal := struct {
		Term                         string
		Columns, Rows, Width, Height uint32
		Modes                        string
	}{"xterm-256color", 80, 24, 0, 0, "\x00"}
	if ok, err := channel.SendRequest("pty-req", true, gossh.Marshal(&terminal)); !ok || err != nil {
		return errors.Join(errors.New("no terminal"), err)
	}
	if ok, err := channel.SendRequest("shell", true, nil); !ok || err != nil {
		return errors.Join(errors.New("no shell"), err)
	}
	go c.listen()
	return nil
}

func (c *caller) listen() {
	var b [2048]byte
	for {
		n, err := c.channel.Read(b[:])
		c.mu.Lock()
		c.bytes += n
		if c.last = append(c.last, b[:n]...); len(c.last) > mostKept {
			c.last = c.last[len(c.last)-mostKept/2:]
		}
		c.over = err != nil
		c.heard.Broadcast()
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (c *caller) hang() { _ = c.conn.Close() }

// errUnheard is that what was waited for did not come.
var errUnheard = errors.New("it was not heard")

// until waits until text came, and forgets it.
func (c *caller) until(text string) error {
	timeout := time.AfterFunc(30*time.Second, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.over = true
		c.heard.Broadcast()
	})
	defer timeout.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if i := bytes.Index(c.last, []byte(text)); i >= 0 {
			c.last = nil
			return nil
		}
		if c.over {
			return errUnheard
		}
		c.heard.Wait()
	}
}

// count is how many bytes came.
func (c *caller) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

func (c *caller) press(text string) error {
	_, err := io.WriteString(c.channel, text)
	return err
}

// key presses a key and returns how long it took until something came of it.
func (c *caller) key(k string) (time.Duration, error) {
	before, begun := c.count(), time.Now()
	if err := c.press(k); err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.bytes == before && !c.over {
		c.heard.Wait()
	}
	if c.over {
		return 0, errUnheard
	}
	return time.Since(begun), nil
}

// allOf does something for every caller, so many at a time, and fails at the first that could not.
func allOf(tb testing.TB, callers []*caller, abreast int, do func(*caller) error) {
	tb.Helper()
	queue, failed := make(chan *caller), make(chan error, abreast)
	var all sync.WaitGroup
	for range abreast {
		all.Go(func() {
			for c := range queue {
				if err := do(c); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for _, c := range callers {
		queue <- c
	}
	close(queue)
	all.Wait()
	select {
	case err := <-failed:
		tb.Fatal(err)
	default:
	}
}

// calls opens n sessions, so many at a time, and waits until each shows text.
func calls(tb testing.TB, address string, n, abreast int, text string) []*caller {
	tb.Helper()
	callers := make([]*caller, n)
	empty := make([]*caller, n)
	for i := range empty {
		empty[i] = new(caller)
	}
	var mu sync.Mutex
	at := 0
	allOf(tb, empty, abreast, func(*caller) error {
		c, err := call(address)
		if err != nil {
			return err
		}
		mu.Lock()
		callers[at] = c
		at++
		mu.Unlock()
		return c.until(text)
	})
	return callers
}

// hangUp ends callers.
func hangUp(callers []*caller) {
	for _, c := range callers {
		c.hang()
	}
}

// manyFiles has this process and those that it starts open so many files.
func manyFiles(tb testing.TB, n uint64) {
	tb.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		tb.Fatal(err)
	}
	if limit.Cur >= n {
		return
	}
	wanted := syscall.Rlimit{Cur: n, Max: max(n, limit.Max)}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &wanted); err != nil {
		tb.Skipf("%d files cannot be open here: %v", n, err)
	}
}
