package fingerprint

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"unsafe"
)

// Encoder writes one value.
type Encoder struct {
	plan  *Plan
	buf   []byte
	seen  map[place]uint64 // what has a number
	where []string         // the way to here, for messages
	err   error
}

// place is something that a pointer can point to: a struct and its first field
// have one address.
type place struct {
	at unsafe.Pointer
	of *typePlan
}

// Marks that begin what is written of a pointer, a map, a slice or an interface.
const (
	markNil byte = iota
	markNew
	markAgain
)

// Uint writes a number.
func (e *Encoder) Uint(n uint64) { e.buf = binary.AppendUvarint(e.buf, n) }

// Bytes writes bytes, and how many there are.
func (e *Encoder) Bytes(b []byte) {
	e.Uint(uint64(len(b)))
	e.buf = append(e.buf, b...)
}

// Bool writes a truth value.
func (e *Encoder) Bool(v bool) {
	if v {
		e.buf = append(e.buf, 1)
	} else {
		e.buf = append(e.buf, 0)
	}
}

// Value writes a value and what can be reached from it.
func (e *Encoder) Value(v reflect.Value) {
	if e.err != nil {
		return
	}
	if !v.IsValid() {
		e.buf = append(e.buf, markNil)
		return
	}
	e.value(v, e.plan.of(v.Type()))
}

// value is Value with the plan of the value's type.
func (e *Encoder) value(v reflect.Value, plan *typePlan) {
	switch {
	case e.err != nil || plan.skip:
	case plan.write != nil:
		plan.write(e, v)
	default:
		e.kind(v, plan)
	}
}

func (e *Encoder) kind(v reflect.Value, plan *typePlan) {
	switch plan.kind {
	case reflect.Bool:
		e.Bool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.buf = binary.AppendVarint(e.buf, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		e.Uint(v.Uint())
	case reflect.Float32, reflect.Float64:
		e.buf = binary.BigEndian.AppendUint64(e.buf, math.Float64bits(v.Float()))
	case reflect.String:
		e.Uint(uint64(v.Len()))
		e.buf = append(e.buf, v.String()...)
	case reflect.Struct:
		for i := range plan.fields {
			f := &plan.fields[i]
			e.where = append(e.where, f.name)
			e.value(v.Field(f.index), f.in(e.plan))
			e.where = e.where[:len(e.where)-1]
		}
	case reflect.Array:
		e.elements(v, plan)
	case reflect.Slice:
		e.slice(v, plan)
	case reflect.Pointer:
		e.pointer(v, plan)
	case reflect.Interface:
		e.dynamic(v)
	case reflect.Map:
		e.entries(v, plan)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		e.handle(v)
	default:
		e.fail("a " + v.Kind().String())
	}
}

func (e *Encoder) elements(v reflect.Value, plan *typePlan) {
	elem := plan.elem.in(e.plan)
	if elem.kind == reflect.Uint8 && (plan.kind == reflect.Slice || v.CanAddr()) {
		e.buf = append(e.buf, v.Bytes()...)
		return
	}
	for i := range v.Len() {
		e.value(v.Index(i), elem)
	}
}

func (e *Encoder) slice(v reflect.Value, plan *typePlan) {
	if v.IsNil() {
		e.buf = append(e.buf, markNil)
		return
	}
	e.buf = append(e.buf, markNew)
	e.Uint(uint64(v.Len()))
	e.elements(v, plan)
}

func (e *Encoder) pointer(v reflect.Value, plan *typePlan) {
	if v.IsNil() {
		e.buf = append(e.buf, markNil)
		return
	}
	elem := plan.elem.in(e.plan)
	if elem.skip {
		e.buf = append(e.buf, markNew)
		return
	}
	at := place{v.UnsafePointer(), elem}
	if number, ok := e.seen[at]; ok {
		e.buf = append(e.buf, markAgain)
		e.Uint(number)
		return
	}
	e.seen[at] = uint64(len(e.seen))
	e.buf = append(e.buf, markNew)
	e.value(v.Elem(), elem)
}

func (e *Encoder) dynamic(v reflect.Value) {
	if v.IsNil() {
		e.buf = append(e.buf, markNil)
		return
	}
	e.buf = append(e.buf, markNew)
	v = v.Elem()
	plan := e.plan.of(v.Type())
	e.Bytes(plan.text)
	e.value(v, plan)
}

// handle writes what can only be there or not.
func (e *Encoder) handle(v reflect.Value) {
	if !v.IsNil() {
		e.fail("a " + v.Kind().String() + ", " + v.Type().String())
		return
	}
	e.buf = append(e.buf, markNil)
}

// entries writes a map in the order of its keys as they are written.
func (e *Encoder) entries(v reflect.Value, plan *typePlan) {
	if v.IsNil() {
		e.buf = append(e.buf, markNil)
		return
	}
	e.buf = append(e.buf, markNew)
	e.Uint(uint64(v.Len()))
	type entry struct {
		name []byte
		key  reflect.Value
	}
	write, byRule := e.plan.rules.Keys[v.Type().Key()]
	if !byRule && !plain(v.Type().Key()) {
		e.fail("a map whose keys have no order, " + v.Type().String())
		return
	}
	if write == nil {
		write = (*Encoder).Value
	}
	begin, elem := len(e.buf), plan.elem.in(e.plan)
	all := make([]entry, 0, v.Len())
	for _, key := range v.MapKeys() {
		write(e, key)
		all = append(all, entry{bytes.Clone(e.buf[begin:]), key})
		e.buf = e.buf[:begin]
	}
	slices.SortFunc(all, func(a, b entry) int { return bytes.Compare(a.name, b.name) })
	for i, x := range all {
		if i > 0 && bytes.Equal(x.name, all[i-1].name) {
			e.fail("a map with two keys that are written alike, " + v.Type().String())
			return
		}
		e.buf = append(e.buf, x.name...)
		if byRule {
			e.Value(x.key)
		}
		e.value(v.MapIndex(x.key), elem)
	}
}

// plain reports whether values of the type hold no pointer.
func plain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return false
	case reflect.Array:
		return plain(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !plain(t.Field(i).Type) {
				return false
			}
		}
	}
	return true
}

// fail notes that here is something that cannot be written.
func (e *Encoder) fail(what string) {
	if e.err == nil {
		e.err = fmt.Errorf("fingerprint: %s is %s", strings.Join(e.where, "."), what)
	}
}
