package main

import (
	"github.com/spf13/cobra"

	"foyer/internal/config"
)

func (p *program) config() *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Print the effective configuration, without its secrets",
		Args:  cobra.NoArgs,
		RunE: ran(func(*cobra.Command, []string) error {
			cfg, err := p.load()
			if err != nil {
				return err
			}
			return cfg.WriteYAML(p.stdout)
		}),
	}
	c.AddCommand(&cobra.Command{
		Use:   "example",
		Short: "Print a commented configuration file",
		Args:  cobra.NoArgs,
		RunE: ran(func(*cobra.Command, []string) error {
			return write(p.stdout, config.Example())
		}),
	})
	return c
}
