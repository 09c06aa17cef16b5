"""Why a page is missing, failed or a crawl was incomplete, in Chinese for readers.

The archive stores the operator's English: a small vocabulary, with addresses and numbers in it.  What is not in the
table is shown as it is stored, marked as the original, for a wrong word would be worse than an English one.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

_TABLE = (
    # --- what is wrong with a crawl ---
    (r"The crawl was stopped before its end \(killed.*", "中途被杀，没有写下结束；已存的都在，下一次接着做。"),
    (r"The crawl was stopped before its end \(shutdown\).*first page.*", "取到第一页之前就收到停止信号；由下一次来做。"),
    (r"The crawl was stopped before its end \(shutdown\).*", "收到停止信号，有序结束；下一次接着做。"),
    (r"The crawl was stopped before its end \(interrupted twice.*", "收到两次停止信号，立即停止；下一次接着做。"),
    (r"The crawl was stopped before its end \((?P<why>.*?)\).*", r"没有做完就停了（\g<why>）；下一次接着做。"),
    (r"The crawl was stopped because of the archive: (?P<why>.*)", r"档案文件写不进去，采集停止：\g<why>"),
    (r"The site blocks the crawl \((?P<why>.*?)\), so .*", r"网站拒绝采集（\g<why>），已停止；请联系网站，不要绕过。"),
    (r"No list page could be read: (?P<why>.*?)\.  .*", r"一个列表页也没有读到：\g<why>"),
    (r"(\d+) list pages? could not be fetched or read(?: \(.*?\), such as|:) (?P<why>.*?)(?:\.  .*)?", r"\1 个列表页没有取到或读不出：\g<why>"),
    (r"(\d+) articles? could not be fetched or read(?: \(.*?\), such as|:) (?P<why>.*?)(?:\.  .*)?", r"\1 篇文章没有取到或读不出：\g<why>"),
    (r"(\d+) articles? failed in (\d+) crawls and (?:are|is) given up, such as (?P<why>.*?)\.  .*", r"\1 篇文章试了 \2 次采集都没有读到，不再去取，例如 \g<why>"),
    (r"(\d+) list pages? could not be read, .*?, such as (?P<why>.*); the profile can say.*", r"\1 个列表页没有读出，例如 \g<why>"),
    (r"(\d+) list pages? (?:could not be read or )?(?:were|was) read in part, .*?, such as (?P<why>.*); the profile can say.*", r"\1 个列表页只读懂一部分，例如 \g<why>"),
    (r"No page links to these sections: (.*?)(?:; there are: .*)?", r"没有页面链接到这些栏目：\1"),
    (r"Nothing new for (\d+) days?: .*", r"\1 天没有新文章。"),
    (r"Section (.*?) lists (\d+) articles?, the archive holds (\d+)(?:, \d+ failed)?(?:, \d+ (?:are|is) left out for a reason)?; missing: (?P<missing>.*)", r"栏目 \1 列出 \2 篇，存下 \3 篇；没有存下：\g<missing>"),
    (r"Section (.*?) says (\d+) (?:pages?|entries), and .*", r"栏目 \1 自称有 \2 页或条，没有走到这么多。"),
    (r"(\d+) sections? leads? to another host, so .*?, such as (?P<why>.*?); add .*", r"\1 个栏目通往别的主机，没有采集，例如 \g<why>"),
    (r"There are more sections than a crawl reads, such as (.*?): .*", r"栏目多过一次采集的上限，例如 \1"),
    (r"The site shows (?:one page|one title|one text under different titles) for (\d+) articles? \((\d+) of them archived\): (“.*?”), such as (?P<pages>.*?)\.  They are held back.*", r"网站给 \1 篇文章（其中 \2 篇已存）同一个网页、题名或正文：\3，例如 \g<pages>。都暂缓收入，已存的文章不变。"),
    (r"(\d+) archived articles? came again under other identities .*, such as (“.*?”): (?P<pages>.*?)\.  The new ones are held back.*", r"\1 篇已存的文章换了标识又出现，例如\2：\g<pages>。新的暂缓收入。"),
    (r"(\d+) of (\d+) new articles (?:have|has) title and text of another one in the same list, such as (“.*?”): (?P<pages>.*?)\.  If .*", r"\2 篇新文章里有 \1 篇与同一列表里的另一篇题名、正文相同，例如\3：\g<pages>"),
    (r"The template may have changed: (?P<field>\S+) in (?P<where>.*?) was found in (\S+) of earlier articles, now in (.*?) of (\d+).*", r"版式可能变了：\g<field>在\g<where>以前 \3 的文章有，现在 \5 篇里只有 \4。"),
    (r"No date was understood on any of the (\d+) new articles whose lists print one.*", r"列表上有日期的 \1 篇新文章，没有一篇读懂日期。"),
    (r"All (\d+) articles have the date (\S+), and .*", r"\1 篇文章的日期都是 \2，列表上却不同。"),
    (r"(\d+) of (\d+) archived articles looked at (?:were|was) not found: .*", r"复查的 \2 篇里有 \1 篇找不到，应是网站出了问题，都没有标记。"),
    (r"Evidence is lost: .*, (\d+) captures? refers? to them, the first is (.*?); .*", r"WARC 文件缺失或不完整，涉及 \1 次采集记录，第一个是 \2；请从副本恢复。"),
    (r"(\d+) crawls? ended while (?:they|it) read or stored (.*), so it is given up .*", r"\1 次采集在读取或存入 \2 时中断，不再采集这一页。"),
    (r"(\d+) errors? inside the program, the first: (?P<why>.*); zhijiang crawl --log.*", r"程序内部出错 \1 次，见日志；第一次：\g<why>"),
    (r"(\d+) errors? inside the program.*", r"程序内部出错 \1 次，见日志。"),
    # --- where a page lies, beside a reason ---
    (r"(?P<why>.*) \(capture (\d+)\), listed as (“[^”]*”)", r"\g<why>（采集记录 \2，列表上作\3）"),
    (r"(?P<why>.*) \(capture (\d+)\)", r"\g<why>（采集记录 \2）"),
    (r"(?P<why>.*), listed as (“[^”]*”)", r"\g<why>（列表上作\2）"),
    # --- why a page was not fetched or read ---
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
    (r"connection failed: (?P<why>.*)", r"连接失败：\g<why>"),
    (r"(?P<why>.*) \(the site sends this address on to (\S+)\)", r"\g<why>（网站把这个网址转到 \2）"),
    (r"no page could be fetched", "一页也没有取到"),
    (r"not read yet", "还没有去取"),
    (r"refused", "没有去取"),
    (r"the certificate does not hold \(it is of another host\); .*", "证书是别的主机的"),
    (r"the certificate does not hold \(.*", "证书无效（过期、尚未生效，或颁发者不明）"),
    (r"connection broken before the end of the page", "网页没有传完，连接就断了"),
    (r"larger than the download limit(?: when unpacked: \d+ bytes)?", "超过下载的大小上限"),
    (r"the server sent it packed as (.*?), asked for .*", r"网站用没有要求的 \1 压缩"),
    (r"the page is cut or damaged: .*", "压缩的网页不完整或已损坏"),
    (r"the page is cut: .*", "网页不完整，断在标签中间"),
    (r"the page came in chunks, and .*", "网站分块送来网页，却没有说明"),
    (r"Forbidden by robots\.txt", "robots.txt 不允许"),
    (r"robots\.txt of (.*?) could not be had, so nothing there may be asked for: (?P<why>.*)", r"取不到 \1 的 robots.txt（\g<why>），不知道允许什么，所以没有采集"),
    (r"the site redirects to what is no address: (.*)", r"网站转到的不是网址：\1"),
    (r"the site redirects (?:to the same address for ever|again and again): (.*)", r"网站转来转去，没有尽头：\1"),
    (r"(\S+) leads to (\S+), an address inside your own network; .*", r"\1 通向内部网络的地址 \2"),
    (r"every reader is sent to (?:one article|one page of another site): (.*)", r"不论哪一篇都转到 \1"),
    (r"the page sends its reader on to (\S+): host is not in the profile's hosts", r"网页转到 \1，主机不在站点配置的 hosts 里"),
    (r"the page sends its reader on to (\S+)", r"网页转到 \1"),
    (r"the answer is no page but a file or packed", "取到的不是网页，是文件或压缩数据"),
    (r"the answer is no page but (.*)", r"取到的不是网页，是 \1"),
    (r"a notice instead of an article: (?P<why>.*)", r"取到的是通知，不是文章：\g<why>"),
    (r"script-only page: .*", "网页要求浏览器先运行脚本"),
    (r"the page shows nothing without its script, .*", "不运行脚本，网页什么也不显示"),
    (r"a script sends the reader on, .*", "脚本把读者带走，去向不明"),
    (r"page (\d+) of the article cannot be had: (.*)", r"文章的第 \1 页取不到：\2"),
    (r"page (\d+) of the article(?: cannot be read)?: (?P<why>.*)", r"文章的第 \1 页读不出：\g<why>"),
    (r"the article has more than (\d+) pages: (.*)", r"文章超过 \1 页：\2"),
    (r"error while reading: (?P<why>.*)", r"读取时程序出错：\g<why>"),
    (r"error while storing: (?P<why>.*)", r"存入时程序出错：\g<why>"),
    (r"the program ended while it read or stored this page: .*", "读取或存入这一页时程序中断（卡死后被杀，或内存用尽）"),
    (r"it ended the process that read it: (.*), perhaps for want of memory", r"读取这一页的进程中断（\1，也许内存用尽）"),
    (r"it ended the process that read it: exit status (\d+)", r"读取这一页的进程中断（退出码 \1）"),
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
    (r"is no picture or file of a known kind", "不是认得的图片或文件"),
    (r"is empty", "是空的"),
    (r"the server takes no form of an earlier crawl \((?P<why>.*)\): .*", r"网站不接受以前采集的翻页表单（\g<why>），以后补查从第一页开始"),
    (r"it answers with page 1", "回答的是第 1 页"),
    (r"not understood: (?P<why>.*)", r"没有读懂：\g<why>"),
    (r"layout: (?P<why>.*)", r"版式不认识：\g<why>"),
    # --- what an article page or a list lacks ---
    (r"(?P<why>(?:no|the list says|none of|list_api|its answer) .*): (https?://\S+)", r"\g<why>：\2"),
    (r"no title", "没有题名"),
    (r"no text, picture or video(; a script of the page loads it)?", "没有正文、图片或视频"),
    (r"no text besides credits and what stands around an article(?:; a script of the page loads it)?", "除了署名和文章周围的文字，没有正文"),
    (r"no article link (?:inside what selectors\.entries selects|on it); check (.*?) of the profile (.*)", r"没有文章链接；请检查站点配置 \2 的 \1"),
    (r"no article of the site among what the list reader (.*) found", r"列表读法 \1 读出的都不是本站的文章"),
    (r"the list says nothing of what follows", "列表没有说后面还有什么"),
    (r"the list is in one of (\d+) frames: (.*)", r"列表在 \1 个框架之一里：\2"),
    (r"a script draws the list into (.*?); they ask for (.*)", r"列表由脚本画在 \1 里，数据取自 \2"),
    (r"a script draws the list into (.*?)(?:; how it is asked for is not understood)?", r"列表由脚本画在 \1 里，数据从哪里取不明"),
    (r"none of its (\d+) records links an article", r"\1 条记录里没有一条链接文章"),
    (r"none of the (\d+) entries of the feed is an article of the site", r"订阅源的 \1 条里没有一条是本站的文章"),
    (r"none of the (\d+) rows of the answer has the address of an article(?:; .*)?", r"回答的 \1 行里没有一行有文章的网址"),
    (r"section_url matches (\d+) of its sitemaps not, such as (.*)", r"section_url 不符合其中 \1 个站点地图，例如 \2"),
    (r"the answer is a refusal \((?P<why>.*)\)", r"回答是拒绝（\g<why>）"),
    (r"the answer holds no list", "回答里没有列表"),
    (r"list_api\.items (.*) is not in the answer, which has .*", r"回答里没有 list_api.items 所指的 \1"),
    (r"its answer is no ListReading: (.*)", r"插件的回答不是列表：\1"),
    # --- what should follow a page of a list ---
    (r"the page says (\d+) pages(?: \((.*)\))?, and (?P<why>.*)", r"网页说有 \1 页，\g<why>"),
    (r"the page says that it is page (\d+) of (\d+), and .*", r"网页说是第 \1 页、共 \2 页，却没有能读懂的链接通往下一页"),
    (r"no link leads on", "没有链接通往下一页"),
    (r"the page has no pager", "网页没有翻页"),
    (r"the link to the next page is left to a script", "下一页的链接由脚本执行"),
    (r"(.*) is left to a script(?:: the page does not show it| that the page does not show)", r"“\1”由脚本执行，网页上看不到这个脚本"),
    (r"(.*) is left to a script: (?P<code>.*)", r"“\1”由脚本执行：\g<code>"),
    (r"(.*) is left to a script", r"“\1”由脚本执行"),
    (r"a script asks for more when the page is scrolled", "网页滚动时由脚本取下文"),
    (r"a script decodes the pager, and no link in it leads on", "翻页由脚本解码，里面没有链接通往下一页"),
    (r"a script decodes a part of the page that cannot be read", "脚本解码的一部分读不出"),
    (r"a script draws the pager into (.*)", r"翻页由脚本画在 \1 里"),
    (r"the next page is at (.*), outside the hosts of the profile", r"下一页在 \1，不在站点配置的 hosts 里"),
    (r"the profile skips the next page, (.*)", r"站点配置略过下一页 \1"),
    (r"the next link leads to the page itself|the next number leads to the page itself", "下一页的链接指回本页"),
    (r"(.*) leads to the page itself", r"“\1”指回本页"),
    (r"(.*) is switched off", r"“\1”不能点"),
    (r"(.*) is no link", r"“\1”不是链接"),
    (r"(.*) is the last number of the pager", r"\1 是翻页的最后一个数字"),
    (r"its pager is given no entry", "翻页没有拿到条目"),
    (r"this is the last of (\d+) pages", r"这是 \1 页的最后一页"),
    (r"this is the last of the pages that a script counts: (.*)", r"这是脚本所数的最后一页：\1"),
    (r"this is page (\d+) of (\d+)", r"这是第 \1 页，共 \2 页"),
    (r"this is the last page: (.*)", r"这是最后一页：\1"),
    (r"the page says that it is the last: (.*)", r"网页说这是最后一页：\1"),
    (r"the page says:? (?P<why>.*)", r"网页说：\g<why>"),
    (r"pagination\.page_url makes (.*), which the profile does not follow", r"pagination.page_url 得出 \1，站点配置不准取"),
    (r"the list says (\d+) entries, and nothing says where those behind (\d+) are", r"列表说有 \1 条，没有说第 \2 条以后的在哪里"),
    (r"the list says (\d+) entries, and this group holds none", r"列表说有 \1 条，这一组里没有"),
    (r"the page's data says (\d+) entries and holds (\d+)", r"网页里的数据说有 \1 条，只有 \2 条"),
    (r"the answer to page (\d+) holds no entry and says that more follow", r"第 \1 页的回答没有条目，却说后面还有"),
    (r"the answer to (?:page|offset) (\d+) holds no entry", r"第 \1 页（条）的回答没有条目"),
    (r"the answer says (\d+) (?:pages|entries)(?:, it holds (\d+),? and its address has no page number)", r"回答说的比它有的 \2 条多，网址里没有页码"),
    (r"the answer is full, it holds (\d+), and its address has no page number", r"回答有满满 \1 条，网址里没有页码"),
    (r"the answer says (\d+) (?:pages|entries), and its first page holds none", r"回答说有 \1 页（条），第一页却没有"),
    (r"the answer says that this is its (?:last|only) page", "回答说这是最后一页"),
    (r"the section's page lists articles itself, and what list_api of the profile names holds none of this section: (?P<why>.*)", r"栏目页上自己列有文章，站点配置的 list_api 所指的里面却没有：\g<why>"),
    # --- an address before a reason, and the names of fields ---
    (r"(https?://\S+): (?P<why>.*)", r"\1：\g<why>"),
    (r"section (.*)", r"栏目 \1 "),
    (r"all sections", "全部栏目"),
    *(
        (name, shown)
        for name, shown in (
            ("published_on", "日期"), ("section", "栏目"), ("source", "来源"), ("body", "正文"), ("credits", "署名"), ("images", "图片"),
        )
    ),
)  # fmt: skip
_CHINESE = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in _TABLE)
WORDS = sha256(repr(_TABLE).encode()).hexdigest()
"""Tells these words from those of another version of the program."""
_GROUP = re.compile(r"\\(\d)|\\g<(\w+)>")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z'-]*(?:[,:;]? [A-Za-z'-]+){2,}")
"""Three words in a row: what a reader of Chinese should be told is an original."""
Piece = tuple[str, bool]
"""Some text, and whether it is an original in English."""


def pieces(reason: str) -> Sequence[Piece]:
    """Return a reason as the archive stores it, a sentence a line, in Chinese; what is not known as it is, so marked."""
    told: list[Piece] = []
    for number, line in enumerate(reason.split("\n")):
        if number:
            told.append(("\n", False))
        found = list(_sentence(line))
        if len(found) == 1 and found[0][1]:
            told.append(("原文：", False))
        told += found
    return told


def in_chinese(reason: str) -> str:
    """Return a reason in Chinese as plain text; what is not known stands as it is in “…”, a whole one behind 原文."""
    return "".join(f"“{text}”" if original else text for text, original in pieces(reason))


def _sentence(said: str) -> Iterator[Piece]:
    for pattern, words in _CHINESE:
        if found := pattern.fullmatch(said):
            yield from _filled(found, words)
            return
    parts = said.split("; ")
    if len(parts) > 1 and all(any(pattern.fullmatch(part) for pattern, _ in _CHINESE) for part in parts):
        for number, part in enumerate(parts):
            yield from ([("；", False)] if number else [])
            yield from _sentence(part)
    elif said:
        yield said, _ENGLISH.search(said) is not None


def _filled(found: re.Match[str], words: str) -> Iterator[Piece]:
    """Yield a row of the table with what was found in it: a group with a name is a reason or an original itself."""
    end = 0
    for place in _GROUP.finditer(words):
        yield words[end : place.start()], False
        end = place.end()
        number, name = place[1], place[2]
        text = found[int(number) if number else name] or ""
        if number or not text:
            yield text, False
        elif name == "code":
            yield text, re.search("[A-Za-z]", text) is not None
        elif name == "missing":
            yield from _missing(text)
        elif name == "pages":
            yield _pages(text), False
        else:
            yield from _sentence(text)
    yield words[end:], False


def _missing(text: str) -> Iterator[Piece]:
    """Yield entries that are missing: title, address and reason of each, and how many more there are."""
    for number, entry in enumerate(re.split(r"(?<=\)); ", text)):
        yield ("；" if number else ""), False
        if more := re.fullmatch(r"and (\d+) more", entry):
            yield f"另有 {more[1]} 篇", False
        elif found := re.fullmatch(r"(.*) \((\S+), (.*)\)", entry, re.DOTALL):
            yield f"“{found[1]}”（{found[2]}，", False
            yield from _sentence(found[3])
            yield "）", False
        else:
            yield entry, False


def _pages(text: str) -> str:
    """Return addresses with their captures, and the words between them in Chinese."""
    text = re.sub(r" \(capture (\d+)\)", r"（采集记录 \1）", text)
    return text.replace(", now ", "，现在是 ").replace(" and ", " 和 ")
