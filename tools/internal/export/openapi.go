package export

import (
	"fmt"
	"reflect"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/query"
)

// openAPI describes the API (OpenAPI 3.1). Schemas come from the Go types and examples from this very build, so the
// description cannot drift from what is served.
func (m *Model) openAPI() object {
	s := schemas{byName: object{}, types: map[string]reflect.Type{}}
	first := m.records[0]
	paths := object{}
	for _, op := range []struct {
		path, id, summary string
		value             any // the example, whose type gives the schema
		parameters        []object
	}{
		{"/api/v1/index.json", "getIndex", "目录概况与分片清单", m.apiIndex(), nil},
		{"/api/v1/entries/{page}.json", "listEntries", "数据集清单，每片至多 200 条", m.apiShard(1, m.records[:1]),
			[]object{pathParameter("page", "片号，四位数字", "0001")}},
		{"/datasets/{id}/entry.json", "getEntry", "一个数据集的完整记录", first, []object{pathParameter("id", "数据集标识", string(first.ID))}},
		{"/api/v1/by-id/{flat_id}.json", "findByCode", "由清单编码（斜线写作连字符）查地址",
			apiByID{first.ID, first.IRI, first.URL, first.Status}, []object{pathParameter("flat_id", "清单编码", first.FlatID)}},
		{"/api/v1/orgs.json", "listOrgs", "全部单位", apiOrgs{"odc-orgs/1", m.orgs[:min(1, len(m.orgs))]}, nil},
		{"/departments/{dept}/org.json", "getOrg", "一个单位", m.orgByID[first.Org.ID],
			[]object{pathParameter("dept", "单位标识", string(first.Org.ID))}},
		{"/api/v1/vocab/{list}.json", "getVocabulary", "一个词表", m.apiVocabularyExample(),
			[]object{pathParameter("list", "词表标识", "open_type")}},
		{"/api/v1/tombstones.json", "listTombstones", "已撤回或改名的数据集", apiTombstones{"odc-tombstones/1", m.tombstones()}, nil},
		{"/api/v1/closed.json", "listClosed", "不开放、仅列名称与理由的目录条目", apiClosedList{"odc-closed/1", firstOf(m.closedEntries())}, nil},
	} {
		get := object{"operationId": op.id, "summary": op.summary, "responses": object{
			"200": jsonResponse("成功", s.of(reflect.TypeOf(op.value)), op.value),
			"404": object{"description": "没有这个地址"},
		}}
		get.set("parameters", op.parameters)
		paths[op.path] = object{"get": get}
	}
	// One address answers for living and withdrawn datasets alike.
	byID := paths["/api/v1/by-id/{flat_id}.json"].(object)["get"].(object)["responses"].(object)["200"].(object)
	byID["content"].(object)["application/json"].(object)["schema"] = object{
		"anyOf": []object{s.of(reflect.TypeFor[apiByID]()), s.of(reflect.TypeFor[Tombstone]())},
	}
	paths["/api/search"] = m.searchPath(s)
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": m.c.Policy.Title + "接口", "version": "1.0.0", "description": m.description(),
			"license": object{"name": m.license(ownTerms, m.base).Title.Zh, "url": m.license(ownTerms, m.base).URL},
		},
		"servers":    []object{{"url": m.base}},
		"paths":      paths,
		"components": object{"schemas": s.byName},
	}
}

func firstOf[T any](items []T) []T { return items[:min(1, len(items))] }

func (m *Model) apiVocabularyExample() any {
	if v := m.c.Vocabularies["open_type"]; v != nil {
		return m.apiVocabulary(v)
	}
	return apiVocabulary{Format: "odc-vocabulary/1", Terms: []apiVocabularyTerm{}}
}

func pathParameter(name, description, example string) object {
	return object{"name": name, "in": "path", "required": true, "description": description,
		"schema": object{"type": "string"}, "example": example}
}

func jsonResponse(description string, schema object, example any) object {
	return object{"description": description, "content": object{"application/json": object{"schema": schema, "example": example}}}
}

// schemas collects the JSON Schema of each Go type under its name.
type schemas struct {
	byName object
	types  map[string]reflect.Type
}

// of is the schema of a type: a reference for named structs, the schema itself for the rest.
func (s schemas) of(t reflect.Type) object {
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Struct:
		if t == reflect.TypeFor[calendar.Date]() {
			return object{"type": "string", "format": "date"}
		}
		return s.reference(t)
	}
	return object{"type": "string"}
}

func (s schemas) reference(t reflect.Type) object {
	name := strings.TrimPrefix(t.Name(), "api")
	if t.PkgPath() == reflect.TypeFor[query.Card]().PkgPath() {
		name = "Search" + name // both packages have a Text and a Term
	}
	name = strings.ToUpper(name[:1]) + name[1:]
	ref := object{"$ref": "#/components/schemas/" + name}
	if known, ok := s.types[name]; ok {
		if known != t {
			panic(fmt.Sprintf("%s and %s would share the schema %s", known, t, name))
		}
		return ref
	}
	properties, required := object{}, []string{}
	schema := object{"type": "object", "properties": properties}
	s.types[name], s.byName[name] = t, schema // before the members, which may refer back
	for _, f := range reflect.VisibleFields(t) {
		key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || key == "" {
			continue
		}
		properties[key] = s.of(f.Type)
		if !strings.HasPrefix(options, "omit") {
			required = append(required, key)
		}
	}
	schema.set("required", required)
	return ref
}

// searchAnswer is what /api/search of a running server answers.
type searchAnswer struct {
	Spec      int                      `json:"spec"` // version of the search contract
	Set       string                   `json:"set"`  // what was searched
	Total     int                      `json:"total"`
	About     bool                     `json:"about"` // weaker matches were left out
	Page      int                      `json:"page"`
	Size      int                      `json:"size"`
	TookMS    int64                    `json:"took_ms"`
	Rewritten []string                 `json:"rewritten"`
	Hits      []searchHit              `json:"hits"`
	Facets    map[string][]query.Count `json:"facets"`
}

type searchHit struct {
	ID    string     `json:"id"` // dataset:<id> or catalog:<id>
	Score float64    `json:"score"`
	Card  query.Card `json:"card"`
}

type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// searchPath describes the one address that needs a server: the files of the API answer everything else.
func (m *Model) searchPath(s schemas) object {
	parameters := []object{queryParameter("q", "检索词", object{"type": "string"}, "公交站")}
	for _, f := range query.Facets() {
		parameters = append(parameters, queryParameter(string(f), "按此分面筛选，可重复",
			object{"type": "array", "items": object{"type": "string"}}, nil))
	}
	parameters = append(parameters,
		queryParameter("sort", "排序", object{"type": "string", "enum": []string{"relevance", "modified", "issued"}, "default": "relevance"}, nil),
		queryParameter("page", "页码，从 1 起", object{"type": "integer", "minimum": 1, "default": 1}, nil),
		queryParameter("size", "每页条数", object{"type": "integer", "minimum": 1, "maximum": query.MaxPageSize, "default": query.DefaultSize}, nil))
	failure := object{"description": "请求有误或暂不能回答", "content": object{
		"application/problem+json": object{"schema": s.of(reflect.TypeFor[problem]())},
	}}
	return object{"get": object{
		"operationId": "search", "summary": "检索数据集和目录条目（由运行中的服务回答）", "parameters": parameters,
		"responses": object{
			"200": object{"description": "成功", "content": object{
				"application/json": object{"schema": s.of(reflect.TypeFor[searchAnswer]())},
			}},
			"400": failure, "429": failure, "503": failure,
		},
	}}
}

func queryParameter(name, description string, schema object, example any) object {
	p := object{"name": name, "in": "query", "description": description, "schema": schema}
	if example != nil {
		p["example"] = example
	}
	return p
}
