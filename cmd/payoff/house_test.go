package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The house: which package may import which, what stands at the top, how long a file and a
// function may be. DESIGN §3 in code.

const module = "payoff/"

// mayImport is the packages of the project that each may import directly. What is not listed
// may not exist: a new package is a decision.
var mayImport = map[string][]string{
	"goals":          {},
	"goals/evidence": {"goals"},
	"goals/engine":   {"storage", "goals", "goals/evidence"},

	"storage/kv":          {},
	"storage/bolt":        {"storage/kv"},
	"storage/postgres":    {"storage/kv"},
	"storage/storagetest": {"storage/kv"},
	"storage":             {"goals", "storage/kv"},

	"bot/chat":          {},
	"bot/chat/chattest": {"bot/chat", "bot/command"},
	"bot/command":       {"goals", "bot/chat"},
	"bot/chart":         {"goals", "goals/evidence"},
	"bot":               {"goals", "goals/evidence", "goals/engine", "bot/chat", "bot/chart", "bot/command"},
	"bot/nudge":         {"goals", "goals/evidence", "goals/engine", "bot/chat", "bot/chart", "bot/command"},
	"bot/web":           {"bot/chat", "bot/command"},
	"bot/slack":         {"bot/chat", "bot/command"},
	"bot/discord":       {"bot/chat", "bot/command"},

	"cmd/payoff": {"*"},
}

// forTests is what a package's tests may import besides: the suites, and real databases below
// whatever needs one. No test imports an adapter that is not its own, or cmd.
var forTests = map[string][]string{
	"storage/bolt":      {"storage/storagetest"},
	"storage/postgres":  {"storage/storagetest"},
	"storage":           {"storage/bolt"},
	"goals/engine":      {"storage/bolt"},
	"bot/chat/chattest": {},
	"bot/command":       {},
	"bot":               {"storage", "storage/bolt", "bot/chat/chattest", "bot/nudge"},
	"bot/nudge":         {"storage", "storage/kv", "storage/bolt", "bot", "bot/chat/chattest"}, // kv: a process that is killed at a commit
	"bot/web":           {"bot/chat/chattest"},
	"bot/slack":         {"bot/chat/chattest"},
	"bot/discord":       {"bot/chat/chattest"},
}

// topLevel is all that stands at the top of the tree.
var topLevel = []string{
	"cmd", "bot", "goals", "storage", "go.mod", "go.sum", "Dockerfile", "README.md", "docs",
	"LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile",
	".ci", ".gitignore", ".golangci.yml",
}

// vague names say nothing of what a package is for.
var vague = []string{"util", "utils", "common", "types", "helper", "helpers", "manager", "managers", "misc", "base", "shared"}

const (
	longestFile     = 400 // lines
	longestFunction = 60
)

type goPackage struct {
	ImportPath, Name                   string
	Imports, TestImports, XTestImports []string
}

func TestImportsGoOneWay(t *testing.T) {
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		// A suite kept below a package is held to the rules of that package's tests.
		of, inTests := path, false
		if _, listed := mayImport[path]; !listed && isTestPackage(path) {
			of, inTests = strings.TrimSuffix(path, "/"+filepath.Base(path)), true
		}
		allowed, listed := mayImport[of]
		if !listed {
			t.Errorf("%s is in no rule; add it to mayImport, and to DESIGN §3", path)
			continue
		}
		tested := append(slices.Clone(allowed), forTests[of]...)
		if inTests {
			allowed = tested
		}
		holds(t, path, "imports", allowed, p.Imports)
		holds(t, path, "imports in tests", append(tested, path, of), p.TestImports)
		holds(t, path, "imports in tests", append(tested, path, of), p.XTestImports)
	}
}

func isTestPackage(path string) bool { return strings.HasSuffix(filepath.Base(path), "test") }

func holds(t *testing.T, path, verb string, allowed, imports []string) {
	t.Helper()
	for _, i := range imports {
		name, ours := strings.CutPrefix(i, module)
		own := strings.HasPrefix(name, path+"/") && isTestPackage(name)
		if ours && !own && !slices.Contains(allowed, name) && !slices.Contains(allowed, "*") {
			t.Errorf("%s %s %s; it may import %s", path, verb, name, strings.Join(allowed, ", "))
		}
	}
}

func TestPackagesAreNamedForWhatTheyAreAbout(t *testing.T) {
	for _, p := range packages(t) {
		for _, part := range append(strings.Split(p.ImportPath, "/"), p.Name) {
			if slices.Contains(vague, part) {
				t.Errorf("%s: %q says nothing of what it is about", p.ImportPath, part)
			}
		}
	}
}

func TestNothingElseStandsAtTheTop(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(names(t))) {
		if !slices.Contains(topLevel, name) {
			t.Errorf("%s stands at the top of the tree; DESIGN §3 names what may", name)
		}
	}
}

// names is what is at the top of the tree and not ignored by git.
func names(t *testing.T) map[string]bool {
	out, err := inRoot("git", "ls-files", "--cached", "--others", "--exclude-standard")
	if err != nil {
		t.Skipf("the tree is not in git, so that what belongs to it is not known: %v", err)
	}
	top := map[string]bool{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		name, _, _ := strings.Cut(lines.Text(), "/")
		if _, err := os.Lstat(filepath.Join(root, name)); err == nil {
			top[name] = true
		}
	}
	return top
}

func TestFilesAndFunctionsAreShort(t *testing.T) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() != ".." && strings.HasPrefix(d.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		measure(t, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func measure(t *testing.T, path string) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return
	}
	if n := files.File(file.Pos()).LineCount(); n > longestFile {
		t.Errorf("%s has %d lines, at most %d are allowed", path, n, longestFile)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if n := files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1; n > longestFunction {
			t.Errorf("%s: %s has %d lines, at most %d are allowed", path, f.Name.Name, n, longestFunction)
		}
	}
}

const root = "../.."

func inRoot(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = errors.Join(err, errors.New(stderr.String()))
	}
	return out, err
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := inRoot("go", "list", "-json=ImportPath,Name,Imports,TestImports,XTestImports", "./...")
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	for in := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := in.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}
