package main

import (
	"errors"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"foyer/internal/config"
	"foyer/internal/registration"
)

// The exit codes of the contract.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2 // usage or configuration, also when the tenant refuses our client
	exitConflict    = 3
	exitRejected    = 4
	exitUnavailable = 5
)

// A ranError comes from a command that ran; any other error is a wrong use of the command line.
type ranError struct{ error }

func (e *ranError) Unwrap() error { return e.error }

// A usageError is a wrong use that shows only when the command runs.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

// A saidError was told to the person already.
type saidError struct{ error }

func (e *saidError) Unwrap() error { return e.error }

// ran marks the errors of a command's work, which ends when whoever ran it hangs up.
func ran(work func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return stayed(func(c *cobra.Command, args []string) error {
		ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGHUP)
		defer stop()
		c.SetContext(ctx)
		return work(c, args)
	})
}

// stayed is ran for work that a hangup does not end.
func stayed(work func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		if err := work(c, args); err != nil {
			return &ranError{err}
		}
		return nil
	}
}

// exitCode is the code for the outcome of a command.
func exitCode(err error) int {
	var mistakes *config.Mistakes
	var problem *registration.Problem
	var usage *usageError
	var work *ranError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &mistakes), errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &problem):
		return problemCode(problem.Kind)
	case errors.As(err, &work):
		return exitFailed
	}
	return exitUsage
}

// problemCode is the code for a kind of problem.
func problemCode(kind registration.ProblemKind) int {
	switch kind {
	case registration.AlreadyDone:
		return exitDone
	case registration.Conflict:
		return exitConflict
	case registration.PasswordRejected, registration.DetailsRejected, registration.CodeRejected:
		return exitRejected
	case registration.TooMany, registration.Unavailable:
		return exitUnavailable
	case registration.Misconfigured, registration.RegistrationClosed, registration.StaffSignIn:
		return exitUsage
	case registration.Unexpected:
	}
	return exitFailed
}
