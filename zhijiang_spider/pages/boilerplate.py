"""The vocabulary of what surrounds an article: lines that are the page's, not the article's.

Words only; where they count is for the readers of titles, headers and bodies to say.
Simplified and traditional forms of a word stand side by side.
"""

import re

from zhijiang_spider.vocabulary.roles import ROLES

_MARKS = r"[\s\u3000【】\[\]（）()<>《》「」|｜丨/·•:：>»›…↓▼▽▲▶►◆■●*#+-]{0,9}"

_STOP_WORDS = (
    "相关(?=[:：])|相关[\u4e00-\u9fff]{2}|相关阅读|相关新闻|相关链接|相关报道|相关文章|相关推荐|相关专题|相关内容|相关资讯|相关视频|相关信息|相关评论|相关话题|相关搜索"
    "|相關閱讀|相關新聞|相關報導|相關文章|延伸阅读|延伸閱讀|延伸[ ·]{1,3}推荐|更多阅读|更多新闻|更多推荐|更多精彩(?:内容|推荐)?|推荐阅读|推荐新闻|推荐文章|推荐视频"
    "|精彩推荐|精彩视频推荐|热门推荐|热点推荐|热门新闻|热门文章|热点新闻|热门评论|热门视频|阅读推荐|编辑推荐|小编推荐|今日推荐|图片推荐|视频推荐|新闻推荐|频道推荐|栏目推荐"
    "|大家都在看|大家还在看|大家爱看|猜你喜欢|猜您喜欢|为您推荐|为你推荐|您可能感兴趣的?(?:文章|新闻)?|你可能感兴趣的?(?:文章|新闻)?|看过本文的人还看过?"
    "|最新新闻|最新文章|最新资讯|最新评论|最热评论|最热文章|最热新闻|网友评论|网友跟帖|精彩评论|全部评论|用户评论|文章评论|发表评论|我要评论|评论区|评论列表|我来说两句|来说两句"
    "|说两句|参与评论|写评论|跟贴热词|热门跟贴|新闻排行榜?|点击排行榜?|热点排行榜?|阅读排行榜?|热文排行榜?|排行榜|人气排行|今日热点|今日热门|热点专题|视觉焦点|图片新闻|图说新闻"
    "|您此时的心情|您看到此篇文章时的感受是|新闻表情排行|此刻心情|友情链接|快速导航|网站导航|关于我们|联系我们|作者其他文章|本栏目?最新|同类新闻|往期回顾|往期推荐|往期精选"
    "|热榜|分享让更多人看到|读者评论|阅读上一篇|阅读下一篇|上一篇|下一篇|上一条|下一条|上一則|下一則|正文已结束"
)
_STOP = re.compile(
    rf"{_MARKS}(?:(?:24小时|48小时|一周|本周|本月|一月|今日|周|月|日)(?=\w{{0,4}}(?:排行|热)))?(?:{_STOP_WORDS})(?:{_MARKS}|[\s:：>»→（(…，,]{{1,4}}.{{0,30}}|更多.{{0,4}}|换一.)"
    rf"|{_MARKS}(?:上一篇|下一篇|上一条|下一条|前一篇|后一篇|上一則|下一則){_MARKS}.{{0,200}}"
    r"|(?:共有?|已有)?[ \d,，]{1,9}(?:条|则|位网友)(?:评论|留言|回复|跟[帖贴]|发表评论)数?"
)
"""Matches (whole) a line that opens a list of other articles, comments or links: the article is over."""

_COMMENTS = re.compile("评论|跟[帖贴]|留言|说两句|回复|上一[篇条]|下一[篇条]")

_BUTTONS = (
    "打印(?:本[页文])?|打印此[页文]|关闭(?:本页|窗口|页面)?|分享到?|分享至手机|一键分享|转发到?|转播到\\S{1,6}|收藏(?:本文|此页)?|复制链接|点赞|点个赞|点分享|点收藏|点点赞|点在看|打赏|举报|内容举报|纠错|报错|我要纠错"
    "|网络纠错|字体|字号|字体大小|调整字体|调整字号|[大中小]|[Aa]\\+|[Aa]-|QQ空间|QQ好友|微信好友|微信朋友圈|朋友圈|新浪微博|腾讯微博|人人网|扫一扫|微信扫一扫|扫码(?:阅读|分享|关注|下载)"
    "|[请請][继繼][续續]往下[阅閱][读讀][.…]{0,6}|查看原图|查看大图|点击查看大图|点击图片查看大图|加载中|正在加载|加载更多|展开全文|阅读剩余全文|余下全文|阅读全文|查看全文|返回顶部|回到顶部|返回首页|返回列表|听新闻|首赞|\\+\\d|广告"
)
_ALONE = (
    f"{_BUTTONS}|返回(?:上一页)?|TOP|top|赞|在看|喜欢|踩|顶|赞赏|收听|朗读|播放|暂停|默认|超大|标准|评论|评论数?|留言|参与|浏览|阅读"
    "|点击查看更多|查看更多|更多|二维码|手机(?:阅读|看|查看|扫码)|客户端|下载客户端|打开APP|登录|注册|投稿|表情|关注|已关注|关注我们|THE END|END|end|图集|推荐\\s?\\d{0,6}|阅读 ?\\(?[\\d.]{1,9}万?\\)?"
    "|原创|转载|挑错|网页|新闻|搜索|无障碍|繁体|简体|English|QQ|豆瓣|微信|微博|保存图片|取消|确定|发送|提交|首页|正文|完|结束"
)
_BUTTON_LINE = re.compile(rf"{_MARKS}(?:(?:{_BUTTONS}){_MARKS}){{1,9}}")
_ALONE_LINE = re.compile(rf"{_MARKS}(?:(?:{_ALONE}){_MARKS}){{1,9}}")
_NOTICES = re.compile(
    rf"{_MARKS}(?:[“\"]?(?:特别声明|平台声明|免责声明|版权声明|郑重声明)[:：]|Notice: ?The content|Copyright|COPYRIGHT|copyright|©|版权所有|版权归|凡本网|凡注明|凡来源|违法和?不良信息"
    r"|本网站?版权|本文(?:著作权|版权)归|如有侵权|侵权必究|(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼])?ICP(?:备|证)|备案号|公网安备|网站(?:地图|标识码)|此文章?由"
    r"|(?:主办|承办|主管)(?:单位)?[:：].{0,60}(?:地址|邮编|电话|备案|版权)|技术支持[:：]|您(?:的)?浏览器|你的浏览器|当前浏览器|对不起，?您的|Your browser"
    r"|[^，。！？；]{2,40}版权所有[\s.]{0,3}$)"
)
"""Beginnings of legal and technical notices, of any length up to the limit."""
_OPENINGS = re.compile(
    rf"{_MARKS}(?:分享到|分享至|分享给|转发到|字体\s?[:：]|字号\s?[:：]|【?字体|点击(?:数|率|量|次数)?[:：]|浏览(?:次数|量|数)?[:：]|阅读(?:次数|量|数)?[:：]"
    r"|访问(?:次数|量)?[:：]|人气[:：]|热度[:：]|评论数?[:：]|本文(?:网址|链接|地址|固定链接|永久链接|标题)|文章(?:网址|链接|地址)[:：]?|原文(?:链接|地址|网址)[:：]|关键[词字][:：]|标签[:：]"
    r"|听新闻|鼓励作者|T?[Aa]gs?[:：]|扫一扫|扫描(?:下方|左侧|右侧|上方)?二维码|扫二维码|扫码(?:阅读|分享|关注|下载)|微信扫|用微信|打开微信|使用微信|长按(?:识别|图片|二维码)|点击右上角|请使用浏览器|已有\d{0,9}人"
    r"|\d{1,9}\s?(?:条|人|次)\s?(?:评论|参与|点赞|阅读|跟[帖贴]|回复)|加载中|正在加载|未经.{0,20}(?:授权|许可|同意)|[^。]{0,16}版权声明|返回(?:首页|列表|顶部)|加入收藏|设为首页|举报(?:电话|邮箱)|下载.{0,12}(?:客户端|APP|App|app)"
    r"|打开.{0,12}(?:客户端|APP|App|app)|推荐给?朋友|发送到手机|收藏本|复制本|我要(?:纠错|留言|评论|收藏|打印|投稿)|转载请注明|点击进入专题|进入专题"
    r"|更多.{0,10}(?:请|点击|>>)|阅读原文$|点击阅读原文$|关注.{0,8}(?:公众号|微信号?|微博|视频号)(?:[:：]|$))"
)
"""Beginnings of short lines that stand around articles."""
_APP = re.compile(
    r"尽在.{2,12}(?:客户端|[Aa][Pp][Pp])|(?:下载|下載|打开|打開|安装).{0,12}(?:客户端|客戶端|[Aa][Pp][Pp])"
)
_EMPTY_LABEL = re.compile(
    r"[\s\u3000（(【\[]{0,4}[\u4e00-\u9fff]{2,6}[\s\u3000]{0,4}[:：][\s\u3000）)】\]]{0,4}"
)
_LONGEST_NOTICE = 400
_LONGEST_OPENING = 60

TRAILING = re.compile(
    r"\s{0,2}(?:返回\S{0,8}首页|返回\S{1,6}，查看更多|查看更多|查看全文|[【\[](?:打印|关闭|纠错|我要纠错|详细|详情)[】\]])[>》，,]{0,3}$"
)
"""Links of the page at the end of a paragraph."""

LEADING = re.compile(r"(?:\s{0,3}[【\[](?:打印|关闭|纠错|我要纠错|网络纠错|责编信箱)[】\]]\s{0,3}){1,4}")
"""Buttons of the page before the words of a line."""

PLACEHOLDER = re.compile(
    r"[\[【(（]?\s?(?:图片|图像|影像|视频|图|image|img|点击播放|插图|点击(?:观看|播放|查看)视频|观看视频|视频播放)\s?[\]】)）]?(?:\s?\d{1,3})?"
)
"""Matches (whole) what pasting from WeChat leaves where a picture was."""

CRUMB_LABEL = re.compile(
    r"(?:您?你?的?当前的?位置|您?你?现在的?位置|您?你?所在的?位置|您的位置|你的位置|目前位置|當前位置|您現在的位置|您所在位置|現在位置|位置|您现在位于)"
    r"[\s是在]{0,3}[:：>»]"
)

_CREDIT_LABELS = "|".join(
    sorted({*ROLES, "来源", "稿源", "选稿", "录入", "网编", "值班主任", "栏目编辑"}, key=len, reverse=True)
)
_CREDIT = re.compile(
    rf"[\s\u3000（(【\[]{{0,4}}(?:本文|本期|本报|稿件|新媒体|网络|电视|微信)?(?:{_CREDIT_LABELS})"
    r"(?:[\s\u3000]{0,4}[:：丨｜|︱│/／]|[\s\u3000]{1,4}(?=[\u4e00-\u9fff]{2,4}(?:[\s\u3000）)】\]]|$)))"
)
"""Begins a line that names who made the article; credits.py reads it."""
_REPORTERS = re.compile(
    r"[^\s，。,:：]{2,14}?(?:首席|见习|实习|特约|全媒体|融媒体?)?(?:记者|通讯员|評論員|评论员)[\s\u3000:：丨|｜]{1,3}"
    r"[\u4e00-\u9fff·]{1,4}(?:[\s\u3000、,，]{1,3}[\u4e00-\u9fff·]{1,4}){0,6}"
    r"|[\u4e00-\u9fff·]{2,4}(?:[\s\u3000、][\u4e00-\u9fff·]{2,4}){0,3}[\s\u3000/／]{1,3}(?:综合报道|报道|報導|報道|撰文|文|文/图|图/文|编译|整理)"
)
"""Matches (whole) an outlet, what its people are, and their names: 某报记者 某某某; or names, then what they did."""

_MARK = re.compile(r"[\s\u3000]{0,4}[□■◎●○◆◇※★☆•][\s\u3000]{0,4}")
"""What newspapers set before the names of reporters."""


def is_stop(text: str) -> bool:
    """Tell whether a line opens what follows an article: related news, comments, previous and next."""
    return len(text) <= 220 and _STOP.fullmatch(text) is not None


def is_comment_stop(text: str) -> bool:
    """Tell whether a line opens readers' comments."""
    return len(text) <= 60 and _COMMENTS.search(text) is not None


def is_notice(text: str) -> bool:
    """Tell whether a line is a legal or technical notice of the site."""
    return len(text) <= _LONGEST_NOTICE and _NOTICES.match(text) is not None


def is_button(text: str) -> bool:
    """Tell whether a line is only buttons: share, print, font size.  It is no article's, wherever it stands."""
    return len(text) <= _LONGEST_OPENING and _BUTTON_LINE.fullmatch(text) is not None


def is_boilerplate(text: str) -> bool:
    """Tell whether a line around an article belongs to the page: buttons, counters, notices, empty labels.

    Inside an article some of these lines are text, so ask ``is_button`` there.
    """
    if len(text) > _LONGEST_NOTICE:
        return False
    if _NOTICES.match(text):
        return True
    return len(text) <= _LONGEST_OPENING and (
        _ALONE_LINE.fullmatch(text) is not None
        or (_OPENINGS.match(text) is not None and "。" not in text[:-1])
        or _APP.search(text) is not None
    )


def is_empty_label(text: str) -> bool:
    """Tell whether a line is a credit's label without a name: ``责任编辑：``."""
    return _EMPTY_LABEL.fullmatch(text) is not None and is_credit(text)


def is_credit(text: str) -> bool:
    """Tell whether a line looks like one that names who made the article."""
    if len(text) > 200:
        return False
    before = LEADING.match(text) or _MARK.match(text)
    start = before.end() if before else 0
    return _CREDIT.match(text, start) is not None or _REPORTERS.fullmatch(text, start) is not None
