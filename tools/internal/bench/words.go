package bench

import "strings"

// place is where an entry is about: the district, a subdistrict, or what lies along a road.
type place struct{ zh, en, region string }

var places = [...]place{
	{"长宁区", "Changning District", "310105"},
	{"华阳路街道", "Huayang Road Subdistrict", "310105001"}, {"江苏路街道", "Jiangsu Road Subdistrict", "310105002"},
	{"新华路街道", "Xinhua Road Subdistrict", "310105004"}, {"周家桥街道", "Zhoujiaqiao Subdistrict", "310105005"},
	{"天山路街道", "Tianshan Road Subdistrict", "310105006"}, {"仙霞新村街道", "Xianxia Xincun Subdistrict", "310105008"},
	{"虹桥街道", "Hongqiao Subdistrict", "310105009"}, {"程家桥街道", "Chengjiaqiao Subdistrict", "310105010"},
	{"北新泾街道", "Beixinjing Subdistrict", "310105011"}, {"新泾镇", "Xinjing Town", "310105102"},
	{"长宁路沿线", "along Changning Road", "310105"}, {"延安西路沿线", "along West Yan’an Road", "310105"},
	{"虹桥路沿线", "along Hongqiao Road", "310105"}, {"天山路沿线", "along Tianshan Road", "310105"},
	{"仙霞路沿线", "along Xianxia Road", "310105"}, {"新华路沿线", "along Xinhua Road", "310105"},
	{"愚园路沿线", "along Yuyuan Road", "310105"}, {"江苏路沿线", "along Jiangsu Road", "310105"},
	{"古北路沿线", "along Gubei Road", "310105"}, {"娄山关路沿线", "along Loushanguan Road", "310105"},
	{"茅台路沿线", "along Maotai Road", "310105"}, {"遵义路沿线", "along Zunyi Road", "310105"},
	{"威宁路沿线", "along Weining Road", "310105"}, {"北翟路沿线", "along Beidi Road", "310105"},
	{"哈密路沿线", "along Hami Road", "310105"}, {"淞虹路沿线", "along Songhong Road", "310105"},
	{"定西路沿线", "along Dingxi Road", "310105"}, {"法华镇路沿线", "along Fahuazhen Road", "310105"},
	{"安化路沿线", "along Anhua Road", "310105"}, {"凯旋路沿线", "along Kaixuan Road", "310105"},
}

// roads are those of the addresses in the tables.
var roads = func() []string {
	var out []string
	for _, p := range places {
		if road, ok := strings.CutSuffix(p.zh, "沿线"); ok {
			out = append(out, road)
		}
	}
	return out
}()

// streets are the subdistricts and the town.
var streets = func() []string {
	var out []string
	for _, p := range places {
		if len(p.region) > 6 {
			out = append(out, p.zh)
		}
	}
	return out
}()

// period is what time an entry is about; the first is none.
type period struct {
	zh, en     string
	start, end string
}

var periods = [...]period{
	{"", "", "2022", ""},
	{"2024年", "2024", "2024-01", "2024-12"}, {"2023年", "2023", "2023-01", "2023-12"}, {"2022年", "2022", "2022-01", "2022-12"},
	{"2024年上半年", "first half of 2024", "2024-01", "2024-06"}, {"2024年下半年", "second half of 2024", "2024-07", "2024-12"},
	{"2023年上半年", "first half of 2023", "2023-01", "2023-06"}, {"2023年下半年", "second half of 2023", "2023-07", "2023-12"},
	{"2024年第一季度", "first quarter of 2024", "2024-01", "2024-03"}, {"2024年第二季度", "second quarter of 2024", "2024-04", "2024-06"},
	{"2024年第三季度", "third quarter of 2024", "2024-07", "2024-09"}, {"2024年第四季度", "fourth quarter of 2024", "2024-10", "2024-12"},
	{"2023年第一季度", "first quarter of 2023", "2023-01", "2023-03"}, {"2023年第二季度", "second quarter of 2023", "2023-04", "2023-06"},
	{"2023年第三季度", "third quarter of 2023", "2023-07", "2023-09"}, {"2023年第四季度", "fourth quarter of 2023", "2023-10", "2023-12"},
}

// object is what an entry is about. Its family decides what is recorded of it, its lead is the body that holds it.
type object struct {
	id, zh, en, domain, theme, lead string
	family                          []aspect
	words                           string // further keywords
	kinds                           string // of the object, as a column would list them
}

var objects = [...]object{
	{"canteen", "社区食堂", "community canteens", "livelihood", "civil-affairs", "minzheng", venue, "助餐 就餐 养老", "食堂 助餐点 配餐点"},
	{"market", "标准化菜市场", "wet markets", "livelihood", "commerce-trade", "shangwu", venue, "菜市场 买菜 便民", "菜市场 生鲜店 早市"},
	{"service-hall", "政务服务窗口", "service counters", "livelihood", "secretariat-administration", "fuban", venue, "办事 窗口 一网通办", "综合窗口 专窗 自助机"},
	{"job-fair", "招聘会", "job fairs", "livelihood", "labour-personnel", "renshe", casework, "就业 岗位 招聘", "线上 线下 校园"},
	{"training", "职业技能培训", "vocational training", "livelihood", "labour-personnel", "renshe", casework, "培训 补贴 技能", "初级 中级 高级"},
	{"insurance", "医保定点机构", "designated medical institutions", "livelihood", "labour-personnel", "yibao", body, "医保 定点 结算", "医院 药店 门诊部"},

	{"toilet", "公共厕所", "public toilets", "city", "construction-environment", "lvhua", facility, "公厕 环卫 无障碍", "独立式 附属式 移动式"},
	{"lamp", "路灯", "street lamps", "city", "construction-environment", "jianguan", facility, "照明 市政设施 夜间", "高杆灯 单臂灯 庭院灯"},
	{"waste", "垃圾分类投放点", "waste sorting points", "city", "construction-environment", "lvhua", facility, "垃圾分类 投放 环卫", "定时点 误时点 商铺点"},
	{"manhole", "窨井盖", "manhole covers", "city", "construction-environment", "jianguan", facility, "井盖 市政 道路", "雨水 污水 电力 通信"},
	{"signboard", "户外招牌", "shop signs", "city", "construction-environment", "chengguan", facility, "店招 市容 街面", "平行式 垂直式 落地式"},
	{"renewal", "旧住房修缮项目", "housing renewal projects", "city", "construction-environment", "fangguan", casework, "旧改 修缮 居住", "成套改造 屋面及相关设施 厨卫综合"},
	{"estate", "住宅小区", "housing estates", "city", "construction-environment", "fangguan", body, "物业 小区 居住", "商品房 售后公房 公寓"},
	{"site", "在建工地", "construction sites", "city", "construction-environment", "jianguan", facility, "工地 施工 文明施工", "房建 市政 装修"},

	{"park", "公园绿地", "parks", "environment", "construction-environment", "lvhua", venue, "公园 绿化 休憩", "综合公园 口袋公园 社区公园"},
	{"tree", "行道树", "street trees", "environment", "construction-environment", "lvhua", facility, "树木 绿化 养护", "悬铃木 香樟 银杏 栾树"},
	{"green-roof", "屋顶绿化", "green roofs", "environment", "construction-environment", "lvhua", facility, "立体绿化 海绵城市 屋顶", "花园式 组合式 草坪式"},
	{"river", "河道断面", "river sections", "environment", "agriculture-water", "shengtai", station, "水质 河道 断面", "国控 市控 区控"},
	{"air", "空气监测点", "air monitoring points", "environment", "construction-environment", "shengtai", station, "空气质量 PM2.5 监测", "国控点 市控点 扬尘点"},
	{"noise", "噪声监测点", "noise monitoring points", "environment", "construction-environment", "shengtai", station, "噪声 分贝 监测", "功能区 道路 工地"},
	{"ponding", "道路积水监测点", "road ponding sensors", "environment", "agriculture-water", "jianguan", station, "积水 防汛 水位", "下立交 易积水路段 泵站"},

	{"bus-stop", "公交站点", "bus stops", "transport", "industry-transport", "jianguan", facility, "公交 站牌 出行", "首末站 中途站 枢纽站"},
	{"parking", "公共停车场", "public car parks", "transport", "industry-transport", "jianguan", facility, "停车 泊位 收费", "地面 地下 立体 道路"},
	{"bike-lane", "非机动车道", "bicycle lanes", "transport", "industry-transport", "jianguan", facility, "骑行 自行车 道路", "独立式 划线式 混行"},
	{"crossing", "人行横道", "crossings", "transport", "industry-transport", "gongan", facility, "斑马线 信号灯 步行", "信号控制 无信号 过街天桥"},
	{"charging", "充电桩", "charging points", "transport", "industry-transport", "fagai", facility, "充电 新能源车 电动车", "快充 慢充 换电"},
	{"bike-parking", "非机动车停放点", "bicycle parking", "transport", "industry-transport", "chengguan", facility, "共享单车 停放 秩序", "划线区 停车架 禁停区"},

	{"kindergarten", "幼儿园", "kindergartens", "education-tech", "science-education", "jiaoyu", venue, "学前教育 入园 托幼", "公办 民办 示范"},
	{"school", "中小学校", "schools", "education-tech", "science-education", "jiaoyu", venue, "学校 义务教育 学区", "小学 初中 高中 九年一贯制"},
	{"science-base", "科普基地", "science centres", "education-tech", "science-education", "kewei", venue, "科普 参观 青少年", "场馆类 园区类 院所类"},
	{"tech-firm", "科技型企业", "technology firms", "education-tech", "science-education", "kewei", body, "创新 科技 高新技术", "高新技术企业 科技小巨人 专精特新"},

	{"library", "图书馆分馆", "library branches", "culture", "culture-health-sport", "wenlv", venue, "阅读 借书 图书", "区馆 街镇分馆 服务点"},
	{"museum", "博物馆", "museums", "culture", "culture-health-sport", "wenlv", venue, "展览 文物 参观", "国有 行业 非国有"},
	{"heritage", "不可移动文物", "heritage sites", "culture", "culture-health-sport", "wenlv", facility, "文物 老建筑 保护", "文物保护单位 文物保护点"},
	{"gym", "健身场馆", "gyms", "culture", "culture-health-sport", "tiyu", venue, "健身 体育 运动", "综合馆 健身中心 游泳馆"},
	{"court", "社区球场", "sports courts", "culture", "culture-health-sport", "tiyu", venue, "球场 篮球 运动", "篮球 足球 网球 羽毛球"},
	{"trail", "健身步道", "walking trails", "culture", "culture-health-sport", "tiyu", facility, "步道 跑步 健身", "滨河 公园 社区"},
	{"hotel", "旅馆", "hotels", "culture", "tourism-services", "wenlv", body, "住宿 旅游 酒店", "星级 经济型 民宿"},

	{"clinic", "社区卫生服务站", "community clinics", "health", "culture-health-sport", "weijian", venue, "看病 家庭医生 社区卫生", "中心 服务站 家庭医生工作室"},
	{"hospital", "医疗机构", "medical institutions", "health", "culture-health-sport", "weijian", body, "医院 门诊 就诊", "医院 门诊部 诊所"},
	{"pharmacy", "零售药店", "pharmacies", "health", "culture-health-sport", "shichang", body, "买药 药房 夜间售药", "单体 连锁 定点"},
	{"vaccine", "预防接种门诊", "vaccination clinics", "health", "culture-health-sport", "weijian", venue, "疫苗 接种 免疫", "成人 儿童 综合"},

	{"nursing", "养老机构", "nursing homes", "society", "civil-affairs", "minzheng", venue, "养老院 床位 照护", "公建民营 民办 社区嵌入式"},
	{"day-care", "日间照护中心", "day-care centres", "society", "civil-affairs", "minzheng", venue, "日托 养老 照料", "日间照护 长者照护 综合为老"},
	{"childcare", "托育机构", "nurseries", "society", "culture-health-sport", "weijian", venue, "托育 婴幼儿 照护", "全日托 半日托 计时托"},
	{"volunteer", "志愿服务项目", "volunteer projects", "society", "civil-affairs", "minzheng", casework, "志愿者 公益 服务", "助老 助残 环保 文明交通"},
	{"veteran", "退役军人服务站", "veterans’ service stations", "society", "civil-affairs", "tuiyi", venue, "退役军人 优抚 服务站", "区级 街镇 居村"},

	{"hydrant", "消火栓", "hydrants", "safety", "justice-supervision", "yingji", facility, "消防 水源 灭火", "地上式 地下式 室内"},
	{"shelter", "应急避难场所", "emergency shelters", "safety", "justice-supervision", "yingji", facility, "避险 应急 疏散", "室内 室外 综合"},
	{"elevator", "电梯", "lifts", "safety", "justice-supervision", "shichang", facility, "升降机 特种设备 困人", "乘客电梯 载货电梯 自动扶梯"},
	{"boiler", "锅炉", "boilers", "safety", "justice-supervision", "shichang", facility, "供热 特种设备 能效", "蒸汽 热水 导热油"},
	{"food", "餐饮单位", "restaurants", "safety", "commerce-trade", "shichang", body, "食品安全 餐饮 量化分级", "饭店 小吃店 饮品店 食堂"},

	{"enterprise", "规模以上企业", "large enterprises", "economy", "economic-management", "tongji", body, "企业 统计 产值", "工业 服务业 批零住餐"},
	{"office", "商务楼宇", "office buildings", "economy", "economic-management", "shangwu", body, "楼宇经济 写字楼 招商", "甲级 乙级 园区"},
	{"shop", "沿街商铺", "street shops", "economy", "commerce-trade", "shichang", body, "商铺 个体户 街面", "餐饮 零售 服务"},
	{"budget", "财政专项资金项目", "special fund projects", "economy", "finance", "caizheng", casework, "预算 专项资金 绩效", "产业扶持 民生保障 城市维护"},
	{"asset", "国有房产", "state-owned premises", "economy", "finance", "guozi", body, "国资 租赁 房产", "办公 商业 仓储"},

	{"permit", "行政许可", "permits", "credit", "justice-supervision", "shichang", casework, "双公示 许可 信用", "普通 特许 认可 登记"},
	{"penalty", "行政处罚", "penalties", "credit", "justice-supervision", "chengguan", casework, "双公示 处罚 信用", "警告 罚款 责令停业"},
	{"complaint", "消费投诉", "consumer complaints", "credit", "commerce-trade", "shichang", casework, "投诉 举报 消费维权", "商品 服务 价格"},

	{"ngo", "社会组织", "social organisations", "organisations", "party-groups", "minzheng", body, "社团 民非 登记", "社会团体 民办非企业单位 基金会"},
	{"committee", "居民委员会", "residents’ committees", "organisations", "civil-affairs", "minzheng", body, "居委会 社区 自治", "居委会 村委会"},
	{"legal-aid", "法律援助", "legal aid", "organisations", "justice-supervision", "sifa", casework, "公共法律服务 律师 调解", "民事 刑事 行政"},
	{"archive", "民生档案查询", "archive enquiries", "organisations", "secretariat-administration", "dangan", casework, "查档 档案 跨馆", "婚姻 知青 独生子女 房产"},
}

// uses say what the data serve.
var uses = []string{
	"供居民就近查找和选择服务", "供研究机构分析设施布局", "供企业开发便民应用", "供街镇安排日常巡查", "供媒体核对公开数字", "供教学和竞赛使用",
	"供物业和居委会安排维护", "供出行和地图应用更新点位", "供社会公众了解和监督", "供规划部门评估服务半径",
}

// sources say where the data come from.
var sources = []string{"日常管理台账", "业务系统登记信息", "现场检查记录", "第三方评估报告", "街镇上报材料", "监测设备自动采集"}

// audiences are for whom the data are published.
var audiences = []string{"居民办事和出行", "社会各界了解情况", "企业和创业者选址", "研究人员分析", "社区工作者安排工作"}
