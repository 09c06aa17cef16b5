// 离线检索：题名、署名、栏目里逐字查找，空格表示都要有。数据在 data/ 里，第一次检索时才装入。
"use strict";
(function () {
  var rows = [], loading = false, ready = false;
  var box = document.getElementById("q"), list = document.getElementById("found"), said = document.getElementById("said");
  document.getElementById("search").hidden = false;
  // 全角半角、大小写、空白、看不见的字符不影响结果；部首字（⽂）、兼容汉字等于通用汉字
  function fold(text) {
    return text.replace(/[\uff01-\uff5e\u2e9f\u2ef3\u2f00-\u2fd5\uf900-\ufad9\u{2f800}-\u{2fa1d}]/gu, function (c) { return c.normalize("NFKC"); })
      .toLowerCase().replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, "");
  }
  window.zhijiang = function (part) {
    part.forEach(function (row) { rows.push([row, fold(row[1] + "\n" + row[3] + "\n" + row[4])]); });
  };
  function load(number) {
    var count = Number(document.body.getAttribute("data-parts"));
    if (number >= count) { ready = true; show(); return; }
    var script = document.createElement("script");
    script.src = "data/" + number + ".js";
    script.onload = function () { load(number + 1); };
    script.onerror = function () { said.textContent = "检索数据 data/" + number + ".js 装不进来，文件可能缺失。"; };
    document.head.appendChild(script);
  }
  function show() {
    var words = box.value.split(/[\s\u3000]+/).map(fold).filter(Boolean);
    list.textContent = "";
    if (!words.length) { said.textContent = ""; return; }
    if (!ready) {
      said.textContent = "正在装入检索数据……";
      if (!loading) { loading = true; load(0); }
      return;
    }
    var hits = rows.filter(function (row) { return words.every(function (word) { return row[1].indexOf(word) >= 0; }); });
    said.textContent = "检索 " + box.value.trim() + "：" + hits.length + " 篇" + (hits.length > 200 ? "，列出前 200 篇" : "");
    hits.slice(0, 200).forEach(function (hit) {
      var item = document.createElement("li"), link = document.createElement("a"), meta = document.createElement("span");
      link.href = "a/" + Math.floor(hit[0][0] / 1000) + "/" + hit[0][0] + ".html";
      link.textContent = hit[0][1];
      meta.className = "meta";
      meta.textContent = " " + [hit[0][2], hit[0][3], hit[0][4]].filter(Boolean).join(" · ");
      item.appendChild(link);
      item.appendChild(meta);
      list.appendChild(item);
    });
  }
  var timer = 0;
  box.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(show, 150); });
  document.getElementById("search").addEventListener("submit", function (event) { event.preventDefault(); show(); });
})();
