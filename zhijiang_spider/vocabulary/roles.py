"""The vocabulary of credit lines, as data: what ``credits.py`` knows about words.

Nothing here depends on order: readers sort by length, so that 总监制 is tried before 监制.
Words are simplified Chinese; ``SIMPLIFIED`` lets traditional text be compared with them.
"""

from archive.model.article import Role

ROLES: dict[str, Role] = {
    # who found and wrote it
    "记者": Role.REPORTER,
    "小记者": Role.REPORTER,
    "评论员": Role.AUTHOR,
    "见习记者": Role.TRAINEE_REPORTER,
    "实习记者": Role.TRAINEE_REPORTER,
    "特约记者": Role.SPECIAL_REPORTER,
    "特邀记者": Role.SPECIAL_REPORTER,
    "实习生": Role.INTERN,
    "通讯员": Role.CORRESPONDENT,
    "通联": Role.CORRESPONDENT,
    "信息员": Role.CORRESPONDENT,
    "作者": Role.AUTHOR,
    "专栏作者": Role.AUTHOR,
    "本文作者": Role.AUTHOR,
    "原作者": Role.AUTHOR,
    "撰稿人": Role.AUTHOR,
    "撰稿": Role.AUTHOR,
    "撰文": Role.AUTHOR,
    "文": Role.AUTHOR,
    "文字": Role.AUTHOR,
    "文稿": Role.AUTHOR,
    "文案": Role.AUTHOR,
    "脚本": Role.AUTHOR,
    "执笔": Role.AUTHOR,
    "执笔人": Role.AUTHOR,
    "采写": Role.AUTHOR,
    "采访": Role.AUTHOR,
    "采访整理": Role.AUTHOR,
    "采编": Role.AUTHOR,
    "采访撰文": Role.AUTHOR,
    "参与采写": Role.AUTHOR,
    "报道": Role.AUTHOR,
    "报导": Role.AUTHOR,
    "报道员": Role.AUTHOR,
    "报道组": Role.AUTHOR,
    "网友": Role.AUTHOR,
    "投稿": Role.AUTHOR,
    "投稿人": Role.AUTHOR,
    "署名": Role.AUTHOR,
    # pictures and film
    "摄影报道": Role.PHOTO_REPORTER,
    "图片报道": Role.PHOTO_REPORTER,
    "图文报道": Role.PHOTO_REPORTER,
    "摄影记者": Role.PHOTO_REPORTER,
    "图片记者": Role.PHOTO_REPORTER,
    "图文": Role.TEXT_AND_PICTURES,
    "文图": Role.TEXT_AND_PICTURES,
    "摄": Role.PHOTOGRAPHER,
    "摄影": Role.PHOTOGRAPHER,
    "摄影师": Role.PHOTOGRAPHER,
    "题图摄影": Role.PHOTOGRAPHER,
    "图": Role.PHOTOGRAPHER,
    "题图": Role.PHOTOGRAPHER,
    "封面图": Role.PHOTOGRAPHER,
    "图片": Role.PHOTOGRAPHER,
    "拍摄": Role.PHOTOGRAPHER,
    "航拍": Role.PHOTOGRAPHER,
    "供图": Role.PICTURE_SUPPLIER,
    "图片提供": Role.PICTURE_SUPPLIER,
    "提供": Role.PICTURE_SUPPLIER,
    "图片来源": Role.PICTURE_SUPPLIER,
    "图源": Role.PICTURE_SUPPLIER,
    "摄制": Role.VIDEOGRAPHER,
    "摄像": Role.VIDEOGRAPHER,
    "视频": Role.VIDEOGRAPHER,
    "视频拍摄": Role.VIDEOGRAPHER,
    "剪辑": Role.VIDEO_EDITOR,
    "视频剪辑": Role.VIDEO_EDITOR,
    "视频编辑": Role.VIDEO_EDITOR,
    "后期": Role.VIDEO_EDITOR,
    "后期制作": Role.VIDEO_EDITOR,
    "出镜": Role.PRESENTER,
    "主播": Role.PRESENTER,
    "主持": Role.PRESENTER,
    "主持人": Role.PRESENTER,
    "配音": Role.VOICE,
    "播音": Role.VOICE,
    "朗诵": Role.VOICE,
    "朗读": Role.VOICE,
    "诵读": Role.VOICE,
    "解说": Role.VOICE,
    "旁白": Role.VOICE,
    "口述": Role.NARRATOR,
    "讲述": Role.NARRATOR,
    "编译": Role.TRANSLATOR,
    "翻译": Role.TRANSLATOR,
    "译": Role.TRANSLATOR,
    "译者": Role.TRANSLATOR,
    "整理": Role.COMPILER,
    "整合": Role.COMPILER,
    "综合": Role.COMPILER,
    "编选": Role.COMPILER,
    "摘编": Role.COMPILER,
    "选编": Role.COMPILER,
    # who edited it
    "编辑": Role.EDITOR,
    "编辑人": Role.EDITOR,
    "编": Role.EDITOR,
    "小编": Role.EDITOR,
    "编发": Role.EDITOR,
    "选稿": Role.EDITOR,
    "美编": Role.DESIGNER,
    "责任编辑": Role.RESPONSIBLE_EDITOR,
    "责编": Role.RESPONSIBLE_EDITOR,
    "执行编辑": Role.EXECUTIVE_EDITOR,
    "主编": Role.CHIEF_EDITOR,
    "总编": Role.CHIEF_EDITOR,
    "总编辑": Role.CHIEF_EDITOR,
    "值班编委": Role.DUTY_EDITOR,
    "编委": Role.DUTY_EDITOR,
    "值班总编": Role.DUTY_EDITOR,
    "值班总编辑": Role.DUTY_EDITOR,
    "值班主任": Role.DUTY_EDITOR,
    "值班领导": Role.DUTY_EDITOR,
    "值班编辑": Role.EDITOR,
    "校对": Role.PROOFREADER,
    "责校": Role.PROOFREADER,
    "校": Role.PROOFREADER,
    "校审": Role.PROOFREADER,
    "编校": Role.PROOFREADER,
    "校稿": Role.PROOFREADER,
    "初校": Role.PROOFREADER,
    "一校": Role.PROOFREADER,
    "二校": Role.PROOFREADER,
    "三校": Role.PROOFREADER,
    "终校": Role.PROOFREADER,
    "设计": Role.DESIGNER,
    "设计师": Role.DESIGNER,
    "美工": Role.DESIGNER,
    "制图": Role.DESIGNER,
    "绘图": Role.DESIGNER,
    "作图": Role.DESIGNER,
    "插画": Role.DESIGNER,
    "插图": Role.DESIGNER,
    "漫画": Role.DESIGNER,
    "动画": Role.DESIGNER,
    "手绘": Role.DESIGNER,
    "版式": Role.DESIGNER,
    "版面": Role.DESIGNER,
    "排版": Role.DESIGNER,
    "组版": Role.DESIGNER,
    "海报": Role.DESIGNER,
    # who let it pass
    "一审": Role.FIRST_REVIEW,
    "初审": Role.FIRST_REVIEW,
    "二审": Role.SECOND_REVIEW,
    "复审": Role.SECOND_REVIEW,
    "三审": Role.THIRD_REVIEW,
    "终审": Role.FINAL_REVIEW,
    "审核": Role.REVIEW,
    "审": Role.REVIEW,
    "审核人": Role.REVIEW,
    "主审": Role.REVIEW,
    "总审": Role.REVIEW,
    "审核员": Role.REVIEW,
    "审稿": Role.REVIEW,
    "审稿人": Role.REVIEW,
    "审校": Role.REVIEW,
    "审看": Role.REVIEW,
    "审读": Role.REVIEW,
    "审阅": Role.REVIEW,
    "审定": Role.REVIEW,
    "审编": Role.REVIEW,
    "编审": Role.REVIEW,
    "核稿": Role.REVIEW,
    "复核": Role.REVIEW,
    "签发": Role.APPROVER,
    "签发人": Role.APPROVER,
    "审签": Role.APPROVER,
    "签审": Role.APPROVER,
    "审发": Role.APPROVER,
    "监制": Role.SUPERVISOR,
    "监审": Role.SUPERVISOR,
    "总监制": Role.CHIEF_SUPERVISOR,
    # everything round it
    "策划": Role.PLANNER,
    "策划人": Role.PLANNER,
    "总策划": Role.PLANNER,
    "统筹": Role.COORDINATOR,
    "总统筹": Role.COORDINATOR,
    "制作": Role.PRODUCER,
    "制作人": Role.PRODUCER,
    "制片": Role.PRODUCER,
    "制片人": Role.PRODUCER,
    "编导": Role.PRODUCER,
    "导演": Role.PRODUCER,
    "出品": Role.PRESENTED_BY,
    "出品人": Role.PRESENTED_BY,
    "来源": Role.SOURCE,
    "来源于": Role.SOURCE,
    "来源单位": Role.SOURCE,
    "本文来源": Role.SOURCE,
    "文章来源": Role.SOURCE,
    "稿件来源": Role.SOURCE,
    "稿源": Role.SOURCE,
    "信息来源": Role.SOURCE,
    "资料来源": Role.SOURCE,
    "视频来源": Role.SOURCE,
    "出处": Role.SOURCE,
    "转自": Role.SOURCE,
    "供稿": Role.COPY_SUPPLIER,
    "供稿单位": Role.COPY_SUPPLIER,
    "供稿人": Role.COPY_SUPPLIER,
    "来稿": Role.COPY_SUPPLIER,
    "发布": Role.POSTER,
    "发布者": Role.POSTER,
    "发布人": Role.POSTER,
    "上传": Role.POSTER,
    "录入": Role.POSTER,
    "录入者": Role.POSTER,
}
"""Label → meaning.  A composed label (全媒体记者, 栏目编辑) means what its ending means."""

TITLES = frozenset(
    {
        "记者",
        "小记者",
        "见习记者",
        "实习记者",
        "特约记者",
        "特邀记者",
        "摄影记者",
        "图片记者",
        "通讯员",
        "实习生",
        "评论员",
        "报道员",
        "信息员",
    }
)
"""Labels that say what a person *is*: they follow the name of an outlet (某报记者), stand glued between
names, and may stand inside another credit (采写：某报记者 某某)."""

POSTFIX = frozenset(
    {
        "摄", "摄影", "摄影报道", "图片报道", "图文报道", "报道", "文", "图", "图文", "文图", "图片", "供稿",
        "供图", "来稿", "出品", "报导", "整合", "编选", "摘编", "审稿", "核稿", "译", "编译", "整理", "采访整理", "采写", "撰文", "制图",
        "绘图", "摄制", "航拍", "提供", "编", "审", "校",
    }
)  # fmt: skip
"""Labels that may stand after the name: 某某 摄."""

SINGLE = frozenset({"文", "图", "摄", "译", "编", "审", "校"})
"""Labels of one character: also surnames or parts of names, so accepted only where nothing else fits."""

SOURCES = frozenset({Role.SOURCE, Role.COPY_SUPPLIER, Role.PRESENTED_BY, Role.PICTURE_SUPPLIER, Role.POSTER})
"""Roles whose value is usually an outlet, a unit or an account, not a person."""

OWN = ("本报", "本网", "本刊", "本台", "本站", "本社", "本院", "本校")
"""The publisher itself: part of the label, because it names no organisation."""

MODIFIERS = (
    "首席", "特派", "特约", "特邀", "实习", "见习", "全媒体", "全媒", "融媒体", "融媒", "新媒体", "文字",
    "图片", "摄影", "出镜", "视频", "高级", "资深", "学生", "校园", "职工", "前方", "优秀", "联合",
)  # fmt: skip
"""Words that compose with a title: 全媒体记者, 特约通讯员."""

EDIT_MODIFIERS = (
    "本期", "本版", "本文", "栏目", "值班", "当班", "轮值", "运营", "新媒体", "全媒体", "融媒体", "执行", "责任",
    "实习", "助理", "视觉", "美术", "文字", "图片", "视频", "音频", "网络", "网站", "微信", "公众号", "首席",
    "特约", "见习", "版面", "技术", "内容", "后期", "前期", "题图", "海报", "总", "副", "联合",
)  # fmt: skip
"""Words that compose with any other label: 栏目编辑, 运营统筹."""

FIELDS = (
    "时间", "日期", "发布时间", "发布日期", "上传时间", "更新时间", "更新日期", "发表时间", "录入时间", "添加时间",
    "编辑时间", "创建时间", "成文日期", "浏览", "浏览量", "浏览数", "浏览次数", "阅读", "阅读量", "阅读数", "阅读次数",
    "点击", "点击量", "点击数", "点击率", "点击次数", "访问", "访问量", "访问次数", "人气", "热度", "次数", "字号",
    "字体", "字体大小", "打印", "打印本页", "分享", "分享到", "收藏", "关闭", "关闭窗口", "关闭本页", "评论", "网友评论",
    "栏目", "所属栏目", "分类", "类别", "标签", "关键词", "关键字", "编号", "文号", "发文字号", "索引号", "电话",
    "联系电话", "联系人", "单位", "作者单位", "商务合作", "联系方式", "咨询电话", "监督电话", "热线", "热线电话", "新闻热线", "爆料热线", "广告", "广告热线", "报料", "新闻报料", "爆料",
    "投稿邮箱", "投稿电话", "邮箱", "电子邮箱", "地址", "邮编", "微信号", "版权", "版权声明", "声明", "免责声明", "纠错",
    "原创", "返回", "返回顶部", "返回首页", "返回列表", "相关新闻", "相关阅读", "相关链接", "相关推荐", "更多", "上一篇", "下一篇", "原标题", "标题", "当前位置", "阅读原文", "字数",
    "发稿时间", "发布于", "我要纠错", "我要评论", "加入收藏", "复制链接", "扫码", "二维码", "原文链接", "链接", "网址",
)  # fmt: skip
"""Labels of a page's header row and of its buttons that are not credits."""

LATIN_FIELDS = frozenset({"tel", "fax", "qq", "email", "e-mail", "mail", "url", "http", "https", "isbn"})
"""The same in Latin letters, lower case."""

FURNITURE = (
    "相关阅读", "相关新闻", "相关链接", "相关报道", "延伸阅读", "推荐阅读", "往期", "网友评论", "条评论", "最新评论", "最热评论",
    "发表评论", "精彩评论", "来说两句", "我要问", "加载中", "表情", "纠错", "投稿", "邮箱", "热线", "关闭窗口", "打印", "分享",
    "推荐", "来自网络", "点赞", "在看", "点击", "查看", "收藏", "阅读原文", "扫一扫", "扫码", "二维码", "关注我们", "关注", "下载", "上一篇", "下一篇", "返回",
    "版权", "转载", "声明", "免责", "侵权", "举报", "客服", "备案", "许可证", "下转", "上接",
)  # fmt: skip
"""Words that mark a short line after the text as a page's boilerplate."""

NOTES = frozenset(
    {
        "完", "完结", "全文完", "终", "END", "end", "The End", "THE END", "节选", "待续", "未完待续", "有删节", "有删减",
        "有删改", "略有删节", "资料图", "资料图片", "资料照", "资料照片", "资料", "資料圖", "資料照", "資料照片", "略", "全文", "本报讯", "本网讯", "本台讯", "本站讯", "本刊讯", "图文无关", "组图", "图片", "视频", "图", "小标题",
    }
)  # fmt: skip
"""Lines and brackets round the text that are neither text nor credit."""

NOT_NAMES = (
    "简介", "方案", "方法", "方式", "方面", "方向", "文章", "文件", "文化", "文明", "文并", "文无关", "成果", "成员", "成功", "成立", "单位",
    "单据", "时间", "时代", "时期", "时不", "关系", "关注", "关于", "高兴", "高度", "高级", "高质量", "高效", "应当", "应该",
    "平台", "平安", "洪水", "洪涝", "洪灾", "和谐", "高校", "高中", "安全", "安排", "安居", "任务", "常识", "常见", "万元", "全文", "全部", "全面", "向上", "明天", "明确",
    "明显", "明年", "周末", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "谢谢", "感谢", "经费", "历史", "管理", "国家",
    "广大", "水平", "公司", "金秋十月", "温馨", "陈列", "强调", "强化", "严格", "严禁", "严重", "幸福", "乐业", "祝愿", "祝贺",
    "解决", "解释", "解读", "计划", "项目", "有关", "黄金周", "白天", "花开", "万家", "江南", "江山", "古城", "古镇", "满意", "满足",
    "利用", "和平", "房屋", "房间", "车辆", "牛奶", "牛肉", "鱼类", "米饭", "路上", "路面", "钱款", "终于", "钟头", "左右", "党员",
    "党建", "党委", "官方", "农业", "农村", "农民", "商业", "宣传", "支持", "支部", "施工", "游客", "干部", "包括", "包装",
)  # fmt: skip
"""Common words that begin with a surname and would pass for names."""

TEAMS = ("报道组", "采访组", "报道团", "采访团", "评论员")
"""Endings of teams that sign without another label: the ending is the label."""

HEADINGS = (
    "相关阅读",
    "相关新闻",
    "相关链接",
    "相关报道",
    "延伸阅读",
    "推荐阅读",
    "往期回顾",
    "往期推荐",
    "热门推荐",
)
"""Lines after which nothing belongs to the article."""

PLACEHOLDERS = frozenset(
    {
        "未知",
        "网络",
        "互联网",
        "网络整理",
        "网络综合",
        "综合网络",
        "网络图片",
        "佚名",
        "匿名",
        "不详",
        "无",
        "暂无",
        "空",
    }
)
"""Values that name nobody."""

ORG_ENDINGS = (
    "日报", "晚报", "早报", "商报", "时报", "快报", "都市报", "报社", "新闻社", "通讯社", "出版社", "图片社", "新闻网", "信息网", "政府网", "网站", "融媒", "融媒体",
    "电视台", "广播电台", "电台", "客户端", "频道", "新闻", "发布", "在线", "传媒", "报业", "杂志", "周刊", "视觉", "视觉中国", "图虫创意", "中心", "公司", "集团",
    "学院", "大学", "中学", "小学", "学校", "医院", "法院", "检察院", "银行", "政府", "公安", "工会", "协会", "学会", "联合会",
    "妇联", "团委", "党委", "党支部", "支部", "党总支", "委员会", "指挥部", "宣传部", "编辑部", "记者站", "工作室", "办公室",
    "办事处", "工作站", "街道", "社区", "大队", "支队", "中队", "报道组", "观察", "视界", "公众号", "视频号", "先锋", "党建",
    "项目部", "分公司", "幼儿园", "派出所", "税务", "消防", "供电", "气象", "文旅", "教育", "卫健",
)  # fmt: skip
"""Endings of organisations' names."""

SHORT_ORG_ENDINGS = "报社网台局委部处科室办厅院校站组队团会镇乡村所号刊云店厂馆园"
"""Endings of one character: a word of four characters or more with one of them is an organisation."""

STRONG_ORG_ENDINGS = "报社网台局委部处室办厅"
"""The same for a word of three characters: no name ends so, not even after a surname (文化局)."""

SURNAMES = {
    surname: rank
    for rank, surname in enumerate(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
        "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺赖洪顾毛郝龚邵万钱严覃武戴莫孔向汤"
        "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季"
        "裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦"
        "戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻"
        "苑迟邝官封谈匡鞠惠荆乐冀郁胥班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻厉伊仝郜海阚花权强帅屠朴盖练廉禹井祖"
        "漆巴丰支卿国狄平计索宣晋云容敬扈晁芮普阙浦戈伏鹿薄邸雍辜羊乌母裘亓修邰赫杭况那宿鲜印逯隆茹慕危玉银亢"
        "嵇湛宾戎勾茅利於居揭但尉冶元束檀衣昝智幸奉植衡富尧闭昌凤岩咸籍从广禤郗逄訾贝阎萧傅丘郤宓荀甯"
    )
}
"""Surname of one character → its rank by how many people bear it (0 = most), roughly."""

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "钟离",
        "宇文",
        "长孙",
        "司徒",
        "司空",
        "端木",
        "夏侯",
        "轩辕",
        "百里",
        "呼延",
        "南宫",
        "西门",
        "独孤",
        "拓跋",
        "申屠",
        "太史",
        "澹台",
        "公冶",
        "濮阳",
        "淳于",
        "单于",
        "闻人",
        "赫连",
        "万俟",
    ]
)

SIMPLIFIED = str.maketrans(
    "記編輯責審攝報導訊員實習見體駐參與採寫圖視頻統籌設計劃監製發佈來處資譯終復複總執簽對網約聞電臺時間點擊瀏覽閱讀號權聲關閉學職專欄後"
    "趙錢孫吳鄭馮陳衛蔣韓楊許呂張嚴華謝鄒蘇範魯韋馬鳳鮑費賀湯羅畢鄔龔龍葉劉黃蕭鄧盧賈鐘鍾譚陸萬莊顧齊聶藍項歐陽閻賴樂鄺喬閔紀婁駱應宮寧簡饒連叢滿單諸東島機構務團區縣鎮鄉廳辦醫",
    "记编辑责审摄报导讯员实习见体驻参与采写图视频统筹设计划监制发布来处资译终复复总执签对网约闻电台时间点击浏览阅读号权声关闭学职专栏后"
    "赵钱孙吴郑冯陈卫蒋韩杨许吕张严华谢邹苏范鲁韦马凤鲍费贺汤罗毕邬龚龙叶刘黄萧邓卢贾钟钟谭陆万庄顾齐聂蓝项欧阳阎赖乐邝乔闵纪娄骆应宫宁简饶连丛满单诸东岛机构务团区县镇乡厅办医",
)
"""Traditional characters of the words above → simplified, one to one.  For comparing only."""
