package main

import (
	"foyer/internal/config"
	"foyer/internal/registration"
)

// fieldSettings are what the configuration says of single fields.
func fieldSettings(fields map[string]config.Field) map[string]registration.FieldSetting {
	settings := make(map[string]registration.FieldSetting, len(fields))
	for pointer, f := range fields {
		settings[pointer] = registration.FieldSetting{
			Label: registration.Texts(f.Label), Help: registration.Texts(f.Help), Placeholder: registration.Texts(f.Placeholder),
			Order: f.Order, Widget: registration.Widget(f.Widget), Hidden: f.Hidden,
			Default: registration.Preset(f.Default), Prefill: registration.Preset(f.Prefill),
		}
	}
	return settings
}
