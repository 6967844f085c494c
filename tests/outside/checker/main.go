// The checker reads a whole exported log with the Go project's own library and shares no line with
// the program that wrote it: notes, tree, tiles, inclusion and consistency.
//
// It is given the folder and the log's verifier key. Under the folder it checks besides, where they
// are, every `*.tlog-proof`, every `inclusion/<index>` and every `consistency/<old>/<size>`, which
// hold proofs as lines of base64. It recomputes everything from the entries and never uses
// tlog.TileHashReader: before x/mod 0.40 that one believed the first tiles it read.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// A head is what a checkpoint says of a log.
type head struct {
	origin string
	size   int64
	root   tlog.Hash
}

// A tree holds every hash that a log of its size has stored, in the library's own order.
type tree struct {
	records []tlog.Hash
	stored  []tlog.Hash
}

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(t.stored)) {
			return nil, fmt.Errorf("hash %d is not stored", index)
		}
		found[i] = t.stored[index]
	}
	return found, nil
}

func (t *tree) add(entry []byte) error {
	hash := tlog.RecordHash(entry)
	made, err := tlog.StoredHashesForRecordHash(int64(len(t.records)), hash, t)
	t.records = append(t.records, hash)
	t.stored = append(t.stored, made...)
	return err
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: checker FOLDER VKEY")
		os.Exit(2)
	}
	said, err := check(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Println("wrong:", err)
		os.Exit(1)
	}
	fmt.Println(said)
}

func check(folder, vkey string) (string, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return "", err
	}
	signed, err := open(data, verifier)
	if err != nil {
		return "", fmt.Errorf("checkpoint: %w", err)
	}
	t := &tree{}
	if err := readEntries(folder, signed.size, t); err != nil {
		return "", err
	}
	if root, err := tlog.TreeHash(signed.size, t); err != nil || root != signed.root {
		return "", fmt.Errorf("the root is %v, not the signed %v (%v)", root, signed.root, err)
	}
	if err := compareTiles(folder, signed.size, t); err != nil {
		return "", err
	}
	proofs, err := checkProofs(folder, verifier, signed, t)
	return fmt.Sprintf("ok %d %x %d", signed.size, signed.root[:], proofs), err
}

// open checks a signed note and reads the three lines of its text.
func open(data []byte, verifier note.Verifier) (head, error) {
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return head{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return head{}, fmt.Errorf("these are not a checkpoint's three lines: %q", opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return head{}, fmt.Errorf("this is no size: %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	return head{lines[0], size, root}, err
}

// ours gives the path of one of the library's tiles as C2SP tlog-tiles has it.
func ours(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

func readEntries(folder string, size int64, t *tree) error {
	for start := int64(0); start < size; start += 1 << height {
		width := size - start
		if width > 1<<height {
			width = 1 << height
		}
		path := ours(tlog.Tile{H: height, L: -1, N: start >> height, W: int(width)})
		bundle, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return err
		}
		for ; width > 0; width-- {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return fmt.Errorf("%s is cut short", path)
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			if err := t.add(bundle[2:end]); err != nil {
				return err
			}
			bundle = bundle[end:]
		}
		if len(bundle) > 0 {
			return fmt.Errorf("%s holds more than it should", path)
		}
	}
	return nil
}

// tiles names every tile of a log; tlog.NewTiles also names partial ones that nobody serves.
func tiles(size int64) []tlog.Tile {
	var found []tlog.Tile
	for level, count := 0, size; count > 0; level, count = level+1, count>>height {
		for n := int64(0); n <= count>>height; n++ {
			width := count - n<<height
			if width > 1<<height {
				width = 1 << height
			}
			if width > 0 {
				found = append(found, tlog.Tile{H: height, L: level, N: n, W: int(width)})
			}
		}
	}
	return found
}

func compareTiles(folder string, size int64, t *tree) error {
	for _, tile := range tiles(size) {
		made, err := tlog.ReadTileData(tile, t)
		if err != nil {
			return err
		}
		served, err := os.ReadFile(filepath.Join(folder, ours(tile)))
		if err != nil {
			return err
		}
		if !bytes.Equal(made, served) {
			return fmt.Errorf("%s is not what its entries say", ours(tile))
		}
	}
	return nil
}

// checkProofs checks every proof that lies beside the log and says how many there were.
func checkProofs(folder string, verifier note.Verifier, signed head, t *tree) (int, error) {
	count := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		pieces := strings.Split(strings.TrimPrefix(path, filepath.Clean(folder)+"/"), "/")
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		switch {
		case strings.HasSuffix(path, ".tlog-proof"):
			err = checkFile(data, verifier, t)
		case pieces[0] == "inclusion" && len(pieces) == 2:
			err = checkInclusion(pieces[1], string(data), signed, t)
		case pieces[0] == "consistency" && len(pieces) == 3:
			err = checkConsistency(pieces[1], string(data), signed, t)
		default:
			return nil
		}
		count++
		if err != nil {
			return fmt.Errorf("%s: %w", strings.Join(pieces, "/"), err)
		}
		return nil
	})
	return count, err
}

func hashes(lines string) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, line := range strings.Fields(lines) {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		found = append(found, hash)
	}
	return found, nil
}

// checkFile checks a C2SP tlog-proof: it carries a checkpoint of its own, of whatever size.
func checkFile(data []byte, verifier note.Verifier, t *tree) error {
	above, checkpoint, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(above, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("this is no tlog-proof")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		if _, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[0], "extra ")); err != nil {
			return err
		}
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return fmt.Errorf("it does not say the index")
	}
	signed, err := open([]byte(checkpoint), verifier)
	if err != nil {
		return err
	}
	index := strings.TrimPrefix(lines[0], "index ")
	return checkInclusion(index, strings.Join(lines[1:], "\n"), signed, t)
}

func checkInclusion(index, lines string, signed head, t *tree) error {
	at, err := strconv.ParseInt(index, 10, 64)
	if err != nil || at < 0 || at >= int64(len(t.records)) {
		return fmt.Errorf("there is no entry %q", index)
	}
	proof, err := hashes(lines)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(tlog.RecordProof(proof), signed.size, signed.root, at, t.records[at])
}

func checkConsistency(size, lines string, signed head, t *tree) error {
	old, err := strconv.ParseInt(size, 10, 64)
	if err != nil || old < 1 || old > signed.size {
		return fmt.Errorf("there was no size %q", size)
	}
	root, err := tlog.TreeHash(old, t)
	if err != nil {
		return err
	}
	proof, err := hashes(lines)
	if err != nil {
		return err
	}
	return tlog.CheckTree(tlog.TreeProof(proof), signed.size, signed.root, old, root)
}
