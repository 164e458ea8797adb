package tree

import (
	"reflect"
	"slices"
	"testing"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/format"
)

// TestTableEqualsTags proves that the table of fields and the yaml tags of the records name the same keys, in both
// directions and at every depth.
func TestTableEqualsTags(t *testing.T) {
	for _, k := range format.Kinds() {
		record := newRecord(format.Place{Kind: k})
		fields := slices.DeleteFunc(slices.Clone(k.Fields), func(f format.Field) bool { return k.IsIdentity(f.Key) })
		compareTags(t, k.Name, fields, reflect.TypeOf(record).Elem(), k)
	}
}

func compareTags(t *testing.T, path string, fields []format.Field, record reflect.Type, k *format.Kind) {
	t.Helper()
	tags := tagsOf(record)
	for i := range fields {
		f := &fields[i]
		index, ok := tags[f.Key]
		switch {
		case f.Derived && ok:
			t.Errorf("%s.%s is derived and must have no tag", path, f.Key)
		case f.Derived:
			continue
		case !ok:
			t.Errorf("%s.%s is in the table, %v has no such tag", path, f.Key, record)
			continue
		}
		compareField(t, path+"."+f.Key, f, record.Field(index).Type, k)
	}
	for tag := range tags {
		// The innermost members of the mapping may hold members again; the table ends there.
		if findField(fields, tag) == nil && !k.IsIdentity(tag) && !(record == reflect.TypeFor[catalog.MappingField]() && tag == "fields") {
			t.Errorf("%s.%s is a tag of %v and not in the table", path, tag, record)
		}
	}
}

func compareField(t *testing.T, path string, f *format.Field, goType reflect.Type, k *format.Kind) {
	t.Helper()
	if f.List {
		if goType.Kind() != reflect.Slice {
			t.Errorf("%s is a list in the table and %v in the record", path, goType)
			return
		}
		goType = goType.Elem()
	}
	if goType.Kind() == reflect.Pointer {
		goType = goType.Elem()
	}
	fits := map[format.Type]bool{
		format.Bool:     goType.Kind() == reflect.Bool || goType.Kind() == reflect.String,
		format.Int:      goType.Kind() == reflect.Int || goType.Kind() == reflect.Int64,
		format.Date:     goType == dateType,
		format.Object:   goType.Kind() == reflect.Struct,
		format.Map:      goType.Kind() == reflect.Map,
		format.Codelist: goType == reflect.TypeFor[catalog.Codelist](),
	}
	ok, special := fits[f.Type]
	if !special {
		ok = goType.Kind() == reflect.String
	}
	if !ok {
		t.Errorf("%s is %s in the table and %v in the record", path, f.Type, goType)
		return
	}
	switch f.Type {
	case format.Object:
		compareTags(t, path, f.Fields, goType, k)
	case format.Map:
		compareField(t, path+".*", f.Value, goType.Elem(), k)
	}
}
