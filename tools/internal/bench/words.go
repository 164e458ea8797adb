package bench

// place is where an entry is about.
type place struct{ zh, en, region string }

var places = [...]place{
	{"长宁区", "Changning District", "310105"},
	{"华阳路街道", "Huayang Road", "310105001"}, {"江苏路街道", "Jiangsu Road", "310105002"},
	{"新华路街道", "Xinhua Road", "310105004"}, {"周家桥街道", "Zhoujiaqiao", "310105005"},
	{"天山路街道", "Tianshan Road", "310105006"}, {"仙霞新村街道", "Xianxia Xincun", "310105008"},
	{"虹桥街道", "Hongqiao", "310105009"}, {"程家桥街道", "Chengjiaqiao", "310105010"},
	{"北新泾街道", "Beixinjing", "310105011"}, {"新泾镇", "Xinjing Town", "310105102"},
}

// object is what an entry is about.
type object struct{ id, zh, en, domain string }

var objects = [...]object{
	{"canteen", "社区食堂", "community canteens", "livelihood"}, {"market", "标准化菜市场", "wet markets", "livelihood"},
	{"toilet", "公共厕所", "public toilets", "city"}, {"lamp", "路灯", "street lamps", "city"},
	{"park", "公园绿地", "parks", "environment"}, {"tree", "行道树", "street trees", "environment"},
	{"bus-stop", "公交站点", "bus stops", "transport"}, {"parking", "公共停车场", "public car parks", "transport"},
	{"bike-lane", "非机动车道", "bicycle lanes", "transport"}, {"crossing", "人行横道", "crossings", "transport"},
	{"kindergarten", "幼儿园", "kindergartens", "education-tech"}, {"school", "中小学校", "schools", "education-tech"},
	{"library", "图书馆分馆", "library branches", "culture"}, {"museum", "博物馆", "museums", "culture"},
	{"gym", "健身场馆", "gyms", "culture"}, {"court", "社区球场", "sports courts", "culture"},
	{"clinic", "社区卫生服务站", "community clinics", "health"}, {"pharmacy", "零售药店", "pharmacies", "health"},
	{"hospital", "医疗机构", "medical institutions", "health"}, {"nursing", "养老机构", "nursing homes", "society"},
	{"day-care", "日间照护中心", "day-care centres", "society"}, {"childcare", "托育机构", "nurseries", "society"},
	{"hydrant", "消火栓", "hydrants", "safety"}, {"shelter", "应急避难场所", "emergency shelters", "safety"},
	{"elevator", "电梯", "lifts", "safety"}, {"boiler", "锅炉", "boilers", "safety"},
	{"enterprise", "规模以上企业", "large enterprises", "economy"}, {"office", "商务楼宇", "office buildings", "economy"},
	{"shop", "沿街商铺", "street shops", "economy"}, {"hotel", "旅馆", "hotels", "economy"},
	{"permit", "行政许可", "permits", "credit"}, {"penalty", "行政处罚", "penalties", "credit"},
	{"ngo", "社会组织", "social organisations", "organisations"}, {"committee", "居民委员会", "residents' committees", "organisations"},
	{"river", "河道断面", "river sections", "environment"}, {"air", "空气监测点", "air monitoring points", "environment"},
	{"waste", "垃圾分类投放点", "waste sorting points", "city"}, {"renewal", "旧住房修缮项目", "housing renewal projects", "city"},
	{"charging", "充电桩", "charging points", "transport"}, {"volunteer", "志愿服务项目", "volunteer projects", "society"},
}

// aspect is what is said about the object.
type aspect struct {
	id, zh, en, about string
	frequencies       []string
}

var aspects = [...]aspect{
	{"list", "名录", "register", "列明名称、位置和服务范围", []string{"quarterly", "semiannual", "annual"}},
	{"stats", "月度统计", "monthly figures", "按月汇总数量和变化", []string{"monthly"}},
	{"check", "检查结果", "inspection results", "记录检查日期、结论和整改情况", []string{"monthly", "quarterly"}},
	{"repair", "维修养护记录", "maintenance records", "记录报修、处置和验收时间", []string{"weekly", "monthly"}},
	{"hours", "开放时间", "opening hours", "列明平日、周末和节假日的开放时间", []string{"quarterly", "irregular"}},
	{"score", "满意度评价", "satisfaction scores", "汇总群众评价和回访情况", []string{"quarterly", "annual"}},
	{"plan", "建设计划", "construction plans", "列明年度任务、进度和完成时间", []string{"annual", "semiannual"}},
	{"energy", "能耗情况", "energy use", "按月汇总用电、用水和用气", []string{"monthly"}},
	{"flow", "客流情况", "visitor numbers", "按日汇总进出人次", []string{"daily", "weekly"}},
	{"barrier", "无障碍设施情况", "accessibility", "列明坡道、盲道、扶手等设施", []string{"annual", "irregular"}},
}

// column of every generated table.
type column struct {
	name, title, titleEn, kind, about, unit, role string
	length                                        int
	key                                           bool
}

var columns = []column{
	{name: "code", title: "编号", titleEn: "Code", kind: "C", about: "的唯一编号", length: 20, key: true},
	{name: "name", title: "名称", titleEn: "Name", kind: "C", about: "的名称", length: 100, role: "name"},
	{name: "road", title: "所在道路", titleEn: "Road", kind: "C", about: "所在的道路", length: 40},
	{name: "count", title: "数量", titleEn: "Count", kind: "I", about: "的数量", unit: "个"},
	{name: "rate", title: "达标率", titleEn: "Rate", kind: "F", about: "的达标比例", unit: "%"},
	{name: "day", title: "核对日期", titleEn: "Checked on", kind: "D", about: "最近一次核对的日期", role: "time"},
}

var roads = []string{"长宁路", "延安西路", "虹桥路", "天山路", "仙霞路", "新华路", "愚园路", "江苏路", "古北路", "娄山关路", "茅台路", "遵义路", "威宁路", "北翟路", "哈密路", "淞虹路", "定西路", "法华镇路", "安化路", "凯旋路"}

var uses = []string{"供居民就近查找和选择服务", "供研究机构分析设施布局", "供企业开发便民应用", "供街镇安排日常巡查", "供媒体核对公开数字", "供教学和竞赛使用"}
