"""Why a page is missing, failed or a crawl was incomplete, in Chinese for readers.

The archive stores the operator's English: a small vocabulary, with addresses and numbers in it.  What is not in the
table is shown as it is stored, for a wrong word would be worse than an English one.
"""

import re

_TABLE = (
    (r"HTTP 404", "没有这个网页（HTTP 404）"),
    (r"HTTP 410", "网页已经删除（HTTP 410）"),
    (r"HTTP 202: .*", "网页还没有准备好，或防火墙要先看浏览器（HTTP 202）"),
    (r"HTTP 20[45]: .*", "回答里没有网页"),
    (r"HTTP 206: .*|the server sent a part of the page only: Content-Range .*", "网站只送来网页的一部分"),
    (r"HTTP 304: .*", "没有问过，网站却回答“没有改动”（HTTP 304）"),
    (r"HTTP (2\d\d): .*", r"不是完整的网页（HTTP \1）"),
    (r"HTTP (-?\d+)(?:: .*)?", r"网站回答出错（HTTP \1）"),
    (r"timeout", "网站没有及时回答"),
    (r"host name not found", "找不到这个域名"),
    (r"connection refused", "网站拒绝连接"),
    (r"connection failed: (.*)", r"连接失败：\1"),
    (r"the certificate does not hold \(it is of another host\); .*", "证书是别的主机的"),
    (r"the certificate does not hold \(.*", "证书无效（过期、尚未生效，或颁发者不明）"),
    (r"connection broken before the end of the page", "网页没有传完，连接就断了"),
    (r"larger than the download limit(?: when unpacked: \d+ bytes)?", "超过下载的大小上限"),
    (r"the server sent it packed as (.*?), asked for .*", r"网站用没有要求的 \1 压缩"),
    (r"the page is cut or damaged: .*", "压缩的网页不完整或已损坏"),
    (r"the page is cut: .*", "网页不完整，断在标签中间"),
    (r"the page came in chunks, and .*", "网站分块送来网页，却没有说明"),
    (r"Forbidden by robots\.txt", "robots.txt 不允许"),
    (r"robots\.txt of (.*?) could not be had, so nothing there may be asked for: .*", r"取不到 \1 的 robots.txt，不知道允许什么，所以没有采集"),
    (r"the site redirects to what is no address: (.*)", r"网站转到的不是网址：\1"),
    (r"the site redirects (?:to the same address for ever|again and again): (.*)", r"网站转来转去，没有尽头：\1"),
    (r"(\S+) leads to (\S+), an address inside your own network; .*", r"\1 通向内部网络的地址 \2"),
    (r"every reader is sent to (?:one article|one page of another site): (.*)", r"不论哪一篇都转到 \1"),
    (r"the answer is no page but a file or packed", "取到的不是网页，是文件或压缩数据"),
    (r"the answer is no page but (.*)", r"取到的不是网页，是 \1"),
    (r"a notice instead of an article: (.*)", r"取到的是通知，不是文章：\1"),
    (r"script-only page: .*", "网页要求浏览器先运行脚本"),
    (r"the page shows nothing without its script, .*", "不运行脚本，网页什么也不显示"),
    (r"a script sends the reader on, .*", "脚本把读者带走，去向不明"),
    (r"page (\d+) of the article cannot be had: (.*)", r"文章的第 \1 页取不到：\2"),
    (r"page (\d+) of the article(?: cannot be read)?: (.*)", r"文章的第 \1 页读不出：\2"),
    (r"the article has more than (\d+) pages: (.*)", r"文章超过 \1 页：\2"),
    (r"error while reading: (.*)", r"读取时程序出错：\1"),
    (r"error while storing: (.*)", r"存入时程序出错：\1"),
    (r"the program ended while it read or stored this page: .*", "读取或存入这一页时程序中断（卡死后被杀，或内存用尽）"),
    (r"it ended the process that read it: (\S+), perhaps for want of memory", r"读取这一页的进程中断（\1，也许内存用尽）"),
    (r"it ended the process that read it: (.*)", r"读取这一页的进程中断（\1）"),
    (r"reading it takes too long: more than (\S+) seconds", r"读取这一页超过 \1 秒，已放弃"),
    (r"its text has ([\d,]+) characters, more than the ([\d,]+) .*", r"正文有 \1 个字符，超过站点配置的上限 \2"),
    (r"redirected to article (.*)", r"转到了另一篇文章 \1"),
    (r"redirected to (.*), which is no article", r"转到了 \1，不是文章"),
    (r"redirected to (.*), which is another list", r"转到了 \1，那是另一个列表"),
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
    (r"(\d+) list pages? could not be fetched or read(?: \(.*?\), such as|:) (.*?)(?:\.  .*)?", r"\1 个列表页没有取到或读不出：\2"),
    (r"(\d+) articles? could not be fetched or read(?: \(.*?\), such as|:) (.*?)(?:\.  .*)?", r"\1 篇文章没有取到或读不出：\2"),
    (r"(\d+) articles? failed in (\d+) crawls and (?:are|is) given up, such as (.*?)\.  .*", r"\1 篇文章试了 \2 次采集都没有读到，不再去取，例如 \3"),
    (r"(\d+) list pages? could not be read, .*?, such as (.*?); the profile .*", r"\1 个列表页没有读出，例如 \2"),
    (r"(\d+) list pages? (?:could not be read or )?(?:were|was) read in part, .*?, such as (.*?); the profile .*", r"\1 个列表页只读懂一部分，例如 \2"),
    (r"No page links to these sections: (.*?)(?:; there are: .*)?", r"没有页面链接到这些栏目：\1"),
    (r"Nothing new for (\d+) days?: .*", r"\1 天没有新文章。"),
    (r"Section (.*?) lists (\d+) articles?, the archive holds (\d+)(?:, \d+ failed)?(?:, \d+ (?:are|is) left out for a reason)?; missing: (.*)", r"栏目 \1 列出 \2 篇，存下 \3 篇；没有存下：\4"),
    (r"Section (.*?) says (\d+) (?:pages?|entries), and .*", r"栏目 \1 自称有 \2 页或条，没有走到这么多。"),
    (r"(\d+) sections? leads? to another host, so .*?, such as (.*?); add .*", r"\1 个栏目通往别的主机，没有采集，例如 \2"),
    (r"There are more sections than a crawl reads, such as (.*?): .*", r"栏目多过一次采集的上限，例如 \1"),
    (r"The site shows (?:one page|one title|one text under different titles) for (\d+) articles? \((\d+) of them archived\): “(.*?)”, such as (.*?)\.  They are held back.*", r"网站给 \1 篇文章（其中 \2 篇已存）同一个网页、题名或正文：“\3”，例如 \4。都暂缓收入，已存的文章不变。"),
    (r"(\d+) archived articles? came again under other identities .*, such as “(.*?)”: (.*?)\.  The new ones are held back.*", r"\1 篇已存的文章换了标识又出现，例如“\2”：\3。新的暂缓收入。"),
    (r"(\d+) of (\d+) new articles (?:have|has) title and text of another one in the same list, such as “(.*?)”: (.*?)\.  If .*", r"\2 篇新文章里有 \1 篇与同一列表里的另一篇题名、正文相同，例如“\3”：\4"),
    (r"The template may have changed: (\S+) in (.*?) was found in (\S+) of earlier articles, now in (.*?) of (\d+).*", r"版式可能变了：\1 以前 \3 的文章有，现在 \5 篇里只有 \4。"),
    (r"All (\d+) articles have the date (\S+), and .*", r"\1 篇文章的日期都是 \2，列表上却不同。"),
    (r"(\d+) of (\d+) archived articles looked at (?:were|was) not found: .*", r"复查的 \2 篇里有 \1 篇找不到，应是网站出了问题，都没有标记。"),
    (r"Evidence is lost: .*, (\d+) captures? refers? to them, the first is (.*?); .*", r"WARC 文件缺失或不完整，涉及 \1 次采集记录，第一个是 \2；请从副本恢复。"),
    (r"(\d+) crawls ended while they read or stored (.*), so it is given up .*", r"\1 次采集在读取或存入 \2 时中断，不再采集这一页。"),
    (r"(\d+) errors? inside the program.*", r"程序内部出错 \1 次，见日志。"),
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
