package main

import "reflect"

// configKeys lists every key a config may hold.
func configKeys() []string {
	var keys []string
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		if t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return
		}
		for i := range t.NumField() {
			f := t.Field(i)
			if tag, ok := f.Tag.Lookup("toml"); ok {
				keys = append(keys, tag)
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeFor[Config]())
	return keys
}
