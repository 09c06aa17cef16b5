"""Invented articles of different shapes, as a reader would describe them, to be put on page templates.

People, places and events are invented.  ``sample_from_text`` reads the text form in which a reader might
copy a page, so that a check outside the suite can put other articles on the same templates.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Picture:
    path: str
    caption: str = ""


@dataclass(frozen=True)
class Video:
    path: str


Item: TypeAlias = str | Picture | Video


@dataclass(frozen=True)
class Sample:
    """One article as a reader sees it."""

    name: str
    title: str
    items: tuple[Item, ...]
    """Paragraphs, pictures and videos in reading order, the credit lines at the end not included."""
    credit_lines: tuple[str, ...] = ()
    """The lines at the end of the text, as printed."""
    credits: tuple[tuple[str | None, str], ...] = ()
    """(label, name) of everybody named in credit lines, dateline and captions."""
    kicker: str = ""
    subtitle: str = ""
    breadcrumb: tuple[str, ...] = ("云汀网", "县域要闻")
    date: str = "2024-01-16"
    time: str = ""
    """``15:40``, or "" where the article has a date only."""
    source: str = ""
    editor: str = "罗一禾"
    """Printed by templates that have an editor row outside the text."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(item for item in self.items if isinstance(item, str))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(item for item in self.items if isinstance(item, Picture))

    @property
    def videos(self) -> tuple[Video, ...]:
        return tuple(item for item in self.items if isinstance(item, Video))


_REVIEWS = (("一审", "乔安"), ("二审", "纪朗"), ("三审", "卫青禾"))

SAMPLES = (
    Sample(
        "long",
        "云汀县部署冬春农田水利建设",
        (
            Picture("/upload/202401/a1.jpg"),
            "1月15日，云汀县召开冬春农田水利建设推进会，总结去年工作，部署今年任务。各乡镇、有关部门负责人参加会议。",
            Picture("/upload/202401/a2.jpg"),
            "会议指出，农田水利是农业的命脉。去年以来，全县新建和修复渠道一百三十二公里，清淤山塘四百零六口，新增和恢复灌溉面积二万一千亩，在抗旱中发挥了实实在在的作用。同时也要看到，“最后一公里”不通、重建轻管等问题仍然存在，有的渠道修好三年就坍塌，有的放水口被杂物堵死，群众很有意见。",
            "会议要求，要突出重点，优先解决群众反映强烈的问题。",
            "要算清三本账。一是水账，每个村有多少水、缺多少水、从哪里调水，要一清二楚；二是钱账，资金要跟着项目走，项目要跟着规划走，决不允许撒胡椒面；三是人账，每一条渠、每一口塘都要有人管，管得好的有奖，管不好的要换人。",
            "要把好质量关。坚持村民代表全程监督，材料进场要看，隐蔽工程要拍，完工验收要签字。",
            "会议强调，各乡镇要抓住晴好天气，倒排工期，确保三月底前全面完工，不误春耕。县水利部门要派出技术人员驻点指导，县财政部门要及时拨付资金，县纪检监察机关要开展专项监督。",
            "会前，与会人员实地查看了青石镇柳溪村渠道改造、大塘村山塘清淤等项目现场。",
        ),
        ("记者丨闻小满 苏木", "一审丨乔安 二审丨纪朗", "三审丨卫青禾"),
        (("记者", "闻小满"), ("记者", "苏木"), *_REVIEWS),
        source="云汀融媒",
    ),
    Sample(
        "short",
        "停电通知",
        ("因线路检修，1月18日8时至12时，青石镇学府路沿线停电，请相互转告。",),
        breadcrumb=("首页", "便民服务", "通知公告"),
        source="云汀县供电公司",
    ),
    Sample(
        "picture_story",
        "图集丨雪落云台山",
        (
            Picture("/upload/202401/b1.jpg", "雪后的云台山。何田田 摄"),
            Picture("/upload/202401/b2.jpg", "护林员踏雪巡山。何田田 摄"),
            Picture("/upload/202401/b3.jpg", "孩子们在禾场上堆雪人。何田田 摄"),
            Picture("/upload/202401/b4.jpg", "压满雪的竹林。何田田 摄"),
        ),
        ("摄影报道丨何田田", "责编丨邵青林"),
        (("摄影报道", "何田田"), ("摄", "何田田"), ("责编", "邵青林")),
        breadcrumb=("云汀网", "文旅云汀"),
        time="09:05",
        source="云汀融媒",
    ),
    Sample(
        "video",
        "视频丨三十秒，看懂一条渠怎么修",
        (
            Video("/video/20240116/qu.mp4"),
            "修一条渠要几步？跟着镜头去柳溪村看一看。",
        ),
        ("出镜丨尹若溪", "摄像丨苏木 剪辑丨向晚晴", "审核丨纪朗"),
        (("出镜", "尹若溪"), ("摄像", "苏木"), ("剪辑", "向晚晴"), ("审核", "纪朗")),
        time="18:30",
        source="云汀融媒",
    ),
    Sample(
        "captions",
        "春节前的最后一个集",
        (
            "云汀融媒（记者 叶知夏 通讯员 孟春生）腊月二十八，青石镇的年集从老街一直排到河边。天刚亮，卖对联的、卖糖画的、卖活鱼的就都占好了位置。",
            Picture("/upload/202401/c1.jpg", "写对联的摊位前排起了队。孟春生 摄"),
            "“一副五块，现写现卖。”七十岁的罗先生写了四十年对联，今年最受欢迎的一句是他自己编的。",
            Picture("/upload/202401/c2.jpg", "刚出锅的米花糖。"),
            "走到集市尽头，是一排理发的老师傅。一把椅子，一块围布，十块钱，剃一个过年头。",
            Picture("/upload/202401/c3.jpg", "老师傅给孩子理发。孟春生 摄"),
            "集散的时候，太阳刚好落在桥上。",
        ),
        ("（责任编辑 邵青林）",),
        (
            ("记者", "叶知夏"),
            ("通讯员", "孟春生"),
            ("摄", "孟春生"),
            ("责任编辑", "邵青林"),
        ),
        breadcrumb=("云汀网", "基层瞭望"),
        date="2024-02-07",
        time="15:40",
    ),
    Sample(
        "kicker_subtitle",
        "柑橘深加工产业园一期投产",
        (
            "1月10日上午，随着第一条果汁生产线启动，云汀县柑橘深加工产业园一期正式投产。",
            "产业园占地三百二十亩，一期建成果汁、陈皮两条生产线，年可消化鲜果六万吨，带动就业四百余人。",
            "二期计划今年五月开工，将新建果酒和精油生产线。届时，一颗柑橘从果皮到果渣都有去处。",
        ),
        ("一审：乔安", "二审：纪朗", "三审：卫青禾"),
        _REVIEWS,
        kicker="从卖果子到卖瓶子",
        subtitle="年消化鲜果六万吨，带动就业四百余人",
        time="07:30",
        source="临澄日报",
    ),
    Sample(
        "ascii",
        "“AI+果园”: 5G基站建到海拔1,100米的云台山",
        (
            "据县工信局1月12日消息, 云台山上的首个5G基站(编号LX-0057)已于本周开通, 下行速率实测为860.5Mbps, 较4G提升约12倍.",
            '果园里的传感器每15分钟上传一次数据: 温度(℃)、湿度(%RH)、光照(lux)。当湿度<40%且温度>35℃时, 系统自动打开喷灌; 其余时间"按需"补水, A&B两区互不影响。',
            '技术员小程说: "It just works." 项目投资¥1,280,000.00, 其中70%来自企业, 30%来自财政。',
            "更多信息见 http://www.yunting.invalid/5g?id=57&lang=zh (截至2024/01/12 18:00).",
        ),
        ("文/程远舟 图/何田田", "编辑/罗一禾 审核/纪朗"),
        (("文", "程远舟"), ("图", "何田田"), ("编辑", "罗一禾"), ("审核", "纪朗")),
        time="10:00",
        source="云汀融媒",
    ),
    Sample(
        "running_words",
        "老编辑和他的读者来信",
        (
            "县档案馆最近收到一批捐赠：一九八四年到二〇〇一年的读者来信，一共三千二百封，捐赠人是一位退休编辑。",
            "“那时候没有电话，读者有什么话都写信。”他说，有一封信讲的是一起土地纠纷，一审判了，农民不服，二审又拖了半年。记者去了三趟，稿子登出来，事情才算有了着落。",
            "记者：您为什么把信留到现在？",
            "编辑：因为每一封都有人等着回音。",
            "来源清楚、字迹工整的信，他会在右上角画一个圈。责任编辑签字，是报纸付印前的最后一道手续，他签了十七年。",
        ),
        ("记者丨陆星野", "一审丨乔安 二审丨纪朗 三审丨卫青禾"),
        (("记者", "陆星野"), *_REVIEWS),
        breadcrumb=("云汀网", "文化", "人物"),
        source="云汀融媒",
    ),
    Sample(
        "subheads",
        "一条河的四季",
        (
            "澄河流过云汀，一年有四种颜色。",
            "春天是绿的",
            "三月，两岸的柳树发芽，河水映着树，绿得发亮。放学的孩子在岸边折柳条编帽子。",
            "夏天是黄的",
            "一场大雨，上游的泥沙下来，河水涨到石阶第七级。老人说，水过第九级，才要搬家具。",
            "秋天和冬天",
            "秋天是蓝的，冬天是白的。",
            "一、霜降前后，水最清；",
            "二、冬至以后，水最浅；",
            "三、立春那天，水最静。",
            "谁在桥上喊了一声",
            "河就应了一声",
        ),
        ("作者：田野风",),
        (("作者", "田野风"),),
        breadcrumb=("云汀网", "副刊"),
        date="2023-12-22",
    ),
    Sample(
        "poem",
        "渡口",
        (
            "渡船还在，摆渡的人老了",
            "他把竹篙插进水里",
            "像插一炷香",
            "对岸的柑橘开花",
            "风一吹",
            "整条河都是甜的",
        ),
        ("作者：田野风", "朗诵：向晚晴", "责编丨罗一禾"),
        (("作者", "田野风"), ("朗诵", "向晚晴"), ("责编", "罗一禾")),
        breadcrumb=("云汀网", "副刊"),
        date="2023-09-01",
        source="云汀融媒",
    ),
    Sample(
        "odd_title",
        "“数字乡村”2023-2024行动 | 云汀网_这样干 - 第一站",
        (
            "云汀融媒讯（记者 程远舟）打开手机，点一下“开沟”，三里外的闸门就抬了起来。",
            "这是大塘村的“数字乡村”试点。全村装了四十六个水位计、十二个摄像头，水多水少，一屏看清。",
            "（编者按：本文为系列报道第一篇。）",
            "“不是让机器种田，是让人少跑路。”村会计罗小山说，他现在每天少走两万步。",
        ),
        ("（一审 乔安 二审 纪朗 三审 卫青禾）",),
        (("记者", "程远舟"), *_REVIEWS),
        date="2024-03-05",
        time="08:00",
    ),
)


def sample_from_text(text: str) -> Sample:
    """Read an article laid out as a reader sees it: breadcrumb, title, date, text, credit lines.

    A line ``图片`` becomes a picture.  Full or half width punctuation.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    crumb, title, published = lines[0], lines[1], lines[2]
    date = re.search(r"\d{4}-\d\d-\d\d", published)
    if not crumb.startswith("当前位置") or date is None:
        raise ValueError("the text does not begin with 当前位置, a title and a date")
    rest = lines[3:]
    end = len(rest)
    while end and _CREDIT_LINE.match(rest[end - 1]):
        end -= 1
    items: list[Item] = []
    for line in rest[:end]:
        number = sum(isinstance(item, Picture) for item in items) + 1
        items.append(Picture(f"/upload/202401/t{number}.jpg") if line == "图片" else line)
    return Sample(
        "text",
        title,
        tuple(items),
        tuple(rest[end:]),
        tuple(_pairs(rest[end:])),
        breadcrumb=tuple(part.strip() for part in re.sub(r"^当前位置\s*[:：]", "", crumb).split(">")),
        date=date.group(),
    )


_CREDIT_LINE = re.compile(r"[(（]?\w{1,8}\s*[丨｜|:：]\s*\S.{0,40}$")


def _pairs(lines: list[str]) -> list[tuple[str | None, str]]:
    pairs: list[tuple[str | None, str]] = []
    label: str | None = None
    for line in lines:
        for word in re.sub(r"[()（）]", " ", line).split():
            head, mark, name = re.match(r"(?:(\w+?)([丨｜|:：]))?(.*)", word).groups()  # type: ignore[union-attr]
            label = head if mark else label
            if name:
                pairs.append((label, name))
    return pairs
