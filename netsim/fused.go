package netsim

// FusesFloats reports whether this program was compiled to compute x*y + z with one rounding
// where Go's specification allows it ("Floating-point operators"), instead of two. Compilers
// do so by default for arm64, loong64, ppc64, riscv64 and s390x, and for amd64 with GOAMD64=v3
// or more; not with -gcflags=all=-d=fmahash=qn. To the simulator it makes no difference, but it
// does to netstack's estimate of the round-trip time (pkg/tcpip/transport/tcp/snd.go,
// updateRTO) and its CUBIC (cubic.go), and so to its timers: where this differs, so may two
// runs of one network with one seed, by nanoseconds at first. It is this package that is asked:
// that tells of netstack when both were compiled with the same flags, as they are with "all".
func FusesFloats() bool {
	const x = 1 + 0x1p-27 // its square has a bit more than fits: 1 + 2⁻²⁶ + 2⁻⁵⁴
	return productAndSum(x, x, -1-0x1p-26) != 0
}

// productAndSum is x*y + z, as compilers like it best.
//
//go:noinline
func productAndSum(x, y, z float64) float64 { return x*y + z }
