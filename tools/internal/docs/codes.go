package docs

import "opendata.example/odc/tools/internal/diag"

// Code is what a finding in a data file is called. Where Frictionless has a name for the same thing, it is that one.
type Code struct {
	ID    string
	Title diag.Text
}

// Codes lists the codes of packages table and dataset, from the file as a whole to the single cell.
func Codes() []Code {
	return []Code{
		{"source-error", diag.Text{Zh: "没有文件，或文件里没有数据", En: "there is no file, or no data in it"}},
		{"scheme-error", diag.Text{Zh: "来源文件不在数据集文件夹内", En: "the source lies outside the folder of the dataset"}},
		{"file-too-large", diag.Text{Zh: "文件超过大小上限", En: "the file is above the limit"}},
		{"format-error", diag.Text{Zh: "文件损坏，或不是可读取的格式", En: "damaged, or in no format that is read"}},
		{"type-mismatch", diag.Text{Zh: "文件内容与登记的格式不同", En: "the bytes are not of the declared format"}},
		{"legacy-binary", diag.Text{Zh: "旧版办公文件或加密的工作簿", En: "a legacy Office file or an encrypted workbook"}},
		{"zip-bomb", diag.Text{Zh: "工作簿的压缩包异常", En: "the archive of the workbook is out of all proportion"}},
		{"dialect-error", diag.Text{Zh: "dialect 的设置有误", En: "a setting in dialect is wrong"}},
		{"encoding-error", diag.Text{Zh: "编码无法识别，或与登记的不同", En: "unknown encoding, or not the declared one"}},
		{"encoding-not-declared", diag.Text{Zh: "编码未登记，按内容识别", En: "the encoding is not declared and was detected"}},
		{"encoding-not-utf8", diag.Text{Zh: "不是 UTF-8，发布时转换", En: "not UTF-8; published as UTF-8"}},
		{"bom", diag.Text{Zh: "以字节序标记开头，发布时去除", En: "begins with a byte order mark; published without"}},
		{"delimiter-not-comma", diag.Text{Zh: "分隔符不是逗号，发布时改为逗号", En: "another delimiter; published with commas"}},
		{"line-breaks-mixed", diag.Text{Zh: "换行不一致，发布时统一", En: "mixed line ends; published with one kind"}},
		{"table-dimensions", diag.Text{Zh: "列数超过上限", En: "more columns than the limit"}},
		{"too-many-cells", diag.Text{Zh: "单元格总数超过上限", En: "more cells than the limit"}},
		{"several-tables", diag.Text{Zh: "工作簿有几张有内容的工作表", En: "several sheets hold data"}},
		{"hidden-sheet", diag.Text{Zh: "有隐藏的工作表", En: "a sheet is hidden"}},
		{"comment-or-macro", diag.Text{Zh: "工作簿带有宏或批注", En: "the workbook holds macros or comments"}},
		{"crs-undeclared", diag.Text{Zh: "没有写明坐标系", En: "the coordinate system is not declared"}},
		{"crs-mismatch", diag.Text{Zh: "坐标系不能发布为 GeoJSON", En: "a coordinate system that GeoJSON cannot carry"}},
		{"schema-error", diag.Text{Zh: "数据项不足以生成所列格式", En: "the items do not suffice for a listed format"}},
		{"blank-label", diag.Text{Zh: "列没有名称", En: "a column has no name"}},
		{"duplicate-label", diag.Text{Zh: "列名重复", En: "two columns have one name"}},
		{"missing-label", diag.Text{Zh: "缺少数据项的列", En: "an item has no column"}},
		{"extra-label", diag.Text{Zh: "有未登记的列或字段", En: "a column or member that is not declared"}},
		{"title-row", diag.Text{Zh: "表头之上有标题行", En: "a title row above the header"}},
		{"no-rows", diag.Text{Zh: "只有列名，没有数据", En: "a header and no row"}},
		{"blank-row", diag.Text{Zh: "空行", En: "a blank row"}},
		{"missing-cell", diag.Text{Zh: "一行的格数少于表头", En: "fewer cells than the header"}},
		{"extra-cell", diag.Text{Zh: "一行的格数多于表头", En: "more cells than the header"}},
		{"unclosed-quote", diag.Text{Zh: "引号没有闭合", En: "a quote is never closed"}},
		{"stray-quote", diag.Text{Zh: "引号之后还有文字", En: "text after a closing quote"}},
		{"primary-key", diag.Text{Zh: "主键重复", En: "the key repeats"}},
		{"duplicate-row", diag.Text{Zh: "整行重复", En: "the row repeats"}},
		{"required-value", diag.Text{Zh: "必填项没有值", En: "a required value is missing"}},
		{"type-error", diag.Text{Zh: "值不是登记的类型", En: "a value is not of the declared type"}},
		{"constraint-error", diag.Text{Zh: "值不符合数据项的约束", En: "a value breaks a constraint of its item"}},
		{"code-unknown", diag.Text{Zh: "值不在代码表中", En: "a value is not in the code list"}},
		{"unique-error", diag.Text{Zh: "要求唯一的值重复", En: "a unique value repeats"}},
		{"coordinate-swapped", diag.Text{Zh: "经度、纬度颠倒", En: "longitude and latitude are swapped"}},
		{"empty-geometry", diag.Text{Zh: "没有几何对象", En: "no geometry"}},
		{"ring-open", diag.Text{Zh: "多边形没有闭合", En: "a ring is not closed"}},
		{"ring-winding", diag.Text{Zh: "环的方向有误，发布时改正", En: "a ring is wound the wrong way; published the right way"}},
		{"truncated-value", diag.Text{Zh: "文字超过工作簿一格的上限，不能生成 xlsx", En: "longer than a cell of a workbook holds: no xlsx can be made"}},
		{"whitespace", diag.Text{Zh: "首尾有空白，发布时去除", En: "white space at the ends; published without"}},
		{"control-char", diag.Text{Zh: "含控制字符，发布时去除", En: "a control character; published without"}},
		{"mojibake", diag.Text{Zh: "有乱码", En: "text was damaged by a wrong encoding"}},
		{"formula-error", diag.Text{Zh: "公式没有算出结果", En: "a formula gave no result"}},
		{"csv-injection", diag.Text{Zh: "以公式符号开头", En: "begins like a formula"}},
		{"pii-P01", diag.Text{Zh: "列中有公民身份号码", En: "a column holds identity numbers"}},
		{"pii-P03", diag.Text{Zh: "列中有手机号码", En: "a column holds mobile numbers"}},
	}
}
