package main

import (
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"liveroom/claims/tomldoc"
)

// configKeys lists every key a config may hold, each with the table it stands
// in, "" for the file itself.
func configKeys() (keys, tables []string) {
	var walk func(t reflect.Type, table string)
	walk = func(t reflect.Type, table string) {
		if t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return
		}
		for i := range t.NumField() {
			f := t.Field(i)
			if tag, ok := f.Tag.Lookup("toml"); ok {
				keys, tables = append(keys, tag), append(tables, table)
				walk(f.Type, strings.TrimPrefix(table+"."+tag, "."))
			}
		}
	}
	walk(reflect.TypeFor[Config](), "")
	return keys, tables
}

// nearestKey is the key that was meant: of the same table, or else of any, with the
// table it belongs to, since a table may be forgotten as well.
func nearestKey(k toml.Key) string {
	all, tables := configKeys()
	name, table := k[len(k)-1], strings.Join(k[:len(k)-1], ".")
	var same []string
	for i, key := range all {
		if tables[i] == table {
			same = append(same, key)
		}
	}
	if near := tomldoc.Nearest(name, same); near != "" {
		return near
	}
	i := slices.Index(all, tomldoc.Nearest(name, all))
	if i < 0 {
		return ""
	}
	return strings.TrimPrefix(tables[i]+"."+all[i], ".")
}
