package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"regexp"
	"slices"
)

const (
	// maxFile and maxBundle bound what a bundle of unknown origin may take.
	maxFile   = 64 << 20
	maxBundle = 512 << 20
)

// safeName is what files in a bundle are called: nothing that an unpacker could
// take for a place outside its folder, or a terminal for a command.
var safeName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)?\.[a-z0-9]{2,5}$|^README\.txt$`)

// pack makes the one zip that these files have: sorted, stored, without times.
func pack(files map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !safeName.MatchString(name) {
			return nil, fmt.Errorf("pack bundle: %q is no name for a file in it", name)
		}
		b := files[name]
		// Raw, with sizes told beforehand: nothing of it is left to the library.
		f, err := w.CreateRaw(&zip.FileHeader{
			Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(b), CompressedSize64: uint64(len(b)), UncompressedSize64: uint64(len(b)),
		})
		if err == nil {
			_, err = f.Write(b)
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack bundle: %w", err)
	}
	return out.Bytes(), nil
}

// errAltered is a zip that was not packed by pack as it stands.
var errAltered = errors.New("the zip is not as it was packed: bytes outside its files were changed, added or cut off")

// unpack reads a zip of unknown origin.
func unpack(b []byte) (map[string][]byte, error) {
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("no whole zip: %w", err)
	}
	files := make(map[string][]byte)
	total := uint64(0)
	for _, f := range r.File {
		total += f.UncompressedSize64
		switch {
		case !safeName.MatchString(f.Name):
			return nil, fmt.Errorf("a file is called %q: bundles hold no such names", f.Name)
		case files[f.Name] != nil:
			return nil, fmt.Errorf("%s stands twice", f.Name)
		case f.Method != zip.Store || f.UncompressedSize64 > maxFile || total > maxBundle:
			return nil, fmt.Errorf("%s is compressed or too large", f.Name)
		}
		if files[f.Name], err = readFile(f); err != nil {
			return nil, err
		}
	}
	again, err := pack(files)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, b) {
		return files, errAltered
	}
	return files, nil
}

func readFile(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return append([]byte{}, b...), nil
}
