package catalog

import "opendata.example/odc/tools/internal/calendar"

// Policy is the operator's choice for this site. File: metadata/policy.yaml.
type Policy struct {
	Path string `yaml:"-"`

	BaseURL        string           `yaml:"base_url"`   // public origin and path, no trailing slash
	Official       bool             `yaml:"official"`   // false: every page says 演示站点，非政府网站
	Repository     Code             `yaml:"repository"` // public, private
	Channel        Code             `yaml:"channel"`    // mirror, catalog-only
	Title          string           `yaml:"title"`
	TitleEn        string           `yaml:"title_en"`
	Description    string           `yaml:"description"`
	DescriptionEn  string           `yaml:"description_en"`
	RepositoryURL  string           `yaml:"repository_url"`
	Publisher      Dept             `yaml:"publisher"` // organisation that publishes the catalogue
	ContactMail    string           `yaml:"contact_mail"`
	Hotline        string           `yaml:"hotline"`
	Stores         []StoreDecl      `yaml:"stores"`
	DeletionBudget int              `yaml:"deletion_budget"` // entries one release may lose
	FetchHosts     []string         `yaml:"fetch_hosts"`
	Limits         map[string]int64 `yaml:"limits"`
	Privacy        map[string]int64 `yaml:"privacy"`
	Site           SiteInfo         `yaml:"site"`
}

// StoreDecl declares a store by name and address; one that is not declared counts as public.
type StoreDecl struct {
	Name       string `yaml:"name"`
	Address    string `yaml:"address"`
	Visibility Code   `yaml:"visibility"`
}

// SiteInfo is shown in the footer where it is set.
type SiteInfo struct {
	Host     string `yaml:"host"`     // 主办
	Operator string `yaml:"operator"` // 承办
	ICP      string `yaml:"icp"`
	Gongan   string `yaml:"gongan"`
	SiteCode string `yaml:"site_code"` // 网站标识码
}

// TrustedKey may sign releases. File: metadata/keys.yaml, key keys.
type TrustedKey struct {
	ID        string `yaml:"id"`
	PublicKey string `yaml:"public_key"` // base64 of 32 bytes, ed25519
	FromSeq   int64  `yaml:"from_seq"`
	UntilSeq  int64  `yaml:"until_seq"` // 0 = open
	Revoked   bool   `yaml:"revoked"`
}

// Mapping turns open-list entries into the municipal platform's columns. File: metadata/municipal/mapping.yaml.
type Mapping struct {
	Path string `yaml:"-"`

	Version   string         `yaml:"version"`
	ValidFrom calendar.Date  `yaml:"valid_from"`
	Columns   []MappingField `yaml:"columns"` // CSV and XLSX, in order
	JSON      []MappingField `yaml:"json"`    // members of the JSON form
	Core      []MappingField `yaml:"core"`    // national core metadata
}

// MappingField fills one field of the target from a dotted source path, a constant, or nothing.
type MappingField struct {
	Target   string         `yaml:"target"`
	Source   string         `yaml:"source"`
	Const    string         `yaml:"const"`
	Vocab    string         `yaml:"vocab"`   // vocabulary and mapping to translate through: "domain.municipal"
	Format   string         `yaml:"format"`  // date, datetime, join
	Default  string         `yaml:"default"` // stands in where a code has no counterpart; reported
	Required bool           `yaml:"required"`
	MaxLen   int            `yaml:"max_len"`
	Each     string         `yaml:"each"` // with fields: an array over this source
	Fields   []MappingField `yaml:"fields"`
}
