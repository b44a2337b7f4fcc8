//go:build !unix

package main

import "os"

func fromKeyboard() []os.Signal { return []os.Signal{os.Interrupt} }

func raise(os.Signal) {}

func ignoreJobControl() {}
