package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"payoff/bot/chat"
	"payoff/bot/slack"
	"payoff/storage"
)

// A vault keeps the tokens of the Slack workspaces that payoff was installed into: in the
// database, sealed with AES-256-GCM under a key that only the environment holds. Each is
// sealed for its workspace, so that one that is copied into another's record does not open.
type vault struct {
	db   *storage.DB
	aead cipher.AEAD // makes a random nonce, and puts it in front
}

var _ slack.Installs = (*vault)(nil)

// sealedBy is the first byte of all that is sealed: how it was. Another way gets another byte.
const sealedBy = 1

// shortestKey is how many characters PAYOFF_SECRET_KEY has at least. What people make up is
// shorter; 32 random bytes in base64 have 44.
const shortestKey = 32

const howToMakeKey = "make one with: openssl rand -base64 32"

// errUnsealed is a token that did not open: the key is another, or the record was changed.
var errUnsealed = errors.New("a token does not open")

// checkKey refuses a key that is missing or can be guessed.
func checkKey(key chat.Secret) error {
	switch n := len(key.Reveal()); {
	case n == 0:
		return misuse("SLACK_CLIENT_ID lets payoff be installed into many workspaces, whose tokens are kept encrypted under PAYOFF_SECRET_KEY; %s.", howToMakeKey)
	case n < shortestKey:
		return misuse("PAYOFF_SECRET_KEY has %s, and must have %d or more; %s.", count(n, "character"), shortestKey, howToMakeKey)
	}
	return nil
}

func newVault(db *storage.DB, key chat.Secret) (*vault, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	derived, err := hkdf.Key(sha256.New, []byte(key.Reveal()), nil, "payoff: tokens of workspaces", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of tokens: %w", err)
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, fmt.Errorf("make the cipher of tokens: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make the cipher of tokens: %w", err)
	}
	return &vault{db, aead}, nil
}

// sealedFor is what a token is bound to.
func sealedFor(space string) []byte { return []byte(slack.Platform + "/" + space) }

func (v *vault) seal(space string, token chat.Secret) []byte {
	return v.aead.Seal([]byte{sealedBy}, nil, []byte(token.Reveal()), sealedFor(space))
}

func (v *vault) unseal(in storage.Install) (chat.Secret, error) {
	if len(in.Sealed) == 0 || in.Sealed[0] != sealedBy {
		return chat.Secret{}, failed(errUnsealed, "The token of workspace %s is kept in a way that this payoff does not know; run the version that installed it, or install it there anew.", in.Space)
	}
	token, err := v.aead.Open(nil, nil, in.Sealed[1:], sealedFor(in.Space))
	if err != nil {
		return chat.Secret{}, failed(errUnsealed, "PAYOFF_SECRET_KEY is not the one these tokens were sealed with (workspace %s); set the one of before, or install payoff there anew.", in.Space)
	}
	return chat.NewSecret(string(token)), nil
}

// Install is that of a space, its token opened.
func (v *vault) Install(ctx context.Context, space string) (in slack.Install, found bool, err error) {
	var kept storage.Install
	err = v.db.View(ctx, func(r *storage.Reader) error {
		kept, found, err = r.Install(slack.Platform, space)
		return err
	})
	if err != nil || !found {
		return slack.Install{}, false, err
	}
	// What is opened is what was asked for, whatever space the record names.
	kept.Space = space
	token, err := v.unseal(kept)
	if err != nil {
		return slack.Install{}, false, err
	}
	return slack.Install{Space: space, Org: kept.Org, Name: kept.Name, Bot: kept.Bot, Token: token, Scopes: kept.Scopes, At: kept.At}, true, nil
}

// Keep adds one, or replaces that of its space.
func (v *vault) Keep(ctx context.Context, in slack.Install) error {
	sealed := v.seal(in.Space, in.Token)
	return v.db.Update(ctx, func(tx *storage.Tx) error {
		return tx.PutInstall(storage.Install{
			Platform: slack.Platform, Space: in.Space, Org: in.Org, Name: in.Name, Bot: in.Bot, Sealed: sealed, Scopes: in.Scopes, At: in.At,
		})
	})
}

// Remove forgets that of a space, and those that came by it.
func (v *vault) Remove(ctx context.Context, space string) (gone []string, err error) {
	err = v.db.Update(ctx, func(tx *storage.Tx) error {
		gone = nil
		all, err := tx.Installs(slack.Platform)
		for _, in := range all {
			if err == nil && (in.Space == space || in.Org == space) {
				gone = append(gone, in.Space)
				err = tx.DeleteInstall(slack.Platform, in.Space)
			}
		}
		return err
	})
	return gone, err
}

// look tries to open every token. It returns those installed, and the errors of the ones that
// do not open.
func (v *vault) look(ctx context.Context) (all []storage.Install, shut []error, err error) {
	err = v.db.View(ctx, func(r *storage.Reader) error {
		all, err = r.Installs(slack.Platform)
		return err
	})
	for _, in := range all {
		if _, err := v.unseal(in); err != nil {
			shut = append(shut, err)
		}
	}
	return all, shut, err
}
