"""Soft 404: a page is gone by its message, not by a sentence in an article."""

import pytest

from tests.linear import MOST_GROWTH, growth
from zhijiang_spider.pages import Page, says_gone

MENU = "<ul><li><a href=/>首页</a></li><li><a href=/a/>云汀要闻</a></li></ul>"
FOOT = "<div>主办：云汀县融媒体中心</div>"
MESSAGES = [
    "抱歉，您访问的文章不存在或已被删除。",
    "您所访问的页面（/a/57.html）不存在",
    "您访问的页面找不到了",
    "栏目不存在",
    "内容已被删除",
    "该信息已下线",
    "稿件已撤回",
    "该稿件因故已撤回",
    "本文已被作者删除",
    "此链接已失效",
    "参数错误",
    "文章ID不正确！",
    "错误：无效的文章编号",
    "该信息未审核或已删除！",
    "该内容已过期或已被发布者删除",
    "很抱歉！您访问的新闻已经被删除或者转移。",
    "没有此新闻或此新闻已删除",
    "哎呀，页面走丢了~",
    "新闻不存在，3秒后返回首页",
    "您正在查找的页可能已被删除、重命名或暂时不可用。",
    "對不起，您要查看的新聞不存在",
    "404",
    "HTTP 404 - 未找到文件",
    "404错误，您所查看的页面不存在！",
    "404 Not Found",
    "Page not found",
    "The requested URL /57.html was not found on this server.",
    "Sorry, the page you are looking for does not exist.",
    "This article is no longer available.",
    "Oops! 页面不存在",
]


def gone(html: str) -> bool:
    return says_gone(Page("http://www.yunting.example/57.html", html.encode()))


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_is_one_wherever_it_stands(message: str) -> None:
    back = "<p>5秒后自动跳转</p><a href=/>返回首页</a>"
    assert gone(f"<title>云汀新闻网</title>{MENU}<div class=logo>云汀之声</div><p>{message}</p>{back}{FOOT}")
    assert gone(f"<title>{message}</title>")
    assert gone(f"<title>提示信息_云汀新闻网</title><h1>提示信息</h1><div>{message}</div>")


@pytest.mark.parametrize("message", MESSAGES[:8])
def test_a_script_may_say_it(message: str) -> None:
    assert gone(f"<script>alert('{message}');history.back();</script>")
    assert gone(f'<title>提示</title><script>alert("{message}"); location.href = "/";</script>')


def test_a_message_may_give_reasons_and_advice() -> None:
    reasons = "<p>可能原因：</p><p>1、网址有错误</p><p>2、页面已被删除或移动</p>"
    assert gone(f"<title>页面没有找到</title><h2>很抱歉，您要访问的页面不存在</h2>{reasons}")
    assert gone("<title>404 Not Found</title><center><h1>404 Not Found</h1></center><hr>nginx/1.18.0")


ARTICLES = [
    ("404路公交线路临时调整", "因澄河大桥施工，404路公交临时绕行。"),
    ("澄河大桥施工公告", "404路公交临时绕行城关路，恢复时间另行通知。"),
    ("辟谣：“澄河停水三天”的信息不存在", "经核实，该信息不存在，请勿传播。"),
    ("网警通报一起造谣案件", "当事人发布的不实文章已被删除，本人受到行政处罚。"),
    ("微博内容已删除，当事人致歉", "昨日，纪朗在个人微博致歉，称相关内容已删除。"),
    ("页面不存在？教你三招", "打开收藏夹时提示“页面不存在”怎么办？先别急。"),
    ("抱歉，我们没有找到更好的办法", "一位基层医生的手记：对不起，没有找到更好的办法。"),
    ("旧版资料文件已下架的通知", "各单位：旧版资料文件已下架，请使用新版。"),
    ("关于撤销三家单位许可的公告", "经查，以下企业许可已被撤销。"),
    ("走失老人找到了", "昨日走失的老人已经找到，谢谢大家。"),
    ("链接已失效？这样恢复", "链接已失效时，先检查网址。"),
]


@pytest.mark.parametrize(("title", "text"), ARTICLES)
@pytest.mark.parametrize("row", ["<p>2024-03-02 来源：云汀融媒</p>", ""])
def test_an_article_that_speaks_of_it_is_none(title: str, text: str, row: str) -> None:
    assert not gone(f"<title>{title}_云汀新闻网</title>{MENU}<h1>{title}</h1>{row}<p>{text}</p>{FOOT}")


@pytest.mark.parametrize("signs", ["<p>2024-03-02 来源：云汀融媒</p>", "<p>责任编辑：乔安</p>"])
def test_a_message_beside_an_article_is_not_the_pages(signs: str) -> None:
    article = f"<h1>云汀县育秧忙</h1>{signs}<p>育秧工厂昨日开工。</p>"
    assert not gone(f"<title>云汀新闻网</title>{article}<div>抱歉，没有找到相关内容</div>")


def test_a_server_that_cannot_answer_now_does_not_say_that_there_is_none() -> None:
    for message in ("页面暂时无法访问", "系统维护中，请稍后再试", "内容正在审核中，暂时无法查看"):
        assert not gone(f"<title>提示信息</title><p>{message}</p>")


@pytest.mark.parametrize("unit", ["已经已被", "404-", "页面，", "(a", "the page you ", "alert('x "])
def test_the_time_grows_with_the_size(unit: str) -> None:
    def page(size: int) -> str:
        lines = f"<p>{unit * 30}</p>" * (size // 30)
        return f"<script>{unit * size}</script>{lines}<p>{unit * size}</p>"

    assert growth(page, gone, 3_000) < MOST_GROWTH
