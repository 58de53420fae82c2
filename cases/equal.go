package cases

import (
	"net/netip"
	"reflect"
)

// Equal reports whether two scenarios say the same. Name and positions do not
// count.
func Equal(a, b *Scenario) bool {
	x, y := *a, *b
	x.Name, y.Name = "", ""
	return equal(reflect.ValueOf(x), reflect.ValueOf(y))
}

var posType, addrType = reflect.TypeFor[Pos](), reflect.TypeFor[netip.Addr]()

func equal(a, b reflect.Value) bool {
	switch {
	case a.Type() == posType:
		return true
	case a.Type() == addrType:
		return a.Interface() == b.Interface()
	}
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	default:
		return a.Equal(b)
	}
}

// same reports whether two values are equal, wherever they stand.
func same(a, b Value) bool {
	a.Pos, b.Pos = Pos{}, Pos{}
	return a == b
}
