//go:build linux

package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	gossh "golang.org/x/crypto/ssh"
)

// asRival makes the test binary be a server that the kiosk is compared with: "echo" or "bubbletea".
const asRival = "TEST_BINARY_IS_RIVAL"

// rivalServes is how a rival says where it is.
const rivalServes = "rival: serving at "

// rival serves until it is killed: by golang.org/x/crypto/ssh alone, for the least that a session over SSH can cost.
func rival(kind string) {
	show := map[string]func(context.Context, gossh.Channel){"echo": echo, "bubbletea": bubbleTea}[kind]
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	signer, err := gossh.NewSignerFromKey(key)
	if err != nil {
		panic(err)
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(rivalServes + l.Addr().String()) // its parent reads it
	config := &gossh.ServerConfig{NoClientAuth: true}
	config.AddHostKey(signer)
	for {
		conn, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go serveRival(conn, config, show)
	}
}

func serveRival(conn net.Conn, config *gossh.ServerConfig, show func(context.Context, gossh.Channel)) {
	defer func() { _ = conn.Close() }()
	_, channels, requests, err := gossh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go gossh.DiscardRequests(requests)
	for offered := range channels {
		channel, requests, err := offered.Accept()
		if err != nil {
			return
		}
		go func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			for r := range requests {
				_ = r.Reply(true, nil)
				if r.Type == "shell" {
					go show(ctx, channel)
				}
			}
		}()
	}
}

// prompt is the first frame of the rivals.
const prompt = "Type here"

// echo sends back what it gets.
func echo(_ context.Context, channel gossh.Channel) {
	defer func() { _ = channel.Close() }()
	_, _ = channel.Write([]byte(prompt))
	var b [256]byte
	for {
		n, err := channel.Read(b[:])
		if err != nil {
			return
		}
		if _, err := channel.Write(b[:n]); err != nil {
			return
		}
	}
}

// bubbleTea shows a plain program of Bubble Tea v1, as it comes.
func bubbleTea(ctx context.Context, channel gossh.Channel) {
	defer func() { _ = channel.Close() }()
	p := tea.NewProgram(newFiveInputs(), tea.WithContext(ctx), tea.WithInput(channel), tea.WithOutput(channel), tea.WithAltScreen(),
		tea.WithoutSignalHandler(), tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	go p.Send(tea.WindowSizeMsg{Width: 80, Height: 24})
	_, _ = p.Run()
}

// fiveInputs are five of the bubbles below each other.
type fiveInputs struct {
	all [5]textinput.Model
	at  int
}

func newFiveInputs() fiveInputs {
	var i fiveInputs
	for n := range i.all {
		i.all[n] = textinput.New()
		i.all[n].Width = 60
	}
	i.all[0].Focus()
	return i
}

func (i fiveInputs) Init() tea.Cmd { return textinput.Blink }

// Update gives a key to the input that has the focus; enter and tab move it.
func (i fiveInputs) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if k, ok := msg.(tea.KeyMsg); ok && (k.Type == tea.KeyEnter || k.Type == tea.KeyTab) {
		i.all[i.at].Blur()
		i.at = (i.at + 1) % len(i.all)
		return i, i.all[i.at].Focus()
	}
	var cmd tea.Cmd
	i.all[i.at], cmd = i.all[i.at].Update(msg)
	return i, cmd
}

func (i fiveInputs) View() string {
	lines := []string{prompt}
	for _, input := range i.all {
		lines = append(lines, input.View())
	}
	return strings.Join(lines, "\n")
}

// otherwise runs what the test binary is beside itself, and reports whether it was that.
func otherwise() bool {
	if os.Getenv(underLoad) != "" {
		go tellOfItself()
	}
	switch {
	case os.Getenv(asRival) != "":
		rival(os.Getenv(asRival))
	case os.Getenv(asFoyer) != "":
		main()
	default:
		return false
	}
	return true
}
