package report_test

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"liveroom/moderation/report"
)

// browser finds Chromium. A laptop may lack it; what every change must pass has
// it.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("no Chromium: .ci/run installs it, and the report's page is not to go unseen")
	}
	t.Skip("NOT RUN: no Chromium here; install it to see the report as people do")
	return ""
}

// browse opens a page and gives what the browser's console said.
func browse(t *testing.T, page string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	args = append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr", "--disable-dev-shm-usage", "--user-data-dir=" + t.TempDir(),
	}, args...)
	out, err := exec.CommandContext(ctx, browser(t), append(args, "file://"+page)...).CombinedOutput()
	if err != nil {
		t.Fatalf("chromium: %v\n%s", err, out)
	}
	var said []string
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "CONSOLE") {
			said = append(said, line)
		}
	}
	return strings.Join(said, "")
}

// TestInABrowser opens the page as people do: nothing is wrong with it, it is
// drawn as wide as the window and no wider, and it prints on A4.
func TestInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("the long run opens the browser")
	}
	browser(t)
	_, r := storyReport(t)
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for _, l := range report.Langs {
		name := "report-" + string(l)
		if err := r.Save(path(name+".html"), report.HTML, l); err != nil {
			t.Fatal(err)
		}
		if said := browse(t, path(name+".html"), "--window-size=1280,4000", "--screenshot="+path(name+".png")); said != "" {
			t.Errorf("%s: the console says %s", l, said)
		}
		checkPicture(t, path(name+".png"))
		if said := browse(t, path(name+".html"), "--no-pdf-header-footer", "--print-to-pdf="+path(name+".pdf")); said != "" {
			t.Errorf("%s: in print the console says %s", l, said)
		}
		checkPaper(t, path(name+".pdf"))
	}
	// The console would say so: a script that somebody got into the page is not run.
	page := strings.Replace(html(t, r, report.EN), "</body>", "<script>console.log('it ran')</script><img src=\"x.png\"></body>", 1)
	if err := os.WriteFile(path("broken.html"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	said := browse(t, path("broken.html"), "--screenshot="+path("broken.png"))
	if !strings.Contains(said, "Content Security Policy") || strings.Contains(said, "it ran") {
		t.Errorf("of a script in the page the console says %q", said)
	}
}

// checkPicture wants ink in the page's column and none right of it: what is too
// wide for the page would stand there.
func checkPicture(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	b := picture.Bounds()
	if b.Dx() != 1280 {
		t.Fatalf("the picture is %v", b)
	}
	inside, outside := 0, 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, bl, _ := picture.At(x, y).RGBA(); r+g+bl > 3*0xf000 {
				continue
			}
			if x < 60 || x > 1220 {
				outside++
			} else {
				inside++
			}
		}
	}
	if inside < 20_000 || outside > 0 {
		t.Errorf("%s: %d dark dots in the page's column, %d beside it", filepath.Base(path), inside, outside)
	}
}

var box = regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]`)

func checkPaper(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pages := box.FindAllSubmatch(b, -1)
	if !bytes.HasPrefix(b, []byte("%PDF")) || len(pages) < 2 || len(pages) > 6 {
		t.Fatalf("%s: %d pages", filepath.Base(path), len(pages))
	}
	for _, p := range pages {
		if w, h := string(p[1]), string(p[2]); !strings.HasPrefix(w, "59") || !strings.HasPrefix(h, "84") {
			t.Errorf("%s: a page of %s × %s points is not A4", filepath.Base(path), w, h)
		}
	}
}
