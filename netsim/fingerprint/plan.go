package fingerprint

import (
	"path"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
)

// Rules say what is not written as it is.
type Rules struct {
	// Skip are fields that are left out, and why: "tcp.Endpoint.stats", by the
	// last part of the package's path, the type and the field; or types, as
	// "waiter.Queue"; or all types of a package, as "sync.*". Of an instance of
	// a generic type the parameters are left out: "btree.node.cow".
	Skip map[string]string
	// Write are types that are written otherwise, by a function.
	Write map[reflect.Type]func(*Encoder, reflect.Value)
	// Keys write the keys of maps that hold pointers, so that they can be put in
	// order: different keys must be written differently.
	Keys map[reflect.Type]func(*Encoder, reflect.Value)
}

// Plan is how values are written. It can be used by several goroutines.
type Plan struct {
	rules    Rules
	types    sync.Map // reflect.Type to *typePlan
	encoders sync.Pool
}

// NewPlan returns a plan with these rules.
func NewPlan(rules Rules) *Plan { return &Plan{rules: rules} }

// typePlan is what is to be done with values of a type.
type typePlan struct {
	kind   reflect.Kind
	skip   bool
	write  func(*Encoder, reflect.Value)
	fields []fieldPlan // of a struct: those that are written
	elem   part        // of a pointer, slice, array or map
	name   string      // of the type, as in Rules
	text   []byte      // of the type, to tell the values of interfaces apart
}

// fieldPlan is a field of a struct.
type fieldPlan struct {
	index int
	name  string
	part
}

// part is a type within another one, whose plan is made when it is needed first:
// types can contain themselves.
type part struct {
	of   reflect.Type
	plan *atomic.Pointer[typePlan]
}

func newPart(t reflect.Type) part { return part{t, new(atomic.Pointer[typePlan])} }

func (x *part) in(p *Plan) *typePlan {
	plan := x.plan.Load()
	if plan == nil {
		plan = p.of(x.of)
		x.plan.Store(plan)
	}
	return plan
}

func (p *Plan) of(t reflect.Type) *typePlan {
	if known, ok := p.types.Load(t); ok {
		return known.(*typePlan)
	}
	plan, _ := p.types.LoadOrStore(t, p.make(t)) // one for all goroutines
	return plan.(*typePlan)
}

func (p *Plan) make(t reflect.Type) *typePlan {
	plan := &typePlan{kind: t.Kind(), name: shortName(t), text: []byte(t.String()), write: p.rules.Write[t]}
	dir, _, _ := strings.Cut(plan.name, ".")
	_, named := p.rules.Skip[plan.name]
	_, all := p.rules.Skip[dir+".*"]
	plan.skip = t.Name() != "" && (named || all)
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		plan.elem = newPart(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if _, skip := p.rules.Skip[plan.name+"."+f.Name]; !skip && f.Name != "_" {
				plan.fields = append(plan.fields, fieldPlan{i, f.Name, newPart(f.Type)})
			}
		}
	}
	return plan
}

// shortName is the name of a type with the last part of its package's path.
func shortName(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	return path.Base(t.PkgPath()) + "." + name
}

// Append appends what a value holds. The error says where something is that
// cannot be written.
func (p *Plan) Append(b []byte, value any) ([]byte, error) {
	e, _ := p.encoders.Get().(*Encoder)
	if e == nil {
		e = &Encoder{seen: map[place]uint64{}}
	}
	defer p.encoders.Put(e)
	clear(e.seen)
	e.plan, e.buf, e.err, e.where = p, b, nil, e.where[:0]
	e.Value(reflect.ValueOf(value))
	b, e.buf = e.buf, nil
	return b, e.err
}
