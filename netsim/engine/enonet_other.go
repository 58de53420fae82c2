//go:build !linux && !js

package engine

import "syscall"

// ENONET is Linux's "machine is not on the network". This system has no such
// error, and does not use the number.
const ENONET = syscall.Errno(1 << 20)
