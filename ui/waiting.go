package ui

import (
	"time"

	"foyer/internal/registration"
	"foyer/ui/screen"
)

// await says how long the problem screen waits for p before the same is tried again by itself, and counts that; 0 when it waits for
// the person, who has all the time that there is from now on.
func (m Model) await(p *registration.Problem) (Model, time.Duration) {
	pause := screen.Pause(p, m.tries, m.options.Now().Sub(m.touched))
	if screen.Automatic(p) {
		m.tries++
	} else {
		m.tries = 0
	}
	if pause == 0 {
		m.touched = m.options.Now()
	}
	return m, pause
}

// waited is the model once what a person waited for is over: they have all the time that there is.
func (m Model) waited() Model {
	m.tries, m.touched = 0, m.options.Now()
	return m
}
