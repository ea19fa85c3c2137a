package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints one line: the version, the commit, the Go it was built with, the machine.
func (versionCmd) Run(p *program) error {
	_, err := fmt.Fprintln(p.out, version(debug.ReadBuildInfo()))
	return err
}

func version(info *debug.BuildInfo, ok bool) string {
	return fmt.Sprintf("payoff %s%s, %s, %s/%s", release(info, ok), commit(info, ok), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// release is the module's version; a build from a work tree has none.
func release(info *debug.BuildInfo, ok bool) string {
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// commit is what the build was made from, where the build says so.
func commit(info *debug.BuildInfo, ok bool) string {
	if !ok {
		return ""
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	revision := set["vcs.revision"]
	if revision == "" {
		return ""
	}
	if set["vcs.modified"] == "true" {
		return " " + revision[:min(12, len(revision))] + " and changes"
	}
	return " " + revision[:min(12, len(revision))]
}
