package netsim_test

import (
	"time"
)

const ms = time.Millisecond
