package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"rstlab/netsim"
	"rstlab/netsim/trace"
)

// version says what was built, of what. Fields are "unknown" where the build
// did not note it.
type version struct {
	Version     string `json:"version"` // of the module
	Commit      string `json:"commit"`
	CommitTime  string `json:"commit_time"`
	Modified    bool   `json:"modified"` // since the commit
	Go          string `json:"go"`
	OS          string `json:"os"`
	Arch        string `json:"arch"`
	GVisor      string `json:"gvisor"`
	TraceFormat int    `json:"trace_format"` // of texts and NDJSON
	FusesFloats bool   `json:"fuses_floats"` // see [netsim.FusesFloats]
}

const (
	gvisorModule = "gvisor.dev/gvisor"
	unknown      = "unknown"
)

func readVersion() version {
	v := version{
		Version: unknown, Commit: unknown, CommitTime: unknown, GVisor: unknown,
		Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH, TraceFormat: trace.Format,
		FusesFloats: netsim.FusesFloats(),
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Version = cmp.Or(info.Main.Version, unknown)
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.CommitTime = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	for _, d := range info.Deps {
		if d.Path == gvisorModule {
			v.GVisor = d.Version
		}
	}
	return v
}

func newVersionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version [--json]",
		Short: "print the versions of rstlab and of what it is made of",
		Long: `Version prints the version of rstlab, the commit it was built from, and the
versions of what a trace depends on: gVisor, whose TCP runs in the hosts, the
format of traces, and how Go compiled x*y + z. Hashes of traces can be compared
when these are equal.`,
		Example: `  rstlab version
  rstlab version --json`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v := readVersion()
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), v, indented)
			}
			commit := v.Commit
			if v.Commit != unknown {
				commit += " of " + v.CommitTime
			}
			if v.Modified {
				commit += ", modified"
			}
			rounding := "rounded twice, as everywhere"
			if v.FusesFloats {
				rounding = "rounded once: build with " + unfused + " for the same traces everywhere"
			}
			lines := columns{
				{"rstlab", v.Version},
				{"commit", commit},
				{"go", v.Go + " " + v.OS + "/" + v.Arch},
				{"gvisor", v.GVisor},
				{"trace format", fmt.Sprint(v.TraceFormat)},
				{"x*y + z", rounding},
			}.lines("")
			return writeLines(cmd.OutOrStdout(), lines)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}
