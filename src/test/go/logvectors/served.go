package main

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Reads a log that a router serves, all of it, and holds every entry against the checkpoint that the key has signed; if there is one that a
// witness has cosigned, it has to be that.
func served(address, key string, cosigned ...string) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	tiles, err := torchwood.NewTileFetcher(address)
	if err != nil {
		return err
	}
	ctx, end := context.WithTimeout(context.Background(), time.Minute)
	defer end()
	text, err := tiles.ReadEndpoint(ctx, "checkpoint")
	if err != nil {
		return err
	}
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return err
	}
	checkpoint, err := torchwood.ParseCheckpoint(signed.Text)
	if err != nil {
		return err
	}
	if checkpoint.Origin != verifier.Name() {
		return fmt.Errorf("the checkpoint is of %s", checkpoint.Origin)
	}
	log, err := torchwood.NewClient(tiles)
	if err != nil {
		return err
	}
	tree := tlog.Tree{N: checkpoint.N, Hash: checkpoint.Hash}
	read := int64(0)
	for read < tree.N {
		before := read
		for range log.Entries(ctx, tree, read) {
			read++
		}
		if log.Err() != nil {
			return log.Err()
		}
		if read == before {
			return fmt.Errorf("only %d of %d entries are there", read, tree.N)
		}
	}
	for _, index := range []int64{0, tree.N / 2, tree.N - 1} {
		entry, proof, err := log.Entry(ctx, tree, index)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
			return err
		}
	}
	if len(cosigned) == 0 {
		fmt.Printf("%d entries lead to the signed root\n", read)
		return nil
	}
	seconds, err := witnessed(signed.Text, cosigned[0], cosigned[1])
	if err != nil {
		return err
	}
	fmt.Printf("%d entries lead to the root that the log has signed and the witness has cosigned, %s\n",
		read, time.Unix(seconds, 0).UTC().Format(time.RFC3339))
	return nil
}

// When a witness has cosigned a checkpoint, by the file that has both.
func witnessed(text, file, key string) (int64, error) {
	cosigned, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	witness, err := cosignatureVerifier(key)
	if err != nil {
		return 0, err
	}
	opened, err := note.Open(cosigned, note.VerifierList(witness))
	if err != nil {
		return 0, err
	}
	if opened.Text != text {
		return 0, fmt.Errorf("the witness has cosigned another checkpoint: %q", opened.Text)
	}
	return torchwood.CosignatureTimestamp(opened.Sigs[0])
}

// A public key, which torchwood takes in the form of a signer only.
type publicKey ed25519.PublicKey

func (k publicKey) Public() crypto.PublicKey { return ed25519.PublicKey(k) }

func (k publicKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, fmt.Errorf("a public key signs nothing")
}

func cosignatureVerifier(key string) (note.Verifier, error) {
	parts := strings.SplitN(key, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("no key: %s", key)
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize {
		return nil, fmt.Errorf("no key of a witness: %s", key)
	}
	signer, err := torchwood.NewCosignatureSigner(parts[0], publicKey(raw[1:]))
	if err != nil {
		return nil, err
	}
	if signer.Verifier().String() != key {
		return nil, fmt.Errorf("no key of a witness: %s", key)
	}
	return signer.Verifier(), nil
}
