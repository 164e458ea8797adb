package rule

import (
	"fmt"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// dates is R13: first published before updated, and nothing in the future.
func dates(j *judge) {
	for _, e := range j.Entries {
		j.notFuture(at{e.Path, "published_on", e.Regime}, e.PublishedOn)
		j.temporal(at{e.Path, "temporal", e.Regime}, e.Temporal)
	}
	for _, o := range j.OpenEntries {
		var regime catalog.RegimeID
		if o.Entry != nil {
			regime = o.Entry.Regime
		}
		j.notFuture(at{o.Path, "first_published_on", regime}, o.FirstPublishedOn)
		j.notFuture(at{o.Path, "updated_on", regime}, o.UpdatedOn)
		j.temporal(at{o.Path, "temporal", regime}, o.Temporal)
		if len(o.Releases) > 0 && !o.UpdatedOn.IsZero() {
			j.error(at{o.Path, "updated_on", regime}, "有数据文件的数据集，更新日期由数据版本得出，不需填写", "the update day of a dataset with files comes from its newest release", "请删去 updated_on", "remove updated_on")
		}
		if up := o.Updated(); !up.IsZero() && up.Before(o.FirstPublishedOn) {
			j.error(at{o.Path, "first_published_on", regime}, fmt.Sprintf("日期前后矛盾：首次发布 %s 晚于最近更新 %s", o.FirstPublishedOn, up),
				fmt.Sprintf("first published on %s, after the last update on %s", o.FirstPublishedOn, up), "请核对两个日期", "check both dates")
		}
		if o.Entry != nil && !o.FirstPublishedOn.IsZero() && o.FirstPublishedOn.Before(o.Entry.PublishedOn) {
			j.error(at{o.Path, "first_published_on", regime}, fmt.Sprintf("日期前后矛盾：开放清单首次发布 %s 早于资源目录发布 %s", o.FirstPublishedOn, o.Entry.PublishedOn),
				fmt.Sprintf("first published on %s, before the catalogue entry on %s", o.FirstPublishedOn, o.Entry.PublishedOn), "请核对两个日期", "check both dates")
		}
	}
}

func (j *judge) notFuture(where at, d calendar.Date) {
	if d.After(j.Today) {
		j.error(where, fmt.Sprintf("日期 %s 在未来", d), fmt.Sprintf("%s lies in the future", d), "请填写实际日期", "give the actual day")
	}
}

// temporal holds a period to the past. Its ends are CCYY, CCYY-MM or CCYY-MM-DD, which order as strings up to the
// shorter length.
func (j *judge) temporal(where at, t *catalog.Temporal) {
	if t == nil {
		return
	}
	today := j.Today.String()
	for _, s := range []string{t.Start, t.End} {
		if n := min(len(s), len(today)); s[:n] > today[:n] {
			j.error(where, fmt.Sprintf("时间范围 %s 在未来", s), fmt.Sprintf("the period reaches into the future: %s", s), "请填写数据实际覆盖的时间", "give the time the data cover")
		}
	}
}
