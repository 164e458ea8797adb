package bench

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// aspect is what is recorded of an object.
type aspect struct {
	id, zh, en, about string
	row               string // what one row is
	frequencies       []string
	columns           string // names in the table of columns
	series            int    // rows of one thing: points in time; 1 = a list of things
}

// The families: what is recorded of a facility, a venue, a body, a case and a station.
var (
	facility = []aspect{
		{"points", "点位信息", "locations", "列明编号、类型、所在道路和坐标", "一处设施", quarterly, "code kind street road number lon lat built_on in_use", 1},
		{"check", "检查结果", "inspection results", "记录检查日期、结论和整改情况", "一次检查", monthly, "check_no code checked_on result problem fixed_on", 1},
		{"repair", "维修养护记录", "maintenance records", "记录报修、处置和验收时间", "一次维修", monthly, "order_no code reported_at finished_at work cost", 1},
		{"barrier", "无障碍情况", "accessibility", "列明坡道、盲道、扶手等情况", "一处设施", yearly, "code road ramp tactile_paving handrail checked_on", 1},
		{"energy", "月度能耗", "monthly energy use", "按月汇总用电、用水", "一处设施一个月", monthly, "month code power water", 24},
		{"plan", "建设改造计划", "construction plans", "列明任务、投资和计划完成时间", "一项任务", yearly, "plan_no task street amount planned_on done", 1},
	}
	venue = []aspect{
		{"list", "名录", "register", "列明名称、地址、服务时间和面积", "一处场所", quarterly, "code name kind street road number opens closes area lon lat", 1},
		{"hours", "开放时间", "opening hours", "列明平日、周末和节假日的开放时间", "一处场所一个星期日", quarterly, "weekday code opens closes by_appointment", 7},
		{"flow", "客流情况", "visitor numbers", "按日汇总进出人次", "一处场所一天", daily, "day code visitors peak_hour online_bookings", 84},
		{"score", "满意度评价", "satisfaction scores", "汇总群众评价和回访情况", "一处场所一个季度", quarterly, "quarter code score replies complaints", 8},
		{"check", "检查结果", "inspection results", "记录检查日期、结论和整改情况", "一次检查", monthly, "check_no code checked_on result problem fixed_on", 1},
		{"fees", "收费标准", "fees", "列明项目、标准和优惠对象", "一个收费项目", yearly, "fee_no item price unit_name discount valid_from", 1},
	}
	body = []aspect{
		{"list", "名录", "register", "列明名称、类别、地址和登记日期", "一家单位", monthly, "code name kind street road number registered_on in_use", 1},
		{"count", "数量统计", "counts by month", "按月、按类别统计存量和增减", "一个类别一个月", monthly, "month category total added closed", 24},
		{"check", "监督检查结果", "inspection results", "记录检查日期、结论和整改情况", "一次检查", monthly, "check_no code checked_on result problem fixed_on", 1},
		{"grade", "等级评定结果", "grades", "列明评定年度、等级和评定日期", "一次评定", yearly, "year code grade score graded_on", 3},
		{"area", "分街镇分布", "distribution by subdistrict", "按街镇汇总数量和占比", "一个街镇一个季度", quarterly, "quarter street_key total share_of_total", 8},
	}
	casework = []aspect{
		{"list", "办理结果", "decisions", "列明事项、受理和办结日期、结果", "一个办件", weekly, "case_no kind street accepted_on finished_on outcome", 1},
		{"stats", "月度统计", "monthly figures", "按月汇总受理、办结和平均用时", "一个类别一个月", monthly, "month category accepted finished mean_days", 24},
		{"time", "办理时限情况", "time taken", "记录法定时限、承诺时限和实际用时", "一个办件", monthly, "case_no legal_days promised_days actual_days on_time", 1},
		{"guide", "办理事项清单", "list of services", "列明事项名称、条件、材料和时限", "一个事项", yearly, "service_no service condition_text promised_days fee", 1},
		{"score", "满意度评价", "satisfaction scores", "汇总群众评价和回访情况", "一个类别一个季度", quarterly, "quarter category score replies complaints", 8},
	}
	station = []aspect{
		{"points", "点位信息", "locations", "列明编号、类型和坐标", "一个点位", yearly, "code kind street road lon lat built_on in_use", 1},
		{"readings", "逐时监测数据", "hourly readings", "逐时记录监测值和数据状态", "一个点位一小时", hourly, "measured_at code reading valid", 240},
		{"daily", "日均值", "daily means", "按日汇总平均值、最大值和有效小时数", "一个点位一天", daily, "day code mean_value max_value valid_hours", 84},
		{"exceed", "超标记录", "exceedances", "记录超标时间、数值和处置", "一次超标", weekly, "event_no code began_at ended_at max_value handling", 1},
		{"upkeep", "设备运维记录", "maintenance records", "记录校准、维修和更换", "一次运维", monthly, "order_no code reported_at finished_at work cost", 1},
	}
)

// Update frequencies that go together.
var (
	hourly    = []string{"realtime", "daily"}
	daily     = []string{"daily", "weekly"}
	weekly    = []string{"weekly", "monthly"}
	monthly   = []string{"monthly", "quarterly"}
	quarterly = []string{"quarterly", "semiannual", "irregular"}
	yearly    = []string{"annual", "semiannual", "irregular"}
)

// column is an item of the catalogue and the cells below it.
type column struct {
	name, title, titleEn string
	kind                 string // item_type
	length, scale        int
	about                string
	key                  bool
	values               []string // code list
	unit, role, format   string
	cell                 func(t *tableRow) string
}

// tableRow is the row under way: the number of the thing and of its point in time.
type tableRow struct {
	*rand.Rand
	subject      subject
	prefix       string
	n            int // row
	thing, point int
	year         int
}

// day is any date of the table's year.
func (t *tableRow) day() string {
	return fmt.Sprintf("%d-%02d-%02d", t.year, 1+t.IntN(12), 1+t.IntN(28))
}

func (t *tableRow) number(from, to int) string { return strconv.Itoa(from + t.IntN(to-from)) }

func (t *tableRow) decimal(from, to float64, digits int) string {
	return strconv.FormatFloat(from+t.Float64()*(to-from), 'f', digits, 64)
}

func (t *tableRow) yes(percent int) string {
	if t.IntN(100) < percent {
		return "是"
	}
	return "否"
}

// serial is a number of a run: SH-2023-00012.
func serial(letters string) func(*tableRow) string {
	return func(t *tableRow) string { return fmt.Sprintf("%s-%d-%05d", letters, t.year, t.n+1) }
}

func oneOf(values ...string) func(*tableRow) string {
	return func(t *tableRow) string { return pick(t.Rand, values) }
}

var (
	results  = []string{"合格", "基本合格", "不合格"}
	weekdays = []string{"星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"}
	tasks    = []string{"新建", "改建", "更新设备", "无障碍改造", "节能改造", "功能提升"}
	outcomes = []string{"准予", "不予", "办结", "退回补正", "撤回"}
	works    = []string{"更换零件", "外观修补", "清洗", "校准", "整体更换", "排查故障"}
	grades   = []string{"A", "B", "C", "D"}
	handling = []string{"现场核查后恢复", "设备故障剔除", "督促整改", "持续关注"}
)

// columnOf is the table of columns by name.
var columnOf = func() map[string]column {
	m := map[string]column{}
	for _, c := range []column{
		// Keys.
		{name: "code", title: "编号", titleEn: "Code", kind: "C", length: 20, about: "唯一编号", key: true,
			cell: func(t *tableRow) string { return fmt.Sprintf("%s%05d", t.prefix, t.thing+1) }},
		{name: "check_no", title: "检查单号", titleEn: "Inspection number", kind: "C", length: 20, about: "检查单的流水号", key: true, cell: serial("JC")},
		{name: "order_no", title: "工单号", titleEn: "Order number", kind: "C", length: 20, about: "维修工单的流水号", key: true, cell: serial("WX")},
		{name: "plan_no", title: "任务编号", titleEn: "Task number", kind: "C", length: 20, about: "年度任务的序号", key: true, cell: serial("RW")},
		{name: "fee_no", title: "项目编号", titleEn: "Fee number", kind: "C", length: 20, about: "收费项目的序号", key: true, cell: serial("SF")},
		{name: "case_no", title: "办件编号", titleEn: "Case number", kind: "C", length: 20, about: "办件的流水号", key: true, cell: serial("BJ")},
		{name: "service_no", title: "事项编号", titleEn: "Service number", kind: "C", length: 20, about: "事项的序号", key: true, cell: serial("SX")},
		{name: "event_no", title: "事件编号", titleEn: "Event number", kind: "C", length: 20, about: "超标事件的流水号", key: true, cell: serial("CB")},
		// Points in time; each is part of a key.
		{name: "month", title: "月份", titleEn: "Month", kind: "C", length: 7, about: "统计月份", key: true, role: "time", format: "yearmonth",
			cell: func(t *tableRow) string { return fmt.Sprintf("%d-%02d", t.year-1+t.point/12, 1+t.point%12) }},
		{name: "quarter", title: "季度", titleEn: "Quarter", kind: "C", length: 7, about: "统计季度", key: true,
			cell: func(t *tableRow) string { return fmt.Sprintf("%d-Q%d", t.year-1+t.point/4, 1+t.point%4) }},
		{name: "year", title: "年度", titleEn: "Year", kind: "C", length: 4, about: "评定年度", key: true, role: "time", format: "year",
			cell: func(t *tableRow) string { return strconv.Itoa(t.year - 2 + t.point) }},
		{name: "day", title: "日期", titleEn: "Day", kind: "D", about: "统计日期", key: true, role: "time",
			cell: func(t *tableRow) string { return fmt.Sprintf("%d-%02d-%02d", t.year, 1+t.point/28, 1+t.point%28) }},
		{name: "weekday", title: "星期", titleEn: "Weekday", kind: "C", length: 9, about: "一周中的哪一天", key: true, values: weekdays,
			cell: func(t *tableRow) string { return weekdays[t.point%7] }},
		{name: "measured_at", title: "监测时间", titleEn: "Measured at", kind: "T", about: "整点时间", key: true, role: "time",
			cell: func(t *tableRow) string {
				return fmt.Sprintf("%d-06-%02d %02d:00:00", t.year, 1+t.point/24, t.point%24)
			}},
		// What a row of figures is about, where it is not a thing with a code.
		{name: "category", title: "类别", titleEn: "Category", kind: "C", length: 40, about: "统计类别", key: true,
			cell: func(t *tableRow) string { return fmt.Sprintf("%s%d类", t.subject.object.zh, t.thing+1) }},
		{name: "street_key", title: "街镇", titleEn: "Subdistrict", kind: "C", length: 40, about: "街道或镇，及其分片", key: true,
			cell: func(t *tableRow) string {
				if t.thing < len(streets) {
					return streets[t.thing]
				}
				return fmt.Sprintf("%s第%d片", streets[t.thing%len(streets)], t.thing/len(streets))
			}},
		// Descriptions.
		{name: "name", title: "名称", titleEn: "Name", kind: "C", length: 100, about: "对外名称，为示例", role: "name",
			cell: func(t *tableRow) string { return fmt.Sprintf("示例%s%d号", t.subject.object.zh, t.thing+1) }},
		{name: "kind", title: "类型", titleEn: "Kind", kind: "C", length: 20, about: "按管理类别划分"},
		{name: "street", title: "所属街镇", titleEn: "Subdistrict", kind: "C", length: 20, about: "所在的街道或镇", values: streets,
			cell: func(t *tableRow) string {
				if len(t.subject.place.region) > 6 {
					return t.subject.place.zh
				}
				return pick(t.Rand, streets)
			}},
		{name: "road", title: "所在道路", titleEn: "Road", kind: "C", length: 40, about: "所在的道路",
			cell: func(t *tableRow) string {
				if road, along := strings.CutSuffix(t.subject.place.zh, "沿线"); along {
					return road
				}
				return pick(t.Rand, roads)
			}},
		{name: "number", title: "门牌", titleEn: "House number", kind: "C", length: 20, about: "门牌号，道路中间的设施为最近的门牌",
			cell: func(t *tableRow) string { return t.number(1, 2600) + "号" }},
		{name: "lon", title: "经度", titleEn: "Longitude", kind: "F", about: "WGS-84 坐标", role: "lon", unit: "度",
			cell: func(t *tableRow) string { return t.decimal(121.33, 121.44, 5) }},
		{name: "lat", title: "纬度", titleEn: "Latitude", kind: "F", about: "WGS-84 坐标", role: "lat", unit: "度",
			cell: func(t *tableRow) string { return t.decimal(31.19, 31.24, 5) }},
		{name: "opens", title: "开始时间", titleEn: "Opens", kind: "C", length: 5, about: "开始服务的时间", format: "time", cell: oneOf("06:30", "07:00", "08:00", "08:30", "09:00", "10:00")},
		{name: "closes", title: "结束时间", titleEn: "Closes", kind: "C", length: 5, about: "结束服务的时间", format: "time", cell: oneOf("16:30", "17:00", "18:00", "20:00", "21:00", "22:00")},
		{name: "by_appointment", title: "须预约", titleEn: "By appointment", kind: "L", about: "是否须事先预约", cell: func(t *tableRow) string { return t.yes(20) }},
		{name: "problem", title: "发现问题", titleEn: "Problem", kind: "C", length: 60, about: "检查发现的问题，没有的不填", cell: oneOf("", "", "", "标识缺失", "台账不全", "设备老化", "保洁不到位", "通道堵塞")},
		{name: "task", title: "任务", titleEn: "Task", kind: "C", length: 20, about: "任务类别", values: tasks, cell: oneOf(tasks...)},
		{name: "work", title: "处置内容", titleEn: "Work", kind: "C", length: 20, about: "处置类别", values: works, cell: oneOf(works...)},
		{name: "item", title: "收费项目", titleEn: "Item", kind: "C", length: 40, about: "收费项目名称", cell: oneOf("基本服务费", "场地使用费", "材料费", "押金", "会员费")},
		{name: "unit_name", title: "计价单位", titleEn: "Charged by", kind: "C", length: 10, about: "按什么计价", cell: oneOf("次", "小时", "天", "月", "人")},
		{name: "discount", title: "优惠对象", titleEn: "Discounts", kind: "C", length: 40, about: "享受优惠的人群，没有的不填", cell: oneOf("", "老年人", "学生", "残疾人", "现役军人", "本区居民")},
		{name: "service", title: "事项名称", titleEn: "Service", kind: "C", length: 60, about: "事项的规范名称",
			cell: func(t *tableRow) string {
				return t.subject.object.zh + []string{"申请", "变更", "延续", "注销", "查询"}[t.n%5] + fmt.Sprintf("（情形%d）", t.n/5+1)
			}},
		{name: "condition_text", title: "办理条件", titleEn: "Conditions", kind: "C", length: 100, about: "受理的条件", cell: oneOf("材料齐全，符合法定形式", "符合区级有关管理规定", "在本区范围内", "已完成网上登记")},
		{name: "handling", title: "处置情况", titleEn: "Handling", kind: "C", length: 40, about: "处置结论", values: handling, cell: oneOf(handling...)},
		{name: "result", title: "检查结论", titleEn: "Result", kind: "C", length: 12, about: "检查结论", values: results, cell: oneOf("合格", "合格", "合格", "合格", "基本合格", "不合格")},
		{name: "outcome", title: "办理结果", titleEn: "Outcome", kind: "C", length: 20, about: "办理结果", values: outcomes, cell: oneOf(outcomes...)},
		{name: "grade", title: "等级", titleEn: "Grade", kind: "C", length: 2, about: "评定等级，A为最高", values: grades, cell: oneOf("A", "A", "B", "B", "C", "D")},
		// Yes or no.
		{name: "in_use", title: "在用", titleEn: "In use", kind: "L", about: "是否在用", cell: func(t *tableRow) string { return t.yes(94) }},
		{name: "ramp", title: "有坡道", titleEn: "Ramp", kind: "L", about: "是否有坡道", cell: func(t *tableRow) string { return t.yes(60) }},
		{name: "tactile_paving", title: "有盲道", titleEn: "Tactile paving", kind: "L", about: "是否接通盲道", cell: func(t *tableRow) string { return t.yes(45) }},
		{name: "handrail", title: "有扶手", titleEn: "Handrail", kind: "L", about: "是否有扶手", cell: func(t *tableRow) string { return t.yes(55) }},
		{name: "done", title: "已完成", titleEn: "Done", kind: "L", about: "是否已完成", cell: func(t *tableRow) string { return t.yes(70) }},
		{name: "on_time", title: "按时办结", titleEn: "On time", kind: "L", about: "是否在承诺时限内办结", cell: func(t *tableRow) string { return t.yes(97) }},
		{name: "valid", title: "数据有效", titleEn: "Valid", kind: "L", about: "是否通过审核", cell: func(t *tableRow) string { return t.yes(98) }},
		// Days and moments that are no key.
		{name: "built_on", title: "启用日期", titleEn: "In use since", kind: "D", about: "启用的日期",
			cell: func(t *tableRow) string {
				return fmt.Sprintf("%d-%02d-%02d", 1998+t.IntN(24), 1+t.IntN(12), 1+t.IntN(28))
			}},
		{name: "registered_on", title: "登记日期", titleEn: "Registered on", kind: "D", about: "登记的日期", role: "time",
			cell: func(t *tableRow) string {
				return fmt.Sprintf("%d-%02d-%02d", 2001+t.IntN(21), 1+t.IntN(12), 1+t.IntN(28))
			}},
		{name: "checked_on", title: "检查日期", titleEn: "Checked on", kind: "D", about: "检查的日期", role: "time", cell: (*tableRow).day},
		{name: "fixed_on", title: "整改日期", titleEn: "Fixed on", kind: "D", about: "完成整改的日期，没有的不填",
			cell: func(t *tableRow) string {
				if t.IntN(4) > 0 {
					return ""
				}
				return t.day()
			}},
		{name: "planned_on", title: "计划完成日期", titleEn: "Planned for", kind: "D", about: "计划完成的日期", role: "time", cell: (*tableRow).day},
		{name: "accepted_on", title: "受理日期", titleEn: "Accepted on", kind: "D", about: "受理的日期", role: "time", cell: half(0)},
		{name: "finished_on", title: "办结日期", titleEn: "Finished on", kind: "D", about: "办结的日期", cell: half(12)},
		{name: "graded_on", title: "评定日期", titleEn: "Graded on", kind: "D", about: "评定的日期", cell: (*tableRow).day},
		{name: "valid_from", title: "执行日期", titleEn: "Valid from", kind: "D", about: "开始执行的日期", cell: (*tableRow).day},
		{name: "reported_at", title: "报修时间", titleEn: "Reported at", kind: "T", about: "接到报修的时间", role: "time", cell: moment(0)},
		{name: "finished_at", title: "完成时间", titleEn: "Finished at", kind: "T", about: "验收完成的时间", cell: moment(12)},
		{name: "began_at", title: "开始时间", titleEn: "Began at", kind: "T", about: "开始超标的时间", role: "time", cell: moment(0)},
		{name: "ended_at", title: "结束时间", titleEn: "Ended at", kind: "T", about: "恢复正常的时间", cell: moment(12)},
		// Figures.
		{name: "area", title: "面积", titleEn: "Area", kind: "N", length: 8, scale: 1, about: "服务面积", unit: "平方米", cell: func(t *tableRow) string { return t.decimal(20, 5000, 1) }},
		{name: "power", title: "用电量", titleEn: "Electricity", kind: "N", length: 10, scale: 1, about: "当月用电量", unit: "千瓦时", cell: func(t *tableRow) string { return t.decimal(80, 40000, 1) }},
		{name: "water", title: "用水量", titleEn: "Water", kind: "N", length: 8, scale: 1, about: "当月用水量", unit: "立方米", cell: func(t *tableRow) string { return t.decimal(1, 900, 1) }},
		{name: "amount", title: "计划投资", titleEn: "Investment", kind: "Y", length: 10, scale: 2, about: "计划投资额", unit: "万元", cell: func(t *tableRow) string { return t.decimal(3, 900, 2) }},
		{name: "cost", title: "费用", titleEn: "Cost", kind: "Y", length: 10, scale: 2, about: "结算费用", unit: "元", cell: func(t *tableRow) string { return t.decimal(50, 9000, 2) }},
		{name: "price", title: "标准", titleEn: "Price", kind: "Y", length: 8, scale: 2, about: "收费标准", unit: "元", cell: func(t *tableRow) string { return t.decimal(2, 300, 2) }},
		{name: "fee", title: "收费", titleEn: "Fee", kind: "Y", length: 8, scale: 2, about: "办理费用，免费为0", unit: "元", cell: oneOf("0", "0", "0", "0", "10", "50")},
		{name: "visitors", title: "人次", titleEn: "Visitors", kind: "I", about: "当日进入人次", unit: "人次", cell: func(t *tableRow) string { return t.number(20, 4000) }},
		{name: "peak_hour", title: "高峰时段", titleEn: "Peak hour", kind: "I", about: "人数最多的小时", unit: "时", cell: func(t *tableRow) string { return t.number(8, 20) }},
		{name: "online_bookings", title: "网上预约", titleEn: "Online bookings", kind: "I", about: "网上预约人次", unit: "人次", cell: func(t *tableRow) string { return t.number(0, 600) }},
		{name: "score", title: "得分", titleEn: "Score", kind: "F", about: "百分制得分", unit: "分", cell: func(t *tableRow) string { return t.decimal(72, 100, 1) }},
		{name: "replies", title: "回收份数", titleEn: "Replies", kind: "I", about: "有效问卷", unit: "份", cell: func(t *tableRow) string { return t.number(10, 400) }},
		{name: "complaints", title: "投诉件数", titleEn: "Complaints", kind: "I", about: "受理投诉", unit: "件", cell: func(t *tableRow) string { return t.number(0, 12) }},
		{name: "total", title: "期末数", titleEn: "Total", kind: "I", about: "期末存量", unit: "家", cell: func(t *tableRow) string { return t.number(5, 900) }},
		{name: "added", title: "新增", titleEn: "Added", kind: "I", about: "本期新增", unit: "家", cell: func(t *tableRow) string { return t.number(0, 40) }},
		{name: "closed", title: "注销", titleEn: "Closed", kind: "I", about: "本期注销", unit: "家", cell: func(t *tableRow) string { return t.number(0, 25) }},
		{name: "share_of_total", title: "占比", titleEn: "Share", kind: "F", about: "占全区的比例", unit: "%", cell: func(t *tableRow) string { return t.decimal(1, 25, 2) }},
		{name: "accepted", title: "受理件数", titleEn: "Accepted", kind: "I", about: "本期受理", unit: "件", cell: func(t *tableRow) string { return t.number(0, 500) }},
		{name: "finished", title: "办结件数", titleEn: "Finished", kind: "I", about: "本期办结", unit: "件", cell: func(t *tableRow) string { return t.number(0, 480) }},
		{name: "mean_days", title: "平均用时", titleEn: "Mean days", kind: "F", about: "平均办理用时", unit: "工作日", cell: func(t *tableRow) string { return t.decimal(0.5, 12, 1) }},
		{name: "legal_days", title: "法定时限", titleEn: "Legal limit", kind: "I", about: "法律规定的时限", unit: "工作日", cell: oneOf("10", "15", "20", "30")},
		{name: "promised_days", title: "承诺时限", titleEn: "Promised limit", kind: "I", about: "对外承诺的时限", unit: "工作日", cell: oneOf("1", "3", "5", "8")},
		{name: "actual_days", title: "实际用时", titleEn: "Actual days", kind: "I", about: "从受理到办结", unit: "工作日", cell: func(t *tableRow) string { return t.number(0, 8) }},
		{name: "reading", title: "监测值", titleEn: "Reading", kind: "F", about: "小时均值", cell: func(t *tableRow) string { return t.decimal(2, 120, 1) }},
		{name: "mean_value", title: "平均值", titleEn: "Mean", kind: "F", about: "日均值", cell: func(t *tableRow) string { return t.decimal(5, 80, 1) }},
		{name: "max_value", title: "最大值", titleEn: "Maximum", kind: "F", about: "期间最大值", cell: func(t *tableRow) string { return t.decimal(60, 200, 1) }},
		{name: "valid_hours", title: "有效小时数", titleEn: "Valid hours", kind: "I", about: "当日有效小时数", unit: "小时", cell: func(t *tableRow) string { return t.number(18, 25) }},
	} {
		if _, taken := m[c.name]; taken {
			panic("bench: two columns " + c.name)
		}
		m[c.name] = c
	}
	return m
}()

// half is a day in the first or the second half of a month that two columns of one row share: it keeps their order.
func half(later int) func(*tableRow) string {
	return func(t *tableRow) string { return fmt.Sprintf("%d-%02d-%02d", t.year, 1+t.n%12, 1+later+t.IntN(12)) }
}

// moment is a working hour of such a day.
func moment(later int) func(*tableRow) string {
	day := half(later)
	return func(t *tableRow) string { return fmt.Sprintf("%s %02d:%02d:00", day(t), 8+t.IntN(10), t.IntN(60)) }
}

// columns of what is recorded of an object; 类型 lists the object's own kinds.
func (s subject) columns() []column {
	var out []column
	for _, name := range strings.Fields(s.aspect.columns) {
		c, ok := columnOf[name]
		if !ok {
			panic("bench: no column " + name)
		}
		if name == "kind" {
			c.values = strings.Fields(s.object.kinds)
			c.cell = oneOf(c.values...)
		}
		out = append(out, c)
	}
	return out
}
