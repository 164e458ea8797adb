package rule

import (
	"fmt"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
)

// openWithinCatalogue is R01: an open-list entry opens an existing, published, open catalogue entry, and only its items.
func openWithinCatalogue(j *judge) {
	for _, o := range j.OpenEntries {
		where := at{path: o.Path, field: "catalog_id"}
		e := o.Entry
		dept, id, _ := strings.Cut(o.CatalogID, "/")
		switch {
		case e == nil && j.Files[catalog.Ref{Kind: catalog.KindEntry, Dept: catalog.Dept(dept), ID: catalog.ID(id)}]:
			continue // it has findings of its own
		case e == nil:
			j.error(where, fmt.Sprintf("开放清单条目须对应一条资源目录条目；“%s”不存在", o.CatalogID),
				fmt.Sprintf("an open-list entry opens a catalogue entry; %q does not exist", o.CatalogID),
				"请先编制该资源目录条目，或改正 catalog_id（写法：部门/条目标识）", "write the catalogue entry first, or correct catalog_id (<dept>/<id>)")
			continue
		case o.Status == catalog.Published && e.Status != catalog.Published:
			j.error(where, fmt.Sprintf("开放清单条目已发布，而资源目录条目“%s”尚未发布（现为 %s）", o.CatalogID, e.Status),
				fmt.Sprintf("the open-list entry is published but the catalogue entry %q is not (it is %s)", o.CatalogID, e.Status),
				"请先发布资源目录条目", "publish the catalogue entry first")
		case e.Open.Type == catalog.Closed:
			j.error(where, fmt.Sprintf("资源目录条目“%s”为非开放，不得列入开放清单", o.CatalogID),
				fmt.Sprintf("the catalogue entry %q is closed and cannot be on the open list", o.CatalogID),
				"请删去本开放清单条目，或由有权部门重新认定开放属性", "remove this entry, or have the openness determined anew")
		}
		for i, name := range o.Items {
			where := at{o.Path, fmt.Sprintf("items[%d]", i), e.Regime}
			switch it := e.Item(name); {
			case it == nil:
				j.error(where, fmt.Sprintf("数据项“%s”不在资源目录条目“%s”中", name, o.CatalogID),
					fmt.Sprintf("item %q is not in the catalogue entry %q", name, o.CatalogID),
					"请先在资源目录中登记该数据项，或从清单中删去", "register the item in the catalogue entry, or remove it here")
			case it.OpenType == catalog.Closed:
				j.error(where, fmt.Sprintf("数据项“%s”为非开放，不得列入开放清单", name),
					fmt.Sprintf("item %q is closed and cannot be opened", name),
					"请从清单的 items 中删去该数据项", "remove the item from items")
			}
		}
	}
}
