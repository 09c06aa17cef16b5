// 离线检索：题名、署名、栏目和正文里逐字查找，空格表示都要有。一切数据在 data/ 里，用到时才装入。
// 正文分成若干块，新的在前；索引说出哪些块可能有，逐块读入、查看、忘掉，不占内存。
"use strict";
(function () {
  var SLOTS = 1 << 16, SHARD = 1 << 8, SPREAD = 92821, DIGIT = 6; // 与 site_search.py 相同
  var FIRST = 200, MOST = 5000; // 先列出多少篇，最多列出多少篇
  var DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  var box = document.getElementById("q"), list = document.getElementById("found"), said = document.getElementById("said");
  var more = document.getElementById("more"), form = document.getElementById("search"), told = document.body.dataset;
  var parts = Number(told.parts), blocks = Number(told.blocks), shards = Number(told.shards);
  var rows = [], place = {}, forms = new Map(), nothing = [], taken = null, timer = 0, asked = 0;
  form.hidden = false;

  window.zhijiangForms = function (value) {
    var from = Array.from(value[0]), to = Array.from(value[1]);
    from.forEach(function (char, at) { forms.set(char, to[at]); });
    value[2].forEach(function (run) {
      for (var code = run[0]; code <= run[1]; code += 1) { forms.set(String.fromCodePoint(code), ""); }
    });
  };
  window.zhijiangRows = function (part) {
    part.forEach(function (row) {
      place[row[0]] = rows.length;
      rows.push([row, [row[1], row[3], row[4]].map(fold)]);
    });
  };
  window.zhijiangText = window.zhijiangIndex = function (value) { taken = value; };

  // 全角半角、大小写、空白、部首字不影响结果：与档案库检索用同一张字表
  function fold(text) {
    var folded = "", form;
    for (var char of text) { form = forms.get(char); folded += form === undefined ? char : form; }
    return folded;
  }
  function words() { return box.value.split(/\s+/).map(fold).filter(Boolean); }
  function holds(fields, wanted) {
    return wanted.every(function (word) { return fields.some(function (field) { return field.indexOf(word) >= 0; }); });
  }
  function load(name) {
    return new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = "data/" + name + ".js";
      script.onload = function () { script.remove(); done(taken); taken = null; };
      script.onerror = function () { script.remove(); failed(new Error("检索数据 data/" + name + ".js 装不进来，文件可能缺失。")); };
      document.head.appendChild(script);
    });
  }
  var loaded = null; // 字表和题名，只装一次
  async function loadRows() {
    rows = [];
    await load("forms");
    for (var number = 0; number < parts; number += 1) { await load("rows-" + number); }
  }

  function slots(word) {
    var codes = Array.from(word, function (char) { return char.codePointAt(0); });
    if (codes.length === 1) { return [codes[0] * SPREAD % SLOTS]; }
    return codes.slice(1).map(function (code, at) { return (codes[at] * SPREAD + code) % SLOTS; });
  }
  // 每个字对占索引的一行，一位一块：各行都有这一位的块才可能有这些词
  async function candidates(wanted) {
    var maybe = [], slot, shard, width = Math.ceil(blocks / DIGIT), all = new Set(wanted.flatMap(slots)), bits = {};
    for (var number = 0; number < blocks; number += 1) { maybe.push(number); }
    if (!shards) { return maybe; }
    for (slot of all) {
      shard = Math.floor(slot / SHARD);
      if (!bits[shard]) { bits[shard] = await load("index-" + shard); }
    }
    return maybe.filter(function (block) {
      return Array.from(all).every(function (slot) {
        var digit = bits[Math.floor(slot / SHARD)][slot % SHARD * width + Math.floor(block / DIGIT)];
        return DIGITS.indexOf(digit) >> block % DIGIT & 1;
      });
    });
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
  // 摘录照原文的写法：在折叠后的文字里找，到原文里取
  function snippet(text, wanted) {
    var folded = "", places = [], place = 0, form, start, end;
    for (var char of text) {
      form = fold(char);
      for (var unit = 0; unit < form.length; unit += 1) { places.push(place); }
      folded += form;
      place += char.length;
    }
    var found = wanted.map(function (word) { return folded.indexOf(word); }).filter(function (at) { return at >= 0; });
    if (!found.length) { return ""; }
    start = Math.max(0, Math.min.apply(null, found) - 15);
    end = Math.min(places.length, start + 60);
    return (start ? "……" : "") + text.slice(places[start], end < places.length ? places[end] : text.length).replace(/\s+/g, " ")
      + (end < places.length ? "……" : "");
  }

  async function search() {
    var mine = asked += 1, typed = box.value.trim(), most = FIRST, hits = [], listed = 0;
    function show() {
      for (; listed < Math.min(hits.length, most); listed += 1) { add(hits[listed][0], hits[listed][1]); }
    }
    list.textContent = said.textContent = "";
    more.hidden = true;
    if (!typed) { return; }
    said.textContent = "正在装入检索数据……";
    loaded = loaded || loadRows();
    await loaded;
    if (mine !== asked) { return; }
    var wanted = words();
    if (!wanted.length) { said.textContent = "请输入要找的字词。"; return; }
    var named = rows.filter(function (row) { return holds(row[1], wanted); });
    var seen = new Set(named.map(function (row) { return row[0][0]; }));
    hits = named.map(function (row) { return [row[0], ""]; });
    show();
    said.textContent = "题名、署名、栏目里有 " + hits.length + " 篇，正在找正文……";
    var maybe = await candidates(wanted);
    for (var at = 0; at < maybe.length; at += 1) {
      if (hits.length >= FIRST && most === FIRST) { // 够多了：要不要找完，由读的人说
        if (mine !== asked) { return; }
        said.textContent = "检索 " + typed + "：已找到 " + hits.length + " 篇，列出 " + listed + " 篇；正文还有 " + (maybe.length - at) + " 块没有找。";
        more.hidden = false;
        await new Promise(function (done) { more.onclick = done; });
        more.hidden = true;
        most = MOST;
        show();
      }
      if (mine !== asked) { return; }
      var texts = await load("text-" + maybe[at]);
      if (mine !== asked) { return; }
      texts.forEach(function (pair) {
        var text = fold(pair[1]), row = rows[place[pair[0]]];
        if (!seen.has(pair[0]) && holds(row[1].concat(text), wanted)) { hits.push([row[0], snippet(pair[1], wanted)]); }
      });
      show();
      said.textContent = "已找到 " + hits.length + " 篇，正文还有 " + (maybe.length - at - 1) + " 块……";
    }
    if (mine !== asked) { return; }
    most = MOST;
    show();
    said.textContent = "检索 " + typed + "：共 " + hits.length + " 篇，其中题名、署名、栏目里 " + named.length + " 篇" + (hits.length > listed ? "；列出 " + listed + " 篇" : "") + "。";
  }
  function start() {
    clearTimeout(timer);
    search().catch(function (error) { loaded = null; said.textContent = error.message; });
  }
  box.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(start, 300); });
  form.addEventListener("submit", function (event) { event.preventDefault(); start(); });
})();
