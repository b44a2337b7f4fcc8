package main

import (
	"context"
	"encoding/json"

	"foyer/internal/identitypools"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// A tenant is each of the domain's ports: it links at the first call, and hands the call to the directory behind the link.

// through calls work with the directory and returns its result.
func through[T any](ctx context.Context, t *tenant, work func(*identitypools.Directory) (T, error)) (T, error) {
	l, err := t.link(ctx)
	if err != nil {
		var none T
		return none, err
	}
	return work(l.directory)
}

// by is through for calls without a result.
func by(ctx context.Context, t *tenant, work func(*identitypools.Directory) error) error {
	_, err := through(ctx, t, func(d *identitypools.Directory) (struct{}, error) { return struct{}{}, work(d) })
	return err
}

func (t *tenant) Pool(ctx context.Context) (registration.Pool, error) {
	return through(ctx, t, func(d *identitypools.Directory) (registration.Pool, error) { return d.Pool(ctx) })
}

func (t *tenant) Schema(ctx context.Context, id registration.SchemaID) (json.RawMessage, error) {
	return through(ctx, t, func(d *identitypools.Directory) (json.RawMessage, error) { return d.Schema(ctx, id) })
}

func (t *tenant) CreateUser(ctx context.Context, user registration.NewUser, keys registration.Keys) (registration.User, error) {
	return through(ctx, t, func(d *identitypools.Directory) (registration.User, error) { return d.CreateUser(ctx, user, keys) })
}

func (t *tenant) FindUser(ctx context.Context, id registration.Identifier, keys registration.Keys) (registration.User, error) {
	return through(ctx, t, func(d *identitypools.Directory) (registration.User, error) { return d.FindUser(ctx, id, keys) })
}

func (t *tenant) WithdrawUser(ctx context.Context, made registration.Receipt, keys registration.Keys) error {
	return by(ctx, t, func(d *identitypools.Directory) error { return d.WithdrawUser(ctx, made, keys) })
}

func (t *tenant) SelfRegister(ctx context.Context, who registration.SelfRegistration, keys registration.Keys) (registration.UserID, error) {
	return through(ctx, t, func(d *identitypools.Directory) (registration.UserID, error) { return d.SelfRegister(ctx, who, keys) })
}

func (t *tenant) SendActivation(ctx context.Context, id registration.UserID, m registration.ActivationMessage, keys registration.Keys) error {
	return by(ctx, t, func(d *identitypools.Directory) error { return d.SendActivation(ctx, id, m, keys) })
}

func (t *tenant) Activate(ctx context.Context, a registration.Activated, keys registration.Keys) (registration.User, error) {
	return through(ctx, t, func(d *identitypools.Directory) (registration.User, error) { return d.Activate(ctx, a, keys) })
}

func (t *tenant) RequestVerification(ctx context.Context, id registration.UserID, to string, as registration.CodeType, keys registration.Keys) error {
	return by(ctx, t, func(d *identitypools.Directory) error { return d.RequestVerification(ctx, id, to, as, keys) })
}

func (t *tenant) CompleteVerification(ctx context.Context, id registration.UserID, to string, code secret.Text, keys registration.Keys) error {
	return by(ctx, t, func(d *identitypools.Directory) error { return d.CompleteVerification(ctx, id, to, code, keys) })
}

func (t *tenant) SendProof(ctx context.Context, to registration.Identifier, state string) (registration.TransientOTP, error) {
	return through(ctx, t, func(d *identitypools.Directory) (registration.TransientOTP, error) {
		return d.SendProof(ctx, to, state)
	})
}

func (t *tenant) CheckProof(ctx context.Context, to registration.Identifier, proof registration.Proof) error {
	return by(ctx, t, func(d *identitypools.Directory) error { return d.CheckProof(ctx, to, proof) })
}
