package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/tcpmodel"
)

func TestProfilesHasALineForEachDifference(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(succeed(t, "profiles")), "\n")
	require.Len(t, lines, 1+len(tcpmodel.ProfileTable()))
	require.Equal(t, []string{"field", "rfc9293", "linux", "netstack", "freebsd", "windows"}, strings.Fields(lines[0])[:6])
	for i, r := range tcpmodel.ProfileTable() {
		require.True(t, strings.HasPrefix(lines[i+1], r.Field+" "), lines[i+1])
	}
}

func TestASingleProfileHasItsSources(t *testing.T) {
	out := succeed(t, "profiles", "linux")
	require.Contains(t, out, "tcp_input.c, tcp_reset_check")
	require.NotContains(t, out, "gVisor")
}

func TestProfilesAsJSON(t *testing.T) {
	var all []struct {
		Name   string `json:"name"`
		Fields []struct {
			Field, Value, Source string
		} `json:"fields"`
	}
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "profiles", "windows", "freebsd", "--json")), &all))
	require.Len(t, all, 2)
	require.Equal(t, "windows", all[0].Name)
	require.Len(t, all[1].Fields, len(tcpmodel.ProfileTable()))
}

func TestAHostRunsTheStackThatAFlagNames(t *testing.T) {
	plain := succeed(t, "run", "reset/unread-data-at-receiver", "--quiet")
	for _, stack := range cases.Stacks() {
		out := succeed(t, "run", "reset/unread-data-at-receiver", "--quiet", "--stack", "client="+stack)
		require.Equal(t, stack == cases.DefaultStack, out == plain, "%s: the hash is another on another stack", stack)
	}
	windows := succeed(t, "run", "reset/unread-data-at-receiver", "--quiet", "--stack", "windows")
	linux := succeed(t, "run", "reset/unread-data-at-receiver", "--quiet", "--stack", "linux")
	require.NotEqual(t, strings.Split(linux, "\n")[0], strings.Split(windows, "\n")[0], "what is read differs")
}
