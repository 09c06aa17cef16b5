-- Step 12: one form for what is printed in more than one way, and an index that is read in time linear in the text.
--
-- What looks the same is found the same, here and in archive/search/fold.py:
--   radicals ⽂, 'compatibility' ideographs count as the ideographs that they stand for: ⽂化⼯程 is 文化工程;
--   what Unicode calls default-ignorable counts as nothing, also where the index's tokenizer has it for a letter:
--   marks of direction, joiners, variation selectors.
-- The archive keeps every text as it was printed.

CREATE TABLE article_fts_form (
  -- 字形: a character as printed, and the one that the index has for it; a blank counts as nothing
  printed        TEXT PRIMARY KEY,
  indexed        TEXT NOT NULL
) WITHOUT ROWID;

-- Full width: ！ to ～.
INSERT INTO article_fts_form
  WITH RECURSIVE code(c) AS (SELECT 65281 UNION ALL SELECT c + 1 FROM code WHERE c < 65374)
  SELECT char(c), char(c - 65248) FROM code;

-- What counts as nothing: first and last of each run.
INSERT INTO article_fts_form
  WITH RECURSIVE
    run(first, last) AS (VALUES (847, 847), (1564, 1564), (4447, 4448), (6068, 6069), (6155, 6157), (6159, 6159), (8293, 8297),
      (12644, 12644), (65024, 65039), (65440, 65440), (65520, 65528), (113824, 113827), (917760, 917999)),
    code(c, last) AS (SELECT first, last FROM run UNION ALL SELECT c + 1, last FROM code WHERE c < last)
  SELECT char(c), ' ' FROM code;

-- Radicals and compatibility ideographs: the code of the first, and what each from there on stands for; '　' is itself.
INSERT INTO article_fts_form
  WITH RECURSIVE
    run(first, forms) AS (VALUES
    (11904, '　厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵　旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿'),
    (11964, '肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟'),
    (12032, '一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳'),
    (12092, '心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸'),
    (12152, '缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音'),
    (12212, '頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠'),
    (63744, '豈更車賈滑串句龜龜契金喇奈懶癩羅蘿螺裸邏樂洛烙珞落酪駱亂卵欄爛蘭鸞嵐濫藍襤拉臘蠟廊朗浪狼郎來冷勞擄櫓爐盧老蘆虜路露魯鷺碌'),
    (63804, '祿綠菉錄鹿論壟弄籠聾牢磊賂雷壘屢樓淚漏累縷陋勒肋凜凌稜綾菱陵讀拏樂諾丹寧怒率異北磻便復不泌數索參塞省葉說殺辰沈拾若掠略亮'),
    (63864, '兩凉梁糧良諒量勵呂女廬旅濾礪閭驪麗黎力曆歷轢年憐戀撚漣煉璉秊練聯輦蓮連鍊列劣咽烈裂說廉念捻殮簾獵令囹寧嶺怜玲瑩羚聆鈴零靈'),
    (63924, '領例禮醴隸惡了僚寮尿料樂燎療蓼遼龍暈阮劉杻柳流溜琉留硫紐類六戮陸倫崙淪輪律慄栗率隆利吏履易李梨泥理痢罹裏裡里離匿溺吝燐璘'),
    (63984, '藺隣鱗麟林淋臨立笠粒狀炙識什茶刺切度拓糖宅洞暴輻行降見廓兀嗀　　塚　晴　　凞猪益礼神祥福靖精羽　蘒　諸　　逸都　　　飯飼'),
    (64044, '館鶴郞隷侮僧免勉勤卑喝嘆器塀墨層屮悔慨憎懲敏既暑梅海渚漢煮爫琢碑社祉祈祐祖祝禍禎穀突節練縉繁署者臭艹艹著褐視謁謹賓贈辶逸'),
    (64104, '難響頻恵𤋮舘　　並况全侀充冀勇勺喝啕喙嗢塚墳奄奔婢嬨廒廙彩徭惘慎愈憎慠懲戴揄搜摒敖晴朗望杖歹殺流滛滋漢瀞煮瞧爵犯猪瑱甆画'),
    (64164, '瘝瘟益盛直睊着磌窱節类絛練缾者荒華蝹襁覆視調諸請謁諾諭謹變贈輸遲醙鉶陼難靖韛響頋頻鬒龜𢡊𢡄𣏕㮝䀘䀹𥉉𥳐𧻓齃龎'),
    (194560, '丽丸乁𠄢你侮侻倂偺備僧像㒞𠘺免兔兤具𠔜㒹內再𠕋冗冤仌冬况𩇟凵刃㓟刻剆割剷㔕勇勉勤勺包匆北卉卑博即卽卿卿卿𠨬灰及叟𠭣叫叱吆'),
    (194620, '咞吸呈周咢哶唐啓啣善善喙喫喳嗂圖嘆圗噑噴切壮城埴堍型堲報墬𡓤売壷夆多夢奢𡚨𡛪姬娛娧姘婦㛮㛼嬈嬾嬾𡧈寃寘寧寳𡬘寿将当尢㞁屠'),
    (194680, '屮峀岍𡷤嵃𡷦嵮嵫嵼巡巢㠯巽帨帽幩㡢𢆃㡼庰庳庶廊𪎒廾𢌱𢌱舁弢弢㣇𣊸𦇚形彫㣣徚忍志忹悁㤺㤜悔𢛔惇慈慌慎慌慺憎憲憤憯懞懲懶成戛'),
    (194740, '扝抱拔捐𢬌挽拼捨掃揤𢯱搢揅掩㨮摩摾撝摷㩬敏敬𣀊旣書晉㬙暑㬈㫤冒冕最暜肭䏙朗望朡杞杓𣏃㭉柺枅桒梅𣑭梎栟椔㮝楂榣槪檨𣚣櫛㰘次'),
    (194800, '𣢧歔㱎歲殟殺殻𣪍𡴋𣫺汎𣲼沿泍汧洖派海流浩浸涅𣴞洴港湮㴳滋滇𣻑淹潮𣽞𣾎濆瀹瀞瀛㶖灊災灷炭𠔥煅𤉣熜𤎫爨爵牐𤘈犀犕𤜵𤠔獺王㺬玥'),
    (194860, '㺸㺸瑇瑜瑱璅瓊㼛甤𤰶甾𤲒異𢆟瘐𤾡𤾸𥁄㿼䀈直𥃳𥃲𥄙𥄳眞真真睊䀹瞋䁆䂖𥐝硎碌磌䃣𥘦祖𥚚𥛅福秫䄯穀穊穏𥥼𥪧𥪧竮䈂𥮫篆築䈧𥲀糒䊠'),
    (194920, '糨糣紀𥾆絣䌁緇縂繅䌴𦈨𦉇䍙𦋙罺𦌾羕翺者𦓚𦔣聠𦖨聰𣍟䏕育脃䐋脾媵𦞧𦞵𣎓𣎜舁舄辞䑫芑芋芝劳花芳芽苦𦬼若茝荣莭茣莽菧著荓菊菌菜'),
    (194980, '𦰶𦵫𦳕䔫蓱蓳蔖𧏊蕤𦼬䕝䕡𦾱𧃒䕫虐虜虧虩蚩蚈蜎蛢蝹蜨蝫螆䗗蟡蠁䗹衠衣𧙧裗裞䘵裺㒻𧢮𧥦䚾䛇誠諭變豕𧲨貫賁贛起𧼯𠠄跋趼跰𠣞軔輸'),
    (195040, '𨗒𨗭邔郱鄑𨜮鄛鈸鋗鋘鉼鏹鐕𨯺開䦕閷𨵷䧦雃嶲霣𩅅𩈚䩮䩶韠𩐊䪲𩒖頋頋頩𩖶飢䬳餩馧駂駾䯎𩬰鬒鱀鳽䳎䳭鵧𪃎䳸𪄅𪈎𪊑麻䵖黹黾鼅鼏鼖'),
    (195100, '鼻𪘀')),
    place(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM place WHERE i < 59)
  SELECT char(first + i), substr(forms, i + 1, 1) FROM run CROSS JOIN place
  WHERE i < length(forms) AND substr(forms, i + 1, 1) <> '　';

-- The index forgets the texts that will be read otherwise, as it read them: the view still is the old one.
CREATE TABLE printed_otherwise AS
  SELECT article_id FROM article
  WHERE body || title || kicker || subtitle || credit_line GLOB '*[' || char(847, 45, 8191, 8288, 45, 8303, 11904, 45, 12245, 12644, 63744, 45, 65279, 65375, 45, 1114111) || ']*';
INSERT INTO article_fts(article_fts, rowid, body, title, kicker, subtitle, credit_line)
  SELECT 'delete', article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text
  WHERE article_id IN (SELECT article_id FROM printed_otherwise);

DROP VIEW article_fts_text;
CREATE VIEW article_fts_text AS
  -- what the index reads: the texts of an article in the index's form, a blank after each character: ⽂化５Ｇ → 文 化 5 G
  -- All texts are split in one go and cut apart again: each character has become two.
  -- substr() counts from the front each time.  So a text of more than 4,096 characters is cut into sixteen parts, these
  -- again while they are longer, and what is left into blocks of 256 and of 16: n log n, a long text as a short one.
  -- Only a block that holds more than the usual signs is looked up character by character.
  -- LIMIT -1: SQLite drops the ORDER BY of what is joined, and works out again what it merges into the query around.
  -- GROUP BY: it would split once for every column.
  SELECT article_id,
    substr(spaced, 1, 2 * b) AS body,
    substr(spaced, 1 + 2 * b, 2 * t) AS title,
    substr(spaced, 1 + 2 * (b + t), 2 * k) AS kicker,
    substr(spaced, 1 + 2 * (b + t + k), 2 * s) AS subtitle,
    substr(spaced, 1 + 2 * (b + t + k + s)) AS credit_line
  FROM (
    SELECT article_id, length(body) AS b, length(title) AS t, length(kicker) AS k, length(subtitle) AS s, (
      WITH RECURSIVE
        sixteen(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM sixteen WHERE i < 15),
        part(start, n, p) AS (
          SELECT 1, length(body || title || kicker || subtitle || credit_line), body || title || kicker || subtitle || credit_line
          UNION ALL
          SELECT start + i * ((n / 4096 + 1) * 256), min((n / 4096 + 1) * 256, n - i * ((n / 4096 + 1) * 256)), substr(p, i * ((n / 4096 + 1) * 256) + 1, (n / 4096 + 1) * 256)
          FROM part CROSS JOIN sixteen WHERE n > 4096 AND i * ((n / 4096 + 1) * 256) < n ORDER BY 1 LIMIT -1),
        large(b) AS (
          SELECT replace(replace(replace(replace(replace(replace(replace(replace(substr(p, 256 * i + 1, 256), '，', ','), '：', ':'), '；', ';'), '！', '!'), '？', '?'), '（', '('), '）', ')'), '％', '%') FROM part CROSS JOIN sixteen WHERE n <= 4096 AND 256 * i < n LIMIT -1),
        formed(b, n) AS (
          SELECT CASE WHEN b GLOB '*[' || char(847, 45, 8191, 8288, 45, 8303, 11904, 45, 12245, 12644, 63744, 45, 1114111) || ']*' THEN (
              SELECT group_concat(coalesce((SELECT indexed FROM article_fts_form WHERE printed = c), c), '')
              FROM (SELECT substr(b, 16 * x.i + y.i + 1, 1) AS c FROM sixteen AS x CROSS JOIN sixteen AS y
                WHERE 16 * x.i + y.i < length(b) LIMIT -1))
            ELSE b END, length(b) FROM large LIMIT -1),
        small(s) AS (SELECT substr(b, 16 * i + 1, 16) FROM formed CROSS JOIN sixteen WHERE 16 * i < n LIMIT -1)
      SELECT group_concat(printf('%s %s %s %s %s %s %s %s %s %s %s %s %s %s %s %s',
            substr(s, 1, 1), substr(s, 2, 1), substr(s, 3, 1), substr(s, 4, 1), substr(s, 5, 1), substr(s, 6, 1), substr(s, 7, 1), substr(s, 8, 1),
            substr(s, 9, 1), substr(s, 10, 1), substr(s, 11, 1), substr(s, 12, 1), substr(s, 13, 1), substr(s, 14, 1), substr(s, 15, 1), substr(s, 16, 1)
          ), ' ') FROM small) AS spaced
    FROM article GROUP BY article_id);

INSERT INTO article_fts(rowid, body, title, kicker, subtitle, credit_line)
  SELECT article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text
  WHERE article_id IN (SELECT article_id FROM printed_otherwise);
DROP TABLE printed_otherwise;

-- The triggers keep the index for all who write.  A program that splits the texts itself, and faster, says so with a row
-- here, which it takes away before it commits: nobody else ever sees one.
CREATE TABLE article_fts_writer (
  -- 代写: a row, whatever it is, and the triggers leave the index to the transaction that wrote it
  writer         INTEGER PRIMARY KEY
);
DROP TRIGGER article_fts_insert;
CREATE TRIGGER article_fts_insert AFTER INSERT ON article WHEN NOT EXISTS (SELECT 1 FROM article_fts_writer) BEGIN
  -- INSERT OR REPLACE deletes the old row behind the triggers' back, and the index would keep its words
  SELECT RAISE(ABORT, 'INSERT OR REPLACE needs PRAGMA recursive_triggers = ON, or use INSERT ... ON CONFLICT DO UPDATE')
    FROM article_fts_docsize WHERE id = new.article_id;
  INSERT INTO article_fts(rowid, body, title, kicker, subtitle, credit_line)
    SELECT article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text WHERE article_id = new.article_id;
END;
DROP TRIGGER article_fts_delete;
CREATE TRIGGER article_fts_delete BEFORE DELETE ON article WHEN NOT EXISTS (SELECT 1 FROM article_fts_writer) BEGIN
  -- the index forgets a text only when it is shown that text again, so before the row goes
  INSERT INTO article_fts(article_fts, rowid, body, title, kicker, subtitle, credit_line)
    SELECT 'delete', article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text WHERE article_id = old.article_id;
END;
DROP TRIGGER article_fts_update_old;
CREATE TRIGGER article_fts_update_old BEFORE UPDATE OF article_id, body, title, kicker, subtitle, credit_line ON article
WHEN NOT EXISTS (SELECT 1 FROM article_fts_writer) BEGIN
  INSERT INTO article_fts(article_fts, rowid, body, title, kicker, subtitle, credit_line)
    SELECT 'delete', article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text WHERE article_id = old.article_id;
END;
DROP TRIGGER article_fts_update_new;
CREATE TRIGGER article_fts_update_new AFTER UPDATE OF article_id, body, title, kicker, subtitle, credit_line ON article
WHEN NOT EXISTS (SELECT 1 FROM article_fts_writer) BEGIN
  INSERT INTO article_fts(rowid, body, title, kicker, subtitle, credit_line)
    SELECT article_id, body, title, kicker, subtitle, credit_line FROM article_fts_text WHERE article_id = new.article_id;
END;

DROP VIEW article_fts_query;
CREATE VIEW article_fts_query AS
  -- A function written as a view: words as typed → what FTS5 is asked, and the words one by one.
  --   SELECT phrases, words FROM article_fts_query WHERE typed = json_quote('余峰 工会')  →  "余 峰 " "工 会 "   ["余峰","工会"]
  -- Whatever FTS5 takes for an operator stands inside quotes.  Over 10,000 characters: an error, malformed JSON.
  SELECT j.json AS typed,
    (WITH RECURSIVE letter(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM letter WHERE i < length(j.value))
     SELECT '"' || group_concat(CASE
         WHEN unicode(c) BETWEEN 9 AND 13 OR unicode(c) BETWEEN 28 AND 32 OR unicode(c) BETWEEN 8192 AND 8202
           OR unicode(c) IN (133, 160, 5760, 8232, 8233, 8239, 8287, 12288) THEN '" "'
         WHEN c IN ('"', '＂') THEN '"" '
         ELSE coalesce((SELECT indexed FROM article_fts_form WHERE printed = c), c) || ' ' END, '') || '"'
     FROM (SELECT substr(j.value, i, 1) AS c FROM letter)) AS phrases,
    (WITH RECURSIVE letter(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM letter WHERE i < length(j.value))
     SELECT '["' || group_concat(CASE
         WHEN unicode(c) BETWEEN 9 AND 13 OR unicode(c) BETWEEN 28 AND 32 OR unicode(c) BETWEEN 8192 AND 8202
           OR unicode(c) IN (133, 160, 5760, 8232, 8233, 8239, 8287, 12288) THEN '","'
         ELSE substr(json_quote(c), 2, length(json_quote(c)) - 2) END, '') || '"]'
     FROM (SELECT substr(j.value, i, 1) AS c FROM letter)) AS words
  FROM json_each AS j
  WHERE j.key IS NULL;
