// Holds contracts/vectors/log.json against implementations that are not ours: golang.org/x/mod for the tree and signed notes,
// filippo.io/torchwood for checkpoints, cosignatures and tiles.
//
//	go run . ../../../../contracts/vectors/log.json
//	go run . http://127.0.0.1:8080/log/1 <key of the log>
//	go run . http://127.0.0.1:8080/log/1 <key of the log> <file of a checkpoint> <key of the witness that has cosigned it>
package main

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type vectors struct {
	Entries string
	Roots   []struct{ Size, Root string }

	Inclusions []struct {
		Why, Index, Size, Root string
		EntryHash              string `json:"entry_hash"`
		Path                   []string
		Valid                  bool
	}
	Consistencies []struct {
		Why, Earlier, Size, Root string
		EarlierRoot              string `json:"earlier_root"`
		Path                     []string
		Valid                    bool
	}
	Tiles []struct{ Path, Level, Index, Width, Bytes string }
	Keys  []struct{ Name, Kind, Seed, Key string }
	Notes []struct {
		Why, Note string
		Keys      []struct{ Key, Standing, Seconds string }
	}
	Proofs []struct {
		Why, Proof, Key string
		EntryHash       string `json:"entry_hash"`
		Valid           bool
	}
}

// A log in memory, hashed by golang.org/x/mod.
type memory struct{ hashes []tlog.Hash }

func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	read := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		read[i] = m.hashes[index]
	}
	return read, nil
}

var checked, failed int

func expect(held bool, what string, about ...any) {
	checked++
	if !held {
		failed++
		fmt.Printf("differs: "+what+"\n", about...)
	}
}

func main() {
	if len(os.Args) == 3 || len(os.Args) == 5 {
		if err := served(os.Args[1], os.Args[2], os.Args[3:]...); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) != 2 {
		fmt.Println("usage: go run . <log.json>, or <address of a log> <its key> [<cosigned checkpoint> <key of the witness>]")
		os.Exit(2)
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	var all vectors
	if err := json.Unmarshal(text, &all); err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	log := &memory{}
	for i := int64(0); i < number(all.Entries); i++ {
		stored, err := tlog.StoredHashes(i, entry(i), log)
		if err != nil {
			fmt.Println(err)
			os.Exit(2)
		}
		log.hashes = append(log.hashes, stored...)
	}
	trees(all, log)
	tiles(all, log)
	keys := verifiers(all)
	notes(all, keys)
	proofs(all, keys)
	if failed > 0 || checked == 0 {
		fmt.Printf("%d of %d checks differ\n", failed, checked)
		os.Exit(1)
	}
	fmt.Printf("%d checks agree\n", checked)
}

func entry(i int64) []byte { return []byte("entry " + strconv.FormatInt(i, 10)) }

func trees(all vectors, log *memory) {
	for _, each := range all.Roots {
		if number(each.Size) == 0 {
			continue // This library has no root for a log without entries.
		}
		root, err := tlog.TreeHash(number(each.Size), log)
		expect(err == nil && root == hash(each.Root), "root at %s", each.Size)
	}
	for _, each := range all.Inclusions {
		err := tlog.CheckRecord(tlog.RecordProof(path(each.Path)), number(each.Size), hash(each.Root), number(each.Index), hash(each.EntryHash))
		expect((err == nil) == each.Valid, "inclusion of %s at %s, %s: %v", each.Index, each.Size, each.Why, err)
	}
	for _, each := range all.Consistencies {
		err := tlog.CheckTree(tlog.TreeProof(path(each.Path)), number(each.Size), hash(each.Root), number(each.Earlier), hash(each.EarlierRoot))
		expect((err == nil) == each.Valid, "consistency of %s with %s, %s: %v", each.Size, each.Earlier, each.Why, err)
	}
}

func tiles(all vectors, log *memory) {
	for _, each := range all.Tiles {
		tile, err := torchwood.ParseTilePath(each.Path)
		if err != nil {
			expect(false, "name of tile %s: %v", each.Path, err)
			continue
		}
		expect(torchwood.TilePath(tile) == each.Path, "name of tile %s", each.Path)
		expect(strconv.Itoa(tile.W) == each.Width && strconv.FormatInt(tile.N, 10) == each.Index, "place of tile %s", each.Path)
		if each.Level == "entries" {
			rest := bytes(each.Bytes)
			for i := tile.N * 256; i < tile.N*256+int64(tile.W); i++ {
				var read []byte
				read, rest, err = torchwood.ReadTileEntry(rest)
				expect(err == nil && string(read) == string(entry(i)), "entry %d of %s", i, each.Path)
			}
			expect(len(rest) == 0, "end of %s", each.Path)
			continue
		}
		data, err := tlog.ReadTileData(tile, log)
		expect(err == nil && string(data) == string(bytes(each.Bytes)), "bytes of tile %s", each.Path)
	}
}

func notes(all vectors, keys map[string]note.Verifier) {
	for _, each := range all.Notes {
		for _, by := range each.Keys {
			signed, err := note.Open([]byte(each.Note), note.VerifierList(keys[by.Key]))
			expect((err == nil) == (by.Standing == "SIGNED"), "note %q by %s: %v", each.Why, by.Key, err)
			_, unverified := err.(*note.UnverifiedNoteError)
			expect(err == nil || unverified == (by.Standing == "ABSENT"), "note %q, standing of %s: %v", each.Why, by.Key, err)
			if err != nil {
				continue
			}
			_, err = torchwood.ParseCheckpoint(signed.Text)
			expect(err == nil, "checkpoint %q: %v", each.Why, err)
			if by.Seconds != "" {
				seconds, err := torchwood.CosignatureTimestamp(signed.Sigs[0])
				expect(err == nil && strconv.FormatInt(seconds, 10) == by.Seconds, "time of %q", each.Why)
			}
		}
	}
}

func proofs(all vectors, keys map[string]note.Verifier) {
	for _, each := range all.Proofs {
		head, signed, _ := strings.Cut(each.Proof, "\n\n")
		lines := strings.Split(head, "\n")
		expect(lines[0] == "c2sp.org/tlog-proof@v1" && strings.HasPrefix(lines[1], "index "), "head of a proof")
		opened, err := note.Open([]byte(signed), note.VerifierList(keys[each.Key]))
		if err != nil {
			expect(!each.Valid, "note of a proof: %v", err)
			continue
		}
		checkpoint, err := torchwood.ParseCheckpoint(opened.Text)
		expect(err == nil, "checkpoint of a proof: %v", err)
		var hashes tlog.RecordProof
		for _, line := range lines[2:] {
			hash, err := tlog.ParseHash(line)
			expect(err == nil, "hash of a proof: %v", err)
			hashes = append(hashes, hash)
		}
		err = tlog.CheckRecord(hashes, checkpoint.N, checkpoint.Hash, number(strings.TrimPrefix(lines[1], "index ")), hash(each.EntryHash))
		expect((err == nil) == each.Valid, "proof, %s: %v", each.Why, err)
	}
}

// Who may have signed, by verifier key, each made here from its seed: so the keys are held against ours as well.
func verifiers(all vectors) map[string]note.Verifier {
	keys := map[string]note.Verifier{}
	for _, each := range all.Keys {
		secret := ed25519.NewKeyFromSeed(bytes(each.Seed))
		if each.Kind == "COSIGNATURE" {
			witness, err := torchwood.NewCosignatureSigner(each.Name, secret)
			if err != nil {
				panic(err)
			}
			expect(witness.Verifier().String() == each.Key, "key of %s", each.Name)
			keys[each.Key] = witness.Verifier()
			continue
		}
		key, err := note.NewEd25519VerifierKey(each.Name, secret.Public().(ed25519.PublicKey))
		expect(err == nil && key == each.Key, "key of %s", each.Name)
		if keys[each.Key], err = note.NewVerifier(key); err != nil {
			panic(err)
		}
	}
	return keys
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func bytes(text string) []byte {
	raw, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil {
		panic(err)
	}
	return raw
}

func hash(text string) tlog.Hash { return tlog.Hash(bytes(text)) }

func path(hashes []string) []tlog.Hash {
	path := make([]tlog.Hash, len(hashes))
	for i, each := range hashes {
		path[i] = hash(each)
	}
	return path
}
