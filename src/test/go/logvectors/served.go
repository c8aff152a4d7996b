package main

import (
	"context"
	"fmt"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Reads a log that a router serves, all of it, and holds every entry against the checkpoint that the key has signed.
func served(address, key string) error {
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
	fmt.Printf("%d entries lead to the signed root\n", read)
	return nil
}
