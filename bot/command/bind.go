package command

import (
	"fmt"
	"reflect"

	"payoff/goals"
)

// A Recurring is the value of a Period option: the days, and how often they come round.
type Recurring struct {
	goals.Period
	goals.Every
}

// fieldTypes are the types a field may have for each kind of option; the first is the usual one.
// A field that is a pointer to one of them stays nil when the option was not given.
var fieldTypes = map[Kind][]reflect.Type{
	Words:    {reflect.TypeFor[string]()},
	Choice:   {reflect.TypeFor[string]()},
	Zone:     {reflect.TypeFor[string]()},
	Money:    {reflect.TypeFor[goals.Money]()},
	Date:     {reflect.TypeFor[goals.Date]()},
	Period:   {reflect.TypeFor[Recurring](), reflect.TypeFor[goals.Period]()},
	Duration: {reflect.TypeFor[int64]()},
	Channel:  {reflect.TypeFor[goals.Channel](), reflect.TypeFor[goals.ChannelID]()},
	Measure:  {reflect.TypeFor[goals.Measure]()},
	Owner:    {reflect.TypeFor[Named](), reflect.TypeFor[goals.OwnerID]()},
}

// Bind fills the fields of the struct that dst points to, each tagged with the option it holds:
//
//	var args struct {
//		Channel goals.ChannelID  `opt:"channel"`
//		Period  *goals.Period    `opt:"period"` // nil when not given
//	}
//
// Its error is a fault of the program, never of what was typed; Agree finds it in a test.
func Bind(v Values, dst any) error {
	to := reflect.ValueOf(dst)
	if to.Kind() != reflect.Pointer || to.IsNil() || to.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("bind options: %T is not a pointer to a struct", dst)
	}
	to = to.Elem()
	for i := range to.NumField() {
		name, ok := to.Type().Field(i).Tag.Lookup("opt")
		got, given := v.byName[name]
		if !ok || !given {
			continue
		}
		if err := got.into(to.Field(i)); err != nil {
			return fmt.Errorf("bind option %q: %w", name, err)
		}
	}
	return nil
}

// into sets a field to the value, in whichever form the field has.
func (v value) into(field reflect.Value) error {
	typ := field.Type()
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if !field.CanSet() {
		return fmt.Errorf("its field is not exported")
	}
	for _, form := range v.forms() {
		from := reflect.ValueOf(form)
		if !holds(typ, from.Type()) {
			continue
		}
		at := field
		if field.Kind() == reflect.Pointer {
			field.Set(reflect.New(typ))
			at = field.Elem()
		}
		at.Set(from.Convert(typ))
		return nil
	}
	return fmt.Errorf("a field of type %s cannot hold it", typ)
}

// holds reports whether a field of a type can hold a value: the same type, or for text a type
// made from string, such as goals.Kind for a choice.
func holds(field, from reflect.Type) bool {
	return field == from || from == reflect.TypeFor[string]() && field.Kind() == reflect.String
}

// forms are the value as each type that a field for it may have.
func (v value) forms() []any {
	switch v.kind {
	case Money:
		return []any{v.money}
	case Date:
		return []any{v.date}
	case Period:
		return []any{Recurring{v.period, v.every}, v.period}
	case Duration:
		return []any{v.minutes}
	case Channel:
		return []any{v.channel, v.channel.ID}
	case Measure:
		return []any{v.measure}
	case Owner:
		return []any{v.owner, v.owner.ID}
	}
	return []any{v.text}
}

// Agree reports where the options of a command and the fields of a struct, or of a pointer to
// one, do not fit each other: an option no field holds, a field no option fills, a wrong type.
func Agree(s Spec, dst any) error {
	typ := reflect.TypeOf(dst)
	if typ != nil && typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ == nil || typ.Kind() != reflect.Struct {
		return fmt.Errorf("%s: %T is not a struct", s.Name, dst)
	}
	fields := map[string]reflect.StructField{}
	for i := range typ.NumField() {
		f := typ.Field(i)
		if name, ok := f.Tag.Lookup("opt"); ok {
			if _, twice := fields[name]; twice {
				return fmt.Errorf("%s: two fields for option %q", s.Name, name)
			}
			fields[name] = f
		}
	}
	for _, o := range s.Options {
		f, ok := fields[o.Name]
		if !ok {
			return fmt.Errorf("%s: no field for option %q", s.Name, o.Name)
		}
		if !o.fits(f) {
			return fmt.Errorf("%s: field %s of type %s cannot hold option %q", s.Name, f.Name, f.Type, o.Name)
		}
		delete(fields, o.Name)
	}
	for name, f := range fields {
		return fmt.Errorf("%s: field %s is for option %q, which there is not", s.Name, f.Name, name)
	}
	return nil
}

func (o Option) fits(f reflect.StructField) bool {
	typ := f.Type
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	for _, t := range fieldTypes[o.Kind] {
		if f.IsExported() && holds(typ, t) {
			return true
		}
	}
	return false
}
