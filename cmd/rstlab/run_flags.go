package main

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rstlab/cases"
)

// runFlags are the flags of run.
type runFlags struct {
	set              []string
	stacks           []string
	seed             uint64
	json, quiet, all bool
	checks           bool
	pcap, svg, trace fileFlag
	pcapHost         string
}

// fileFlag names a file to write.
type fileFlag struct {
	flag  string
	name  string
	given bool
}

// stdoutName as the name of a file is standard output.
const stdoutName = "-"

// String is what is given now, for cobra.
func (f *fileFlag) String() string { return f.name }

// Set takes what the user wrote.
func (f *fileFlag) Set(name string) error {
	f.name, f.given = name, true
	return nil
}

// Type is what stands for the value in a usage.
func (f *fileFlag) Type() string { return "FILE" }

func (f *runFlags) define(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.set, "set", nil, "give a parameter its value; `PARAM=VALUE`, again for each parameter")
	flags.StringArrayVar(&f.stacks, "stack", nil, "run hosts on another `[HOST=]STACK`; without HOST all that are not named")
	flags.Uint64Var(&f.seed, "seed", 0, "where everything random begins; `N` is a whole number from 0 to 2^64-1")
	flags.BoolVar(&f.all, "all", false, "run every example, and say which are not as expected")
	flags.BoolVar(&f.checks, "check", false, "check the invariants of every run, and that the model of netstack can follow it")
	f.defineOutputs(cmd)
	cmd.Flag("quiet").Usage = "print only the outcome and the hash, of --all only what failed; with --json, all on one line"
	// These fail only for flags that there are not.
	check(cmd.RegisterFlagCompletionFunc("set", completeSettings))
	check(cmd.RegisterFlagCompletionFunc("stack", completeStacks))
	check(cmd.RegisterFlagCompletionFunc("seed", cobra.NoFileCompletions))
}

// defineOutputs defines the flags that say what is to come of a run.
func (f *runFlags) defineOutputs(cmd *cobra.Command) {
	f.pcap.flag, f.svg.flag, f.trace.flag = "pcap", "svg", "trace"
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	flags.BoolVar(&f.quiet, "quiet", false, "print only the outcome and the hash; with --json, all on one line")
	flags.Var(&f.pcap, f.pcap.flag, "write the packets to `FILE` as pcapng, for Wireshark")
	flags.StringVar(&f.pcapHost, "pcap-host", "", "capture on this `HOST` only, as tcpdump there would; on all without")
	flags.Var(&f.svg, f.svg.flag, "write the ladder to `FILE` as a picture")
	flags.Var(&f.trace, f.trace.flag, "write the trace to `FILE.ndjson` or FILE.trace")
	check(cmd.MarkFlagFilename("pcap", "pcapng"))
	check(cmd.MarkFlagFilename("svg", "svg"))
	check(cmd.MarkFlagFilename("trace", "ndjson", "trace"))
}

// check panics on errors that only a mistake in this program can cause.
func check(err error) {
	if err != nil {
		panic("rstlab: unreachable: " + err.Error())
	}
}

// files are the flags that name files.
func (f *runFlags) files() []*fileFlag { return []*fileFlag{&f.pcap, &f.svg, &f.trace} }

// toStdout is the flag whose file goes to standard output; "" when none does.
func (f *runFlags) toStdout() string {
	for _, file := range f.files() {
		if file.name == stdoutName {
			return file.flag
		}
	}
	return ""
}

// needsTrace reports whether the events of the run have to be kept.
func (f *runFlags) needsTrace() bool {
	for _, file := range f.files() {
		if file.given {
			return true
		}
	}
	return !f.json && !f.quiet
}

// check reports flags that make no sense, alone or together, and takes the
// settings apart.
func (f *runFlags) check(arg string, terminal bool) (map[string]string, error) {
	err := f.checkFiles(arg)
	if flag := f.toStdout(); err == nil && flag != "" {
		name := "--" + flag + " FILE"
		switch {
		case f.json:
			err = wrong("name a file: "+name, "--json and --%s - both want standard output", flag)
		case f.quiet:
			err = wrong("name a file: "+name, "--quiet and --%s - both want standard output", flag)
		case terminal && flag == f.pcap.flag:
			err = wrong("redirect it, or name a file: "+name, "--%s -: standard output is a terminal", flag)
		}
	}
	if f.pcapHost != "" && !f.pcap.given {
		err = errors.Join(err, wrong("add --pcap FILE, or leave it out", "--pcap-host %s without --pcap", f.pcapHost))
	}
	set, setErr := settings(f.set)
	return set, errors.Join(err, setErr)
}

// checkAll reports flags that are for a single run.
func (f *runFlags) checkAll() error {
	var errs []error
	refuse := func(flag string) {
		errs = append(errs, wrong("leave it out, or run a scenario without --all", "%s with --all", flag))
	}
	if len(f.set) > 0 {
		refuse("--set")
	}
	if len(f.stacks) > 0 {
		refuse("--stack")
	}
	for _, file := range f.files() {
		if file.given {
			refuse("--" + file.flag)
		}
	}
	if f.pcapHost != "" {
		refuse("--pcap-host")
	}
	return errors.Join(errs...)
}

// checkHost reports a --pcap-host that the scenario does not have.
func (f *runFlags) checkHost(s *cases.Scenario) error {
	if f.pcapHost == "" {
		return nil
	}
	var names []string
	for i := range s.Hosts {
		names = append(names, s.Hosts[i].Name)
	}
	for i := range s.Routers {
		names = append(names, s.Routers[i].Name)
	}
	if slices.Contains(names, f.pcapHost) {
		return nil
	}
	slices.Sort(names)
	return wrong("write one of "+strings.Join(names, ", "), "--pcap-host %s: the scenario has no such host", f.pcapHost)
}

// checkFiles reports wrong names of files.
func (f *runFlags) checkFiles(arg string) error {
	var errs []error
	taken := map[string]string{}
	if isFile(arg) {
		taken[samePath(arg)] = "the scenario"
	}
	for _, file := range f.files() {
		if !file.given {
			continue
		}
		flag := "--" + file.flag
		switch ext := filepath.Ext(file.name); {
		case file.name == "":
			errs = append(errs, wrong("write "+flag+" FILE", "%s names no file", flag))
			continue
		case taken[samePath(file.name)] != "":
			errs = append(errs, wrong("choose another file", "%s %s: this is %s", flag, file.name, taken[samePath(file.name)]))
		case file == &f.trace && file.name != stdoutName && ext != ndjsonExt && ext != textExt:
			errs = append(errs, wrong("end the name in "+ndjsonExt+" for JSON lines or "+textExt+" for text",
				"%s %s: the suffix says no format", flag, file.name))
		}
		taken[samePath(file.name)] = "the file of " + flag
	}
	return errors.Join(errs...)
}

// samePath is equal for names of the same file.
func samePath(name string) string {
	path, err := filepath.Abs(name)
	if err != nil || name == stdoutName {
		return name
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target
	}
	return path
}

// settings takes PARAM=VALUE apart.
func settings(set []string) (map[string]string, error) {
	values := map[string]string{}
	var errs []error
	for _, s := range set {
		name, value, ok := strings.Cut(s, "=")
		_, twice := values[name]
		switch {
		case !ok || name == "":
			errs = append(errs, wrong("write --set PARAM=VALUE", "--set %q gives no parameter a value", s))
		case twice:
			errs = append(errs, wrong("leave one out", "--set %s: %s is given twice", s, name))
		default:
			values[name] = value
		}
	}
	return values, errors.Join(errs...)
}

// setErrors says which errors of [cases.Scenario.Bind] are about --set: those
// that have no place in a file.
func setErrors(err error) error {
	var mistakes cases.Errors
	if !errors.As(err, &mistakes) {
		return err
	}
	errs := make([]error, len(mistakes))
	for i, m := range mistakes {
		errs[i] = m
		if m.Pos.String() == "" {
			errs[i] = errors.New("--set " + m.Error())
		}
	}
	return errors.Join(errs...)
}
