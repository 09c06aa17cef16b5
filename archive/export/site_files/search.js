// 离线检索：题名、署名、栏目里逐字查找，空格表示都要有。数据在 data/ 里，第一次检索时才装入。
// 正文另在 data/text-*.js 里，要找时逐个读入，找完即忘，不占内存。
"use strict";
(function () {
  var rows = [], loading = false, ready = false, asked = 0, most = 200;
  var box = document.getElementById("q"), list = document.getElementById("found"), said = document.getElementById("said");
  var deep = document.getElementById("deep");
  var parts = Number(document.body.getAttribute("data-parts")), texts = Number(document.body.getAttribute("data-texts"));
  document.getElementById("search").hidden = false;
  // 全角半角、大小写、空白、看不见的字符不影响结果；部首字（⽂）、兼容汉字等于通用汉字
  function fold(text) {
    return text.replace(/[\ufe10-\ufe18\ufe31-\ufe48\ufe50-\ufe6b\uff01-\uffee\u2e9f\u2ef3\u2f00-\u2fd5\uf900-\ufad9\u{2f800}-\u{2fa1d}]/gu, function (c) { return c.normalize("NFKC"); })
      .toLowerCase().replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, "");
  }
  function words() { return box.value.split(/[\s\u3000]+/).map(fold).filter(Boolean); }
  function holds(text, wanted) { return wanted.every(function (word) { return text.indexOf(word) >= 0; }); }
  window.zhijiang = function (part) {
    part.forEach(function (row) { rows.push([row, fold(row[1] + "\n" + row[3] + "\n" + row[4])]); });
  };
  window.zhijiangText = function (part) { document.currentScript.take(part); };
  function load(name, then, take) {
    var script = document.createElement("script");
    script.take = take; // of the search that asked for it, not of a later one
    script.src = "data/" + name + ".js";
    script.onload = function () { script.remove(); then(); };
    script.onerror = function () { said.textContent = "检索数据 data/" + name + ".js 装不进来，文件可能缺失。"; };
    document.head.appendChild(script);
  }
  function loadRows(number) {
    if (number >= parts) { ready = true; show(); return; }
    load(String(number), function () { loadRows(number + 1); });
  }
  function add(row, snippet) {
    var item = document.createElement("li"), link = document.createElement("a"), meta = document.createElement("span");
    link.href = "a/" + Math.floor(row[0] / 1000) + "/" + row[0] + ".html";
    link.textContent = row[1];
    meta.className = "meta";
    meta.textContent = " " + [row[2], row[3], row[4], snippet].filter(Boolean).join(" · ");
    item.appendChild(link);
    item.appendChild(meta);
    list.appendChild(item);
  }
  function tell(count, more) {
    said.textContent = "检索 " + box.value.trim() + "：" + more + count + " 篇" + (count > most ? "，列出前 " + most + " 篇" : "");
  }
  function show() {
    var wanted = words();
    asked += 1;
    list.textContent = "";
    deep.hidden = true;
    if (!wanted.length) { said.textContent = ""; return; }
    if (!ready) {
      said.textContent = "正在装入检索数据……";
      if (!loading) { loading = true; loadRows(0); }
      return;
    }
    var hits = rows.filter(function (row) { return holds(row[1], wanted); });
    tell(hits.length, "");
    hits.slice(0, most).forEach(function (hit) { add(hit[0], ""); });
    deep.hidden = !texts;
  }
  function snippet(text, wanted) {
    var place = Math.max(0, text.indexOf(wanted[0]) - 15);
    return (place ? "……" : "") + text.substr(place, 60) + "……";
  }
  function showTexts() {
    var wanted = words(), mine = asked += 1, found = {}, count = 0;
    deep.hidden = true;
    list.textContent = "";
    rows.forEach(function (row) { found[row[0][0]] = row; });
    function next(number) {
      if (mine !== asked) { return; }
      if (number >= texts) { tell(count, "连正文 "); return; }
      said.textContent = "正在读正文 " + (number + 1) + "/" + texts + "，已找到 " + count + " 篇……";
      load("text-" + number, function () { next(number + 1); }, function (part) {
        part.forEach(function (pair) {
          var text = fold(pair[1]), row = found[pair[0]];
          if (mine !== asked || !holds(row[1] + "\n" + text, wanted)) { return; }
          count += 1;
          if (count <= most) { add(row[0], text.indexOf(wanted[0]) >= 0 ? snippet(text, wanted) : ""); }
        });
      });
    }
    next(0);
  }
  var timer = 0;
  box.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(show, 150); });
  deep.addEventListener("click", showTexts);
  document.getElementById("search").addEventListener("submit", function (event) { event.preventDefault(); show(); });
})();
