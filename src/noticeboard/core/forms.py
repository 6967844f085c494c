"""The fields of every kind's form: what is asked, under which label, and how it is read."""

from typing import Literal

from msgspec import Struct

from noticeboard.core.holdings import ColumnRead
from noticeboard.core.particulars import Kind

MOST_TEXT, MOST_LONG, MOST_LABEL = 120, 4_000, 20

Reader = Literal[
    "text",
    "long",
    "money",
    "quantity",
    "count",
    "date",
    "when",
    "moment",
    "choice",
    "flag",
    "code",
]


class Field(Struct, frozen=True):
    """One field of a form: its name in the particulars, its label, how it is read.

    `choices` are (stored value, label) pairs. `person` marks the name of a person. `most` bounds
    its characters where not as usual.
    """

    name: str
    label: str
    read: Reader = "text"
    required: bool = False
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    person: bool = False
    most: int = 0

    @property
    def longest(self) -> int:
        """Give how many characters it may have: a hall screen and a list must bear it."""
        return self.most or (MOST_LONG if self.read == "long" else MOST_TEXT)


class Form(Struct, frozen=True):
    """The fields of one kind: its head and the columns of its rows, `facts` of projects.

    `columns` is what is asked of each column where a table declares its own.
    """

    head: tuple[Field, ...]
    rows: tuple[Field, ...] = ()
    facts: tuple[Field, ...] = ()
    columns: tuple[Field, ...] = ()


COMMON: tuple[Field, ...] = (
    Field("title", "标题", required=True, help="一眼看懂是什么，最多 60 个字", most=60),
    Field(
        "publisher",
        "由谁公开",
        "choice",
        choices=(("committee", "村民委员会"), ("collective", "村集体经济组织")),
    ),
    Field("item", "公开目录", "choice"),
    Field("covers", "所属时期", help="季度 2026-Q1，月份 2026-03，年度 2026"),
    Field("group", "是哪个组的事", "choice", help="全村人都看得到；全村的事不用选"),
    Field("reason", "为什么更正", "long", help="一句话，会公开印在页面上"),
    Field("case", "是哪一种公示", "choice"),
    Field(
        "short",
        "公示期要不要缩短",
        "choice",
        help="一般不用选；当地法规定的天数不能缩短",
        choices=(("urgent", "急难救助，先办后公示"), ("reason", "有别的原因")),
    ),
    Field("short_reason", "为什么缩短", "long", help="一句话，会公开印在页面上"),
)

STEPS = (
    ("budget", "资金来源"),
    ("decision", "决议"),
    ("tender", "招标或询价"),
    ("contract", "合同"),
    ("change", "变更"),
    ("payment", "付款"),
    ("acceptance", "验收"),
    ("final", "结算"),
    ("care", "管护"),
)
SIX = (
    ("1", "党组织提议"),
    ("2", "两委商议"),
    ("3", "党员大会审议"),
    ("4", "村民（代表）会议决议"),
    ("5", "决议公开"),
    ("6", "实施结果公开"),
)
COUNTED = (("people", "按人数"), ("households", "按户数"))

READS: tuple[tuple[ColumnRead, str], ...] = (
    ("text", "文字"),
    ("person", "人名"),
    ("money", "金额（元）"),
    ("quantity", "数量"),
    ("date", "日期"),
)
_EXPLANATION = Field("explanation", "对不上时的说明", "long", help="会和差额一起公开")
_AS_OF = Field("as_of", "截至哪一天", "date")

FORMS: dict[Kind, Form] = {
    "spending": Form(
        head=(
            Field("account", "账户", help="例如：基本户、现金"),
            Field("opening", "上期结转（元）", "money", required=True),
            Field("closing", "本期结余（元）", "money", required=True),
            _EXPLANATION,
        ),
        rows=(
            Field("date", "日期", "date", required=True),
            Field("voucher", "凭证号"),
            Field("summary", "做什么用", required=True),
            Field("account", "科目"),
            Field("income", "收入（元）", "money"),
            Field("expense", "支出（元）", "money"),
            Field("method", "付款方式"),
            Field("payee", "付给谁", person=True),
            Field("payee_as", "期满后写作", help="例如：三组村民、建材店"),
            Field("handler", "经手人", person=True),
            Field("witness", "证明人", person=True),
            Field("approver", "审批人", person=True),
            Field("project", "项目编码", "code"),
            Field("decision", "决议编码", "code"),
        ),
    ),
    "subsidy": Form(
        head=(
            Field("programme", "补贴项目", required=True),
            Field("basis", "政策依据", "long"),
            Field("standard", "补贴标准（元）", "money"),
            Field("unit", "计量单位"),
            Field("total", "补贴合计（元）", "money", required=True),
            _EXPLANATION,
        ),
        rows=(
            Field("group", "组别", required=True),
            Field("name", "户主", required=True, person=True),
            Field("tail", "证号尾数", help="同组同名时才填，最多四位", person=True),
            Field("quantity", "数量", "quantity"),
            Field("standard", "标准（元）", "money"),
            Field("amount", "金额（元）", "money", required=True),
            Field("remark", "备注", person=True),
            Field("households", "合计户数", "count", help="只写各组合计时才填"),
        ),
    ),
    "project": Form(
        head=(
            Field("place", "地点"),
            Field("scope", "做什么", "long"),
            Field("lead", "一句话", help="没有合同的项目，页面上最先看到的一句"),
            Field("story", "经过", "long"),
        ),
        rows=(
            Field("step", "哪一步", "choice", required=True, choices=STEPS),
            Field("date", "日期", "date"),
            Field("text", "说明", required=True),
            Field("amount", "金额（元）", "money"),
            Field("party", "单位"),
            Field("person", "责任人", person=True),
            Field("notice", "相关公示编码", "code"),
        ),
        facts=(
            Field("label", "名目", required=True),
            Field("value", "数"),
            Field("unit", "单位"),
            Field("note", "说明"),
        ),
    ),
    "decision": Form(
        head=(
            Field("matter", "议的什么事", "long", required=True),
            Field("resolution", "怎么定的", "long"),
            Field("amount", "涉及金额（元）", "money"),
            Field("meeting", "第4步开的什么会", "choice", help="不同的会，应到和赞成的比例不一样"),
            Field(
                "merged",
                "书记、主任是不是一个人",
                "choice",
                help="有的地方可以把前两步合在一起",
                choices=(("yes", "是，前两步一起开的"),),
            ),
        ),
        rows=(
            Field("step", "哪一步", "choice", required=True, choices=SIX),
            Field("recorded", "有没有记录", "flag"),
            Field("date", "日期", "date"),
            Field("due", "应到", "count"),
            Field("present", "实到", "count"),
            Field("in_favour", "赞成", "count"),
            Field("against", "反对", "count"),
            Field("abstained", "弃权", "count"),
            Field("recused", "回避", "count"),
            Field("text", "说明"),
            Field("called", "哪天通知的", "date"),
            Field("counted", "按什么数", "choice", choices=COUNTED),
            Field("papers", "记录在附件几", help="例如：1、2"),
        ),
    ),
    "announcement": Form(
        head=(
            Field("text", "内容", "long", required=True),
            Field("place", "地点"),
            Field("starts", "从什么时候", "moment"),
            Field("ends", "到什么时候", "moment"),
        ),
    ),
    "asset": Form(
        head=(
            _AS_OF,
            Field("original", "原值合计（元）", "money"),
            Field("net", "净值合计（元）", "money"),
            _EXPLANATION,
        ),
        rows=(
            Field("name", "资产名称", required=True),
            Field("category", "类别", help="例如：房屋、设备、山塘"),
            Field("quantity", "数量", "quantity"),
            Field("unit", "单位"),
            Field("original", "原值（元）", "money"),
            Field("net", "净值（元）", "money"),
            Field("spec", "规格"),
            Field("acquired", "什么时候有的", "when"),
            Field("place", "在哪里"),
            Field("use", "现在怎么用"),
            Field("note", "备注"),
            Field("keeper", "保管人", person=True),
        ),
    ),
    "contract": Form(
        head=(_AS_OF, Field("explanation", "要说明的", "long", help="会一起公开")),
        rows=(
            Field("subject", "包的、租的是什么", required=True),
            Field("party", "承包人、承租人", person=True),
            Field("starts", "从哪一天", "date"),
            Field("ends", "到哪一天", "date"),
            Field("rent", "每年租金（元）", "money"),
            Field("paid", "已收（元）", "money"),
            Field("owed", "欠收（元）", "money"),
            Field("number", "合同编号"),
            Field("place", "地点"),
            Field("quantity", "面积或数量", "quantity"),
            Field("unit", "单位"),
            Field("total", "合同总额（元）", "money"),
            Field("pays", "怎么交"),
            Field("signed", "签订日期", "date"),
            Field("tender", "是否公开招标"),
            Field("note", "备注"),
            Field("party_as", "期满后写作", help="例如：三组村民、示例公司"),
        ),
    ),
    "labour": Form(
        head=(
            Field("work", "做什么工", help="每一行都一样时写在这里"),
            Field("total", "工钱合计（元）", "money", required=True),
            _EXPLANATION,
        ),
        rows=(
            Field("date", "日期", "date"),
            Field("name", "姓名", person=True),
            Field("group", "组别"),
            Field("work", "做什么", required=True),
            Field("days", "工日", "quantity"),
            Field("rate", "每天（元）", "money"),
            Field("amount", "金额（元）", "money", required=True),
        ),
    ),
    "table": Form(
        head=(Field("explanation", "要说明的", "long", help="会一起公开"),),
        columns=(
            Field("label", "这一列叫什么", required=True, most=MOST_LABEL),
            Field("read", "里面是什么", "choice", choices=READS),
        ),
    ),
}
