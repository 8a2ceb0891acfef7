package bundle_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/moderation/bundle"
)

func unzip(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// rezip packs files as an intruder would who knows how bundles are packed.
func rezip(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		b := files[name]
		f, err := w.CreateRaw(&zip.FileHeader{Name: name, CRC32: crc32.ChecksumIEEE(b), CompressedSize64: uint64(len(b)), UncompressedSize64: uint64(len(b))})
		if err == nil {
			_, err = f.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// tamper changes files in one way, and tells which.
func tamper(r *rand.Rand, files map[string][]byte) string {
	names := slices.Sorted(maps.Keys(files))
	name := names[r.IntN(len(names))]
	b := slices.Clone(files[name])
	at := func() int { return r.IntN(len(b)) }
	if len(b) == 0 {
		files[name] = []byte("x")
		return "filled " + name
	}
	switch r.IntN(9) {
	case 0:
		i := at()
		b[i] ^= 1 << r.IntN(8)
		files[name] = b
		return fmt.Sprintf("flipped a bit of byte %d of %s", i, name)
	case 1:
		i := at()
		files[name] = slices.Delete(b, i, i+1)
		return fmt.Sprintf("took byte %d out of %s", i, name)
	case 2:
		i := at()
		files[name] = slices.Insert(b, i, byte(r.IntN(256)))
		return fmt.Sprintf("put a byte into %s at %d", name, i)
	case 3:
		files[name] = b[:at()]
		return "cut " + name + " short"
	case 4:
		delete(files, name)
		return "took out " + name
	case 5:
		files[fmt.Sprintf("rows/event-9%07d.json", r.IntN(1e7))] = b
		return "put in a copy of " + name
	case 6:
		other := names[r.IntN(len(names))]
		if bytes.Equal(files[other], b) {
			files[name] = append(b, ' ')
			return "lengthened " + name
		}
		files[name], files[other] = files[other], b
		return "exchanged " + name + " and " + other
	case 7:
		lines := bytes.SplitAfter(b, []byte("\n"))
		i, j := r.IntN(len(lines)), r.IntN(len(lines))
		if bytes.Equal(lines[i], lines[j]) {
			files[name] = append(b, '\n')
			return "lengthened " + name
		}
		lines[i], lines[j] = lines[j], lines[i]
		if files[name] = bytes.Join(lines, nil); bytes.Equal(files[name], b) {
			files[name] = append(b, '\n') // the last line is empty and a place is no line
		}
		return "exchanged two lines of " + name
	default:
		files[name] = append(b, b[at():]...)
		return "doubled the end of " + name
	}
}

// mutations is how many changes the program's own verifier must find here.
const mutations = 2000

// TestTamperingWithABundleIsFound: of 2,000 flips, deletions, insertions, swaps
// and truncations, in the files and in the zip around them, every one.
func TestTamperingWithABundleIsFound(t *testing.T) {
	whole := madeOf(t, lawsuit(t))
	trusted := verifier(t, options(t).Public)
	files := unzip(t, whole)
	if !bytes.Equal(rezip(t, files), whole) {
		t.Fatal("the intruder's zip differs from ours: the test would find that alone")
	}
	r := rand.New(rand.NewPCG(8, 2026))
	missed := 0
	for i := range mutations {
		var bad []byte
		var how string
		if i%4 == 0 { // the zip's own bytes
			in := map[string][]byte{"z": slices.Clone(whole)}
			for how = tamper(r, in); len(in) != 1 || in["z"] == nil; how = tamper(r, in) {
				in = map[string][]byte{"z": slices.Clone(whole)}
			}
			bad = in["z"]
		} else {
			in := maps.Clone(files)
			how = tamper(r, in)
			bad = rezip(t, in)
		}
		if bytes.Equal(bad, whole) {
			t.Fatalf("%s changed nothing", how)
		}
		for name, v := range map[string]*bundle.Report{"by the key in it": bundle.Verify(bad, nil), "by the key given": bundle.Verify(bad, trusted)} {
			if len(v.Faults) == 0 {
				missed++
				t.Errorf("%s: %s: no fault", name, how)
			}
		}
	}
	t.Logf("%d mutations, %d missed", mutations, missed)
}

// TestAForgedBundleNeedsTheOtherKey: who signs anew with a key of their own is
// found by the key that came another way, and only by that.
func TestAForgedBundleNeedsTheOtherKey(t *testing.T) {
	store := lawsuit(t)
	signer, public := newKey(t, 9)
	forged := madeOf(t, store, func(o *bundle.Options) { o.Key, o.Public = signer, public })
	if r := bundle.Verify(forged, nil); len(r.Faults) > 0 {
		t.Errorf("by its own key: %v", r.Faults)
	}
	if r := bundle.Verify(forged, verifier(t, options(t).Public)); len(r.Faults) == 0 {
		t.Error("a forged bundle holds by the right key")
	}
	// Parts of an older bundle, put into a newer one.
	older, newer := unzip(t, madeOf(t, store)), unzip(t, madeOf(t, store, func(o *bundle.Options) { o.Now = o.Now.Add(time.Hour) }))
	for name := range older {
		if bytes.Equal(older[name], newer[name]) {
			continue
		}
		mixed := maps.Clone(newer)
		mixed[name] = older[name]
		if r := bundle.Verify(rezip(t, mixed), nil); len(r.Faults) == 0 {
			t.Errorf("with an older %s: no fault", name)
		}
	}
}

// python runs the bundle's own verifier on files.
func python(t *testing.T, files map[string][]byte, args ...string) (string, int) {
	t.Helper()
	dir := t.TempDir()
	for name, b := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("python3", append([]string{filepath.Join(dir, "verify.py")}, args...)...)
	cmd.Env = append(os.Environ(), "PYTHONUTF8=1")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// pythonSample is how many of the mutations the independent verifier is held to;
// each starts an interpreter.
const pythonSample = 60

// TestTheIndependentVerifierAgrees: verify.py, which shares no code with the
// program, passes what is whole and finds a sample of what is not.
func TestTheIndependentVerifierAgrees(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("NOT CHECKED: python3 is missing, the bundle's independent verifier was not run")
	}
	files := unzip(t, madeOf(t, lawsuit(t)))
	public := options(t).Public
	for _, args := range [][]string{nil, {public}} {
		if out, code := python(t, files, args...); code != 0 || !strings.Contains(out, "holds:") {
			t.Fatalf("whole, with %q: exit %d\n%s", args, code, out)
		}
	}
	_, other := newKey(t, 8)
	if out, code := python(t, files, other); code != 1 {
		t.Errorf("by another key: exit %d\n%s", code, out)
	}
	r := rand.New(rand.NewPCG(12, 2026))
	for range pythonSample {
		in := maps.Clone(files)
		how := tamper(r, in)
		in["verify.py"] = files["verify.py"] // who runs a changed verifier asks the wrong one
		if same(in, files) {
			continue
		}
		if out, code := python(t, in, public); code != 1 {
			t.Errorf("%s: exit %d\n%s", how, code, out)
		}
		if len(bundle.Verify(rezip(t, in), verifier(t, public)).Faults) == 0 {
			t.Errorf("%s: the program finds no fault", how)
		}
	}
}

func same(a, b map[string][]byte) bool {
	return maps.EqualFunc(a, b, func(x, y []byte) bool { return bytes.Equal(x, y) })
}
