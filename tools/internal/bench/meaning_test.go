package bench

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/judge"
	"opendata.example/odc/tools/internal/query"
	"opendata.example/odc/tools/internal/search"
	"opendata.example/odc/tools/internal/tree"
)

var update = flag.Bool("update", false, "draw the queries again, and accept their figures")

// What people type and records do not have. The words are written down by hand, so that no table which the search
// itself uses is measured with itself.
var (
	// colloquial is another word for an object.
	colloquial = map[string]string{
		"社区食堂": "老年食堂", "标准化菜市场": "菜场", "政务服务窗口": "办事大厅", "招聘会": "找工作", "职业技能培训": "学手艺", "医保定点机构": "医保医院",
		"公共厕所": "洗手间", "路灯": "街灯", "垃圾分类投放点": "垃圾桶", "窨井盖": "下水道盖子", "户外招牌": "店招", "旧住房修缮项目": "老房改造",
		"住宅小区": "楼盘", "在建工地": "建筑工地", "公园绿地": "花园", "行道树": "梧桐树", "屋顶绿化": "楼顶花园", "河道断面": "水质", "空气监测点": "雾霾",
		"噪声监测点": "噪音", "道路积水监测点": "内涝", "公交站点": "巴士站", "公共停车场": "车库", "非机动车道": "自行车道", "人行横道": "斑马线", "充电桩": "充电站",
		"非机动车停放点": "共享单车停放", "幼儿园": "幼稚园", "中小学校": "念书", "科普基地": "科技馆", "科技型企业": "高新技术企业", "图书馆分馆": "借书",
		"博物馆": "展览馆", "不可移动文物": "古建筑", "健身场馆": "健身房", "社区球场": "篮球场", "健身步道": "跑步道", "旅馆": "宾馆", "社区卫生服务站": "社区医院",
		"医疗机构": "医院", "零售药店": "药房", "预防接种门诊": "打疫苗", "养老机构": "敬老院", "日间照护中心": "日托所", "托育机构": "托儿所", "志愿服务项目": "义工",
		"退役军人服务站": "退伍军人", "消火栓": "消防栓", "应急避难场所": "避险场所", "电梯": "升降机", "锅炉": "供热", "餐饮单位": "饭店", "规模以上企业": "大企业",
		"商务楼宇": "写字楼", "沿街商铺": "门面房", "财政专项资金项目": "扶持资金", "国有房产": "国资房产", "行政许可": "许可证", "行政处罚": "罚款", "消费投诉": "消费维权",
		"社会组织": "社团", "居民委员会": "居委会", "法律援助": "免费律师", "民生档案查询": "查档案",
	}
	// syllables of an object as a dictionary writes them.
	syllables = map[string]string{
		"社区食堂": "she qu shi tang", "标准化菜市场": "biao zhun hua cai shi chang", "政务服务窗口": "zheng wu fu wu chuang kou", "招聘会": "zhao pin hui",
		"职业技能培训": "zhi ye ji neng pei xun", "医保定点机构": "yi bao ding dian ji gou", "公共厕所": "gong gong ce suo", "路灯": "lu deng",
		"垃圾分类投放点": "la ji fen lei tou fang dian", "窨井盖": "yin jing gai", "户外招牌": "hu wai zhao pai", "旧住房修缮项目": "jiu zhu fang xiu shan xiang mu",
		"住宅小区": "zhu zhai xiao qu", "在建工地": "zai jian gong di", "公园绿地": "gong yuan lü di", "行道树": "xing dao shu", "屋顶绿化": "wu ding lü hua",
		"河道断面": "he dao duan mian", "空气监测点": "kong qi jian ce dian", "噪声监测点": "zao sheng jian ce dian", "道路积水监测点": "dao lu ji shui jian ce dian",
		"公交站点": "gong jiao zhan dian", "公共停车场": "gong gong ting che chang", "非机动车道": "fei ji dong che dao", "人行横道": "ren xing heng dao",
		"充电桩": "chong dian zhuang", "非机动车停放点": "fei ji dong che ting fang dian", "幼儿园": "you er yuan", "中小学校": "zhong xiao xue xiao",
		"科普基地": "ke pu ji di", "科技型企业": "ke ji xing qi ye", "图书馆分馆": "tu shu guan fen guan", "博物馆": "bo wu guan", "不可移动文物": "bu ke yi dong wen wu",
		"健身场馆": "jian shen chang guan", "社区球场": "she qu qiu chang", "健身步道": "jian shen bu dao", "旅馆": "lü guan",
		"社区卫生服务站": "she qu wei sheng fu wu zhan", "医疗机构": "yi liao ji gou", "零售药店": "ling shou yao dian", "预防接种门诊": "yu fang jie zhong men zhen",
		"养老机构": "yang lao ji gou", "日间照护中心": "ri jian zhao hu zhong xin", "托育机构": "tuo yu ji gou", "志愿服务项目": "zhi yuan fu wu xiang mu",
		"退役军人服务站": "tui yi jun ren fu wu zhan", "消火栓": "xiao huo shuan", "应急避难场所": "ying ji bi nan chang suo", "电梯": "dian ti", "锅炉": "guo lu",
		"餐饮单位": "can yin dan wei", "规模以上企业": "gui mo yi shang qi ye", "商务楼宇": "shang wu lou yu", "沿街商铺": "yan jie shang pu",
		"财政专项资金项目": "cai zheng zhuan xiang zi jin xiang mu", "国有房产": "guo you fang chan", "行政许可": "xing zheng xu ke", "行政处罚": "xing zheng chu fa",
		"消费投诉": "xiao fei tou su", "社会组织": "she hui zu zhi", "居民委员会": "ju min wei yuan hui", "法律援助": "fa lü yuan zhu", "民生档案查询": "min sheng dang an cha xun",
	}
	// soundsAlike has characters that people take for each other.
	soundsAlike = pairsOf("区曲 食时 堂糖 场厂 务物 窗疮 口扣 招找 聘骋 会汇 职值 业页 技计 能呢 培陪 医衣 保宝 点店 机基 厕侧 所锁 灯登 垃拉 圾级 类累 投头 盖该 户护 外歪 牌排 房防 修休 " +
		"项向 目木 住主 宅择 在再 建健 工公 园圆 树数 屋无 顶鼎 化话 河何 道到 断段 面棉 空控 气汽 监间 测册 声生 路陆 积集 水睡 交焦 站占 停亭 车扯 动洞 横衡 充冲 电店 桩装 放访 幼右 儿而 " +
		"校效 科颗 普谱 企起 图涂 书输 馆管 博勃 文闻 身深 球求 步布 旅履 卫位 疗辽 药要 预予 防房 种中 诊疹 养样 老姥 构购 日曰 照招 托拖 育玉 愿原 军均 人仁 消销 火伙 栓拴 应因 急及 避必 " +
		"难男 梯踢 锅郭 炉芦 餐参 饮引 单丹 规归 模摸 商伤 楼搂 街接 铺浦 财才 政正 金斤 国果 产铲 许需 可克 处出 罚法 费废 诉素 组祖 织只 居局 民明 委尾 法发 律率 援缘 助住 档挡 案按 查察")
	// inTraditional are the traditional forms of what occurs in names here.
	inTraditional = pairsOf("专專 业業 义義 书書 产產 价價 会會 儿兒 关關 养養 军軍 况況 准準 凯凱 划劃 办辦 务務 动動 区區 医醫 华華 单單 卫衛 厕廁 台臺 员員 噪噪 园園 国國 图圖 场場 声聲 处處 备備 " +
		"娄婁 学學 宁寧 应應 开開 录錄 户戶 护護 据據 数數 断斷 无無 旧舊 时時 机機 构構 查查 标標 树樹 档檔 桥橋 桩樁 检檢 楼樓 横橫 气氣 泾涇 测測 满滿 灯燈 炉爐 点點 电電 疗療 监監 盖蓋 碍礙 种種 积積 " +
		"类類 级級 线線 组組 织織 结結 统統 维維 绿綠 缮繕 罚罰 职職 苏蘇 药藥 规規 计計 训訓 记記 许許 设設 评評 诉訴 诊診 询詢 财財 费費 资資 车車 运運 铺鋪 锅鍋 镇鎮 长長 门門 间間 阳陽 难難 面面 顶頂 " +
		"项項 预預 饮飲 馆館 愿願 托託")
	// sentences that people wrap around a thing and a place.
	sentences = []string{"请问%[2]s有哪些%[1]s？", "%[2]s哪里有%[1]s", "我想查一下%[2]s的%[1]s", "怎么查询%[2]s%[1]s的情况", "%[2]s附近有没有%[1]s呢", "帮我找%[2]s%[1]s的数据"}
)

func pairsOf(s string) map[rune]rune {
	m := map[rune]rune{}
	for pair := range strings.FieldsSeq(s) {
		r := []rune(pair)
		m[r[0]] = r[1]
	}
	return m
}

func through(m map[rune]rune, s string) string {
	return strings.Map(func(r rune) rune {
		if to, ok := m[r]; ok {
			return to
		}
		return r
	}, s)
}

// typed is the name of a place as people type it.
func (p place) typed() string { return strings.TrimSuffix(p.zh, "沿线") }

// objectsWhere lists the objects of which a query could be meant.
func objectsWhere(fits func(o object) bool) (names []string) {
	for _, o := range objects {
		if fits(o) {
			names = append(names, o.zh)
		}
	}
	return names
}

// initials are the first letters of syllables: u stands for ü on a keyboard only inside one.
func initials(syllables string) string {
	var b strings.Builder
	for s := range strings.FieldsSeq(syllables) {
		b.WriteByte(s[0])
	}
	return b.String()
}

// keyed is how syllables are typed: v for ü, no spaces.
func keyed(syllables string) string {
	return strings.NewReplacer(" ", "", "ü", "v").Replace(syllables)
}

// slip makes one mistake of typing: a character that sounds alike, one left out, one twice, or two the wrong way round.
func slip(r *rand.Rand, s string) string {
	runes := []rune(s)
	i := r.IntN(len(runes) - 1)
	switch p := r.IntN(10); {
	case p < 7:
		for range runes {
			if to, ok := soundsAlike[runes[i]]; ok {
				runes[i] = to
				return string(runes)
			}
			i = (i + 1) % len(runes)
		}
	case p == 7:
		return string(slices.Delete(runes, i, i+1))
	case p == 8:
		return string(slices.Insert(runes, i, runes[i]))
	}
	if runes[i] == runes[i+1] {
		return string(slices.Delete(runes, i, i+1))
	}
	runes[i], runes[i+1] = runes[i+1], runes[i]
	return string(runes)
}

// draws make a query about a subject, one way a category.
var draws = []struct {
	category string
	draw     func(r *rand.Rand, s subject) (string, meaning)
}{
	{"exact", func(_ *rand.Rand, s subject) (string, meaning) {
		return s.title(), meaning{objects: []string{s.object.zh}, aspect: s.aspect.zh, place: s.place.zh, period: s.period.zh}
	}},
	{"district", func(_ *rand.Rand, s subject) (string, meaning) {
		return s.place.typed() + s.object.zh, meaning{objects: []string{s.object.zh}, place: s.place.zh}
	}},
	{"synonym", func(r *rand.Rand, s subject) (string, meaning) {
		text, m := colloquial[s.object.zh], meaning{objects: []string{s.object.zh}}
		if r.IntN(2) == 0 {
			text, m.place = s.place.typed()+" "+text, s.place.zh
		}
		return text, m
	}},
	{"typo", func(r *rand.Rand, s subject) (string, meaning) {
		return slip(r, s.object.zh) + s.aspect.zh, meaning{objects: []string{s.object.zh}, aspect: s.aspect.zh}
	}},
	{"pinyin", func(_ *rand.Rand, s subject) (string, meaning) {
		text := keyed(syllables[s.object.zh])
		return text, meaning{objects: objectsWhere(func(o object) bool { return strings.Contains(keyed(syllables[o.zh]), text) })}
	}},
	{"initials", func(_ *rand.Rand, s subject) (string, meaning) {
		text := initials(syllables[s.object.zh])
		return text, meaning{objects: objectsWhere(func(o object) bool { return initials(syllables[o.zh]) == text })}
	}},
	{"natural", func(r *rand.Rand, s subject) (string, meaning) {
		return fmt.Sprintf(pick(r, sentences), s.object.zh, s.place.typed()), meaning{objects: []string{s.object.zh}, place: s.place.zh}
	}},
	{"columns", func(r *rand.Rand, s subject) (string, meaning) {
		c := s.columns()
		column := c[1+r.IntN(len(c)-1)].title
		return s.object.zh + " " + column, meaning{objects: []string{s.object.zh}, column: column}
	}},
	{"english", func(r *rand.Rand, s subject) (string, meaning) {
		m := meaning{objects: []string{s.object.zh}}
		if r.IntN(2) == 0 {
			m.aspect = s.aspect.zh
			return s.object.en + " " + s.aspect.en, m
		}
		m.place = s.place.zh
		return s.object.en + " " + strings.TrimPrefix(s.place.en, "along "), m
	}},
	{"prefix", func(r *rand.Rand, s subject) (string, meaning) {
		if first, _, _ := strings.Cut(s.object.en, " "); r.IntN(3) == 0 && len(first) > 5 {
			text := first[:len(first)-1-r.IntN(len(first)-4)]
			return text, meaning{objects: objectsWhere(func(o object) bool { return strings.Contains(" "+o.en, " "+text) })}
		}
		runes := []rune(s.object.zh)
		text := string(runes[:max(2, len(runes)-1-r.IntN(2))])
		return text, meaning{objects: objectsWhere(func(o object) bool { return strings.Contains(o.zh, text) })}
	}},
	{"traditional", func(_ *rand.Rand, s subject) (string, meaning) {
		return through(inTraditional, s.place.typed()+s.object.zh), meaning{objects: []string{s.object.zh}, place: s.place.zh}
	}},
}

const (
	drawnFrom = 1000 // entries
	perDraw   = 30   // queries a category
)

// drawQueries draws the file of queries from what the public entries of a corpus are about.
func drawQueries(t *testing.T, docs []query.Document) string {
	t.Helper()
	b := &strings.Builder{}
	b.WriteString(`# Queries on a generated repository: category | query | what is meant
# Drawn by: go test ./tools/internal/bench -run Judged -update
# All that is named must hold for grade 3; each thing that does not costs a grade; of several objects any will do.
`)
	seen := map[string]bool{}
	for i, d := range draws {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		fmt.Fprintf(b, "\n# %s\n", d.category)
		for n := 0; n < perDraw; {
			s, err := subjectOfKey(pick(r, docs).Key)
			if err != nil {
				t.Fatal(err)
			}
			text, m := d.draw(r, s)
			if seen[text] {
				continue
			}
			seen[text] = true
			n++
			fmt.Fprintf(b, "%s | %s | %s\n", d.category, text, m)
		}
	}
	return b.String()
}

// recordsOnly makes the documents of a generated repository.
func recordsOnly(t *testing.T, entries int) []query.Document {
	t.Helper()
	dir := t.TempDir()
	if err := Corpus(t.Context(), Plan{Source: shipped, Out: dir, Entries: entries, Seed: 1, RecordsOnly: true}); err != nil {
		t.Fatal(err)
	}
	c, _, _, err := tree.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return query.Documents(c)
}

// TestJudgedQueries holds the ranking of a thousand generated entries: figures may not fall below the accepted ones.
func TestJudgedQueries(t *testing.T) {
	docs := recordsOnly(t, drawnFrom)
	drawn := drawQueries(t, docs)
	if *update {
		queriesFile = drawn
		if err := os.WriteFile("queries.txt", []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if drawn != queriesFile {
		t.Error("queries.txt is not what would be drawn; if words were meant to change: go test ./tools/internal/bench -run Judged -update")
	}
	queries, err := Judged(docs)
	if err != nil {
		t.Fatal(err)
	}
	if len(queries) != perDraw*len(draws) {
		t.Fatalf("%d queries, want %d", len(queries), perDraw*len(draws))
	}
	ix := search.InMemory(docs)
	report, err := judge.Measure(queries, func(q string) ([]string, error) {
		result, err := ix.Search(t.Context(), query.Request{Query: q})
		if err != nil {
			return nil, err
		}
		var keys []string
		for _, h := range result.Hits {
			keys = append(keys, h.Key)
		}
		return keys, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", report)
	const file = "testdata/judged.baseline.txt"
	if *update {
		if err := os.WriteFile(file, []byte(report.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	accepted, err := judge.ParseReport(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, problem := range judge.Compare(accepted, report) {
		t.Errorf("%s; if that is meant, accept with: go test ./tools/internal/bench -run Judged -update", problem)
	}
}

// TestWordsForEveryObject: a new object needs a colloquial word and its syllables, or queries about it mean nothing.
func TestWordsForEveryObject(t *testing.T) {
	for _, o := range objects {
		if colloquial[o.zh] == "" || strings.Contains(o.zh, colloquial[o.zh]) {
			t.Errorf("%s has no other word", o.zh)
		}
		if n := len(strings.Fields(syllables[o.zh])); n != len([]rune(o.zh)) {
			t.Errorf("%s has %d syllables", o.zh, n)
		}
	}
	if len(colloquial) != len(objects) || len(syllables) != len(objects) {
		t.Errorf("words for %d and %d of %d objects", len(colloquial), len(syllables), len(objects))
	}
}

func TestGrade(t *testing.T) {
	s := subjectOf(0)
	full := meaning{objects: []string{s.object.zh}, aspect: s.aspect.zh, place: s.place.zh, period: s.period.zh, column: s.columns()[0].title}
	for _, tt := range []struct {
		name string
		edit func(m *meaning)
		want int
	}{
		{"all holds", func(*meaning) {}, 3},
		{"less is asked for", func(m *meaning) { m.place, m.column = "", "" }, 3},
		{"one of two objects", func(m *meaning) { m.objects = append([]string{"x"}, m.objects...) }, 3},
		{"another place", func(m *meaning) { m.place = "x" }, 2},
		{"another column", func(m *meaning) { m.column = "x" }, 2},
		{"another place and aspect", func(m *meaning) { m.place, m.aspect = "x", "x" }, 1},
		{"nothing but the object", func(m *meaning) { m.place, m.aspect, m.column = "x", "x", "x" }, 1},
		{"another object", func(m *meaning) { m.objects = []string{"x"} }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := full
			tt.edit(&m)
			if got := m.grade(s); got != tt.want {
				t.Errorf("%s: %d, want %d", m, got, tt.want)
			}
		})
	}
}

func TestMeaningIsReadAsWritten(t *testing.T) {
	want := meaning{objects: []string{"公共厕所", "路灯"}, aspect: "检查结果", place: "长宁区", period: "2024年", column: "编号"}
	got, err := parseMeaning(want.String())
	if err != nil || got.String() != want.String() {
		t.Errorf("got %s, %v", got, err)
	}
	for _, bad := range []string{"", "place=长宁区", "object=飞船", "colour=red object=路灯"} {
		if _, err := parseMeaning(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestSubjectOfKey(t *testing.T) {
	s := subjectOf(41)
	id := s.object.id + "-" + s.aspect.id + "-00042"
	for _, key := range []string{"dataset:" + id, "catalog:" + id} {
		if got, err := subjectOfKey(key); err != nil || got.title() != s.title() {
			t.Errorf("%s: %s, %v", key, got.title(), err)
		}
	}
	for _, key := range []string{"", "dataset:bus-stops", "dataset:x-y-00042", "dataset:" + id + "0", "dataset:x-y-00000"} {
		if _, err := subjectOfKey(key); err == nil {
			t.Errorf("%q was accepted", key)
		}
	}
}
