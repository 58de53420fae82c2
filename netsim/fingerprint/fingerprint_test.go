package fingerprint_test

import (
	"reflect"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/fingerprint"
)

type item struct {
	name  string
	next  *item
	size  float64
	bytes []byte
	call  func()
	any   any
	byKey map[string]*item
	array [2]uint8
}

var plan = fingerprint.NewPlan(fingerprint.Rules{})

func write(t *testing.T, p *fingerprint.Plan, v any) string {
	t.Helper()
	b, err := p.Append(nil, v)
	require.NoError(t, err)
	return string(b)
}

func ring(name string) *item {
	a := &item{name: name, next: &item{name: "b", bytes: []byte("xy")}}
	a.next.next = a
	a.byKey = map[string]*item{"a": a, "b": a.next, "c": {name: "c"}, "d": nil}
	return a
}

func TestValuesThatHoldTheSameAreWrittenTheSame(t *testing.T) {
	for range 20 { // maps have another order each time
		require.Equal(t, write(t, plan, ring("a")), write(t, plan, ring("a")), "wherever they are in memory")
	}
}

func TestEveryDifferenceIsWritten(t *testing.T) {
	one := 1
	seen := map[string]int{}
	for i, v := range []any{
		nil, ring("a"), ring("b"),
		item{},
		&item{},
		item{size: 1},
		item{size: -1},
		item{bytes: []byte{}},
		item{bytes: []byte{0}},
		item{any: 1},
		item{any: "1"},
		item{any: uint8(1)},
		item{any: &one},
		item{any: item{}},
		item{array: [2]uint8{0, 1}},
		item{byKey: map[string]*item{}},
		item{byKey: map[string]*item{"a": nil}},
		item{byKey: map[string]*item{"a": {}}},
		item{next: &item{}},
		[]string{"ab", "c"},
		[]string{"a", "bc"},
		[]string{"abc"},
		[]string(nil),
		[]string{},
		[]*int{&one, &one},
		[]*int{&one, new(int)},
		[]bool{true},
		[]int8{-1},
		[]uint8{255},
	} {
		text := write(t, plan, []any{v}) // with its type
		before, twice := seen[text]
		require.False(t, twice, "%d is written as %d", i, before)
		seen[text] = i
	}
}

func TestOnePointerTwiceIsNotTwoPointers(t *testing.T) {
	a, b := &item{name: "x"}, &item{name: "x"}
	require.NotEqual(t, write(t, plan, []*item{a, a}), write(t, plan, []*item{a, b}))
	require.Equal(t, write(t, plan, []*item{a, b}), write(t, plan, []*item{b, a}))
}

func TestWhatCannotBeWrittenIsAnErrorThatSaysWhere(t *testing.T) {
	for want, v := range map[string]any{
		"next.call is a func, func()":     item{next: &item{call: func() {}}},
		"any is a chan, chan int":         item{any: make(chan int)},
		"a map whose keys have no order":  map[*int]int{new(int): 1},
		"any is a unsafe.Pointer":         item{any: reflect.ValueOf(new(int)).UnsafePointer()},
		"a map whose keys have no order,": struct{ x map[any]int }{map[any]int{1: 1}},
	} {
		_, err := plan.Append(nil, v)
		require.ErrorContains(t, err, want)
	}
	require.NotEmpty(t, write(t, plan, item{}), "and the plan can still be used")
}

func TestRulesLeaveOutFieldsAndTypes(t *testing.T) {
	p := fingerprint.NewPlan(fingerprint.Rules{Skip: map[string]string{
		"fingerprint_test.item.call": "a test", "sync.*": "locks", "fingerprint_test.item.size": "a test",
	}})
	type locked struct {
		sync.Mutex
		item item
	}
	a, b := &locked{item: item{call: func() {}}}, &locked{item: item{size: 3}}
	a.Lock()
	require.Equal(t, write(t, p, a), write(t, p, b))
	b.item.name = "x"
	require.NotEqual(t, write(t, p, a), write(t, p, b))
}

func TestRulesOrderKeysThatArePointers(t *testing.T) {
	p := fingerprint.NewPlan(fingerprint.Rules{Keys: map[reflect.Type]func(*fingerprint.Encoder, reflect.Value){
		reflect.TypeFor[*item](): func(e *fingerprint.Encoder, v reflect.Value) { e.Value(v.Elem().FieldByName("name")) },
	}})
	set := func(names ...string) map[*item]bool {
		all := map[*item]bool{}
		for _, n := range names {
			all[&item{name: n, bytes: []byte(n)}] = true
		}
		return all
	}
	for range 20 {
		require.Equal(t, write(t, p, set("a", "b", "c")), write(t, p, set("c", "b", "a")))
	}
	require.NotEqual(t, write(t, p, set("a", "b")), write(t, p, set("a", "c")))
	_, err := p.Append(nil, set("a", "a"))
	require.ErrorContains(t, err, "written alike")
}

func TestAPlanIsUsedByManyGoroutines(t *testing.T) {
	p := fingerprint.NewPlan(fingerprint.Rules{})
	want := write(t, plan, ring("a"))
	got := make([]string, 8)
	var group sync.WaitGroup
	for i := range got {
		group.Go(func() {
			b, _ := p.Append(nil, ring("a"))
			got[i] = string(b)
		})
	}
	group.Wait()
	for _, g := range got {
		require.Equal(t, want, g)
	}
}
