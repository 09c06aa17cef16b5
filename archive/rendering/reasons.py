"""Why a page is missing, failed or a crawl was incomplete, in Chinese for readers.

The archive stores the operator's English: a small vocabulary, with addresses and numbers in it.  What is not in the
table is shown as it is stored, for a wrong word would be worse than an English one.
"""

import re

_TABLE = (
    (r"HTTP 404", "没有这个网页（HTTP 404）"),
    (r"HTTP 410", "网页已经删除（HTTP 410）"),
    (r"HTTP (\d+)", r"网站回答出错（HTTP \1）"),
    (r"timeout", "网站没有及时回答"),
    (r"host name not found", "找不到这个域名"),
    (r"connection refused", "网站拒绝连接"),
    (r"connection failed: (.*)", r"连接失败：\1"),
    (r"connection broken before the end of the page", "网页没有传完，连接就断了"),
    (r"larger than the download limit(?: when unpacked)?", "超过下载的大小上限"),
    (r"Forbidden by robots\.txt", "robots.txt 不允许"),
    (r"redirected to article (.*)", r"转到了另一篇文章 \1"),
    (r"redirected to (.*), which is no article", r"转到了 \1，不是文章"),
    (r"redirected to (.*)", r"转到了 \1"),
    (r"links elsewhere: it is article (.*?): (.*)", r"只是链接，就是文章 \1：\2"),
    (r"links elsewhere: host is not in the profile's hosts: (.*)", r"只是链接，通往别的网站：\1"),
    (r"host is not in the profile's hosts: (.*)", r"主机不在站点配置的 hosts 里：\1"),
    (r"the page says that there is none", "网页上写着没有这篇文章"),
    (r"the pages went to a host that is not in the profile's hosts: (.*)", r"网页搬到了站点配置以外的主机：\1"),
    (r"not understood: (.*)", r"没有读懂：\1"),
    (r"layout: (.*)", r"版式不认识：\1"),
    (r"The crawl was stopped before its end \(killed.*", "中途被杀，没有写下结束；已存的都在，下一次接着做。"),
    (r"The crawl was stopped before its end \(shutdown\).*first page.*", "取到第一页之前就收到停止信号；由下一次来做。"),
    (r"The crawl was stopped before its end \(shutdown\).*", "收到停止信号，有序结束；下一次接着做。"),
    (r"The crawl was stopped before its end \(interrupted twice.*", "收到两次停止信号，立即停止；下一次接着做。"),
    (r"The crawl was stopped before its end \((.*?)\).*", r"没有做完就停了（\1）；下一次接着做。"),
    (r"The crawl was stopped because of the archive: (.*)", r"档案文件写不进去，采集停止：\1"),
    (r"The site blocks the crawl \((.*?)\), so .*", r"网站拒绝采集（\1），已停止；请联系网站，不要绕过。"),
    (r"No list page could be read: (.*?)\.  .*", r"一个列表页也没有读到：\1"),
    (r"(\d+) list pages could not be fetched or read(?: \(.*?\), such as|:) (.*)", r"\1 个列表页没有取到或读不出：\2"),
    (r"(\d+) articles could not be fetched or read(?: \(.*?\), such as|:) (.*)", r"\1 篇文章没有取到或读不出：\2"),
    (r"(\d+) list pages were read in part, .*?, such as (.*?); the profile .*", r"\1 个列表页只读懂一部分，例如 \2"),
    (r"No page links to these sections: (.*?)(?:; there are: .*)?", r"没有页面链接到这些栏目：\1"),
    (r"Nothing new for (\d+) days: .*", r"\1 天没有新文章。"),
    (r"Section (.*?) lists (\d+) articles, the archive holds (\d+); missing: (.*)", r"栏目 \1 列出 \2 篇，存下 \3 篇；没有存下：\4"),
    (r"(\d+) of (\d+) archived articles looked at were not found: .*", r"复查的 \2 篇里有 \1 篇找不到，应是网站出了问题，都没有标记。"),
    (r"Evidence is lost: .*, (\d+) captures refer to them, the first is (.*?); .*", r"WARC 文件缺失或不完整，涉及 \1 次采集记录，第一个是 \2；请从副本恢复。"),
    (r"(\d+) errors inside the program.*", r"程序内部出错 \1 次，见日志。"),
)  # fmt: skip
_CHINESE = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in _TABLE)


def in_chinese(reason: str) -> str:
    """Return a reason as the archive stores it, a sentence a line, in Chinese as far as its words are known."""
    return "\n".join(map(_sentence, reason.split("\n")))


def _sentence(said: str) -> str:
    for pattern, words in _CHINESE:
        if found := pattern.fullmatch(said):
            return found.expand(words)
    return said
