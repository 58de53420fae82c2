//go:build linux || js

package engine

import "syscall"

// ENONET is Linux's "machine is not on the network". Other systems have no such
// error.
const ENONET = syscall.ENONET
