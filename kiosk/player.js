/* The player: shows a village's slides on the screen in its hall, and never goes blank.

   One classic script behind tree.js, for Chromium 69 and later, without a build step. It does no
   arithmetic on money and lays nothing out: slides come finished from the server, named by their
   SHA-256. It keeps them, walks through them, tells their age, and drops at once what was taken down.
   It remembers the log's head and says so when a later one does not go on from it. The stream is a
   hint, the poll is the truth. It never calls location.reload(): with the server down that ends it. */
(function () {
  "use strict";

  const told = document.body.dataset;
  const BASE = "/kiosk/" + encodeURIComponent(told.screen);
  const POLL = Number(told.poll) * 1000;
  const SILENCE = 60000;      // no ping for so long: the connection is only half there
  const PATIENCE = 15000;     // for one answer
  const SOON = 5000, LATE = 300000;
  const FADE = 400;
  const LEAST = 3000;         // what hangs is not torn away sooner by something new
  const CHINA = 8 * 3600;     // the village's clock, without summer time since 1991
  const stage = document.getElementById("stage"), alarm = document.getElementById("alarm");
  const pools = Array.from(stage.getElementsByClassName("pool"));

  /* ---- Storage: IndexedDB, or this page's memory where there is none ---------------------------- */

  let database = null;

  function opened() {
    return new Promise(function (resolve) {
      let asked;
      try { asked = indexedDB.open("noticeboard-" + told.screen, 1); } catch (error) { resolve(null); return; }
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore("slides", { keyPath: "hash" });
        asked.result.createObjectStore("state", { keyPath: "key" });
      };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = asked.onblocked = function () { resolve(null); };
    });
  }

  /* Run `work(slides, state)` in one transaction, all or nothing; what it returns is a request or not. */
  function transact(mode, work) {
    if (!database) { return Promise.resolve(undefined); }
    return new Promise(function (resolve, reject) {
      const transaction = database.transaction(["slides", "state"], mode);
      const asked = work(transaction.objectStore("slides"), transaction.objectStore("state"));
      transaction.oncomplete = function () { resolve(asked ? asked.result : undefined); };
      transaction.onabort = transaction.onerror = function () { reject(transaction.error); };
    });
  }

  function attempted(mode, work) {
    return transact(mode, work).catch(function (error) {
      console.warn("noticeboard: storage", String(error));  // a full disk must not stop the slides
    });
  }

  /* ---- Time: the server's, carried on by the monotonic clock ------------------------------------ */

  let offset = null;      // server milliseconds minus performance.now()
  let touched = null;     // server seconds of the last contact

  function now() {
    if (offset !== null) { return (offset + performance.now()) / 1000; }
    return Math.max(Date.now() / 1000, touched || 0);
  }

  function contact(seconds) {
    if (!(seconds > 0)) { return; }
    offset = seconds * 1000 - performance.now();
    touched = seconds;
  }

  function local(seconds) { return new Date((seconds + CHINA) * 1000); }

  function clock(seconds) {
    const then = local(seconds);
    return ("0" + then.getUTCHours()).slice(-2) + ":" + ("0" + then.getUTCMinutes()).slice(-2);
  }

  function day(seconds) {
    const then = local(seconds);
    return (then.getUTCMonth() + 1) + "月" + then.getUTCDate() + "日";
  }

  function daysLeft(until) {
    return Math.floor((until - 1 + CHINA) / 86400) - Math.floor((now() + CHINA) / 86400) + 1;
  }

  /* ---- One chain of timers ---------------------------------------------------------------------- */

  const due = {};         // name → {at, work}; at in performance.now() milliseconds
  let timer = 0;

  function plan(name, delay, work) {
    due[name] = { at: performance.now() + delay, work: work };
    wind();
  }

  function wind() {
    clearTimeout(timer);
    const next = Math.min.apply(null, Object.keys(due).map(function (name) { return due[name].at; }));
    if (next < Infinity) { timer = setTimeout(ring, Math.min(Math.max(next - performance.now(), 0), 60000)); }
  }

  function ring() {
    const at = performance.now();
    Object.keys(due).forEach(function (name) {
      const item = due[name];
      if (item && item.at <= at) {
        delete due[name];
        try { item.work(); } catch (error) { complain(name, error); }
      }
    });
    wind();
  }

  function complain(where, error) {
    console.error("noticeboard: " + where, error && error.stack ? error.stack : String(error));
    if (!due.next) { due.next = { at: performance.now() + LEAST, work: next }; }
  }

  function jitter(least, most) { return least + Math.random() * (most - least); }

  /* ---- What is shown ---------------------------------------------------------------------------- */

  let current = null;     // {playlist, etag, log}: what `log` is, stands at "The log's head"
  let previous = null;
  const html = new Map(); // hash → fragment, of the current playlist only
  const wrong = new Map(); // hash → how often it could not be shown
  let round = 0, place = -1;
  let shown = null;       // the slide that hangs
  let since = 0;          // performance.now() when it was hung
  let front = 0;
  let overflowing = "";

  function slideOf(id) {
    return current.playlist.slides.find(function (slide) { return slide.id === id; });
  }

  function running(slide) {
    const at = now();
    return slide.from <= at && (slide.until === null || at < slide.until)
      && (wrong.get(slide.hash) || 0) < 3;
  }

  /* Give the slides of the present round that may be shown now; the welcome slide when none may. */
  function walk() {
    const rounds = current.playlist.rounds;
    return (rounds[round % rounds.length] || []).map(slideOf).filter(function (slide) {
      return slide && running(slide);
    });
  }

  function welcome() {
    return current.playlist.slides.find(function (slide) { return slide.id === "welcome"; });
  }

  function next() {
    if (!current) { return; }
    const rounds = current.playlist.rounds.length;
    for (let tried = 0; tried <= rounds; tried += 1) {
      const slides = walk();
      place += 1;
      if (place < slides.length) { show(slides[place], slides); return; }
      place = -1;
      round = (round + 1) % rounds;
    }
    show(welcome(), [welcome()]);
  }

  function show(slide, slides) {
    if (shown && shown.hash === slide.hash && slides.length === 1) {
      shown = slide;
      write();
    } else {
      hang(slide, slides);
    }
    plan("next", Math.min(slide.dwell_ms, untilEnd(slide)), next);
  }

  function untilEnd(slide) {
    return slide.until === null ? Infinity : Math.max((slide.until - now()) * 1000, 0) + 50;
  }

  /* Fill the hidden one of the two, then let it come over the other. */
  function hang(slide, slides) {
    const back = 1 - front, coming = pools[back], leaving = pools[front];
    settle();
    try {
      coming.innerHTML = html.get(slide.hash) || "";
      if (!coming.firstElementChild) { plainly(coming, slide); }
    } catch (error) {
      wrong.set(slide.hash, (wrong.get(slide.hash) || 0) + 1);
      plainly(coming, slide);
    }
    coming.dataset.slide = slide.id;
    coming.dataset.position = (slides.indexOf(slide) + 1) + "/" + slides.length;
    shown = slide;
    since = performance.now();
    front = back;
    write();
    measure(coming, slide);
    coming.classList.add("shown");
    coming.style.opacity = "0";
    coming.getBoundingClientRect();  // so that the fade starts from nothing
    coming.classList.add("coming");
    coming.style.opacity = "";
    leaving.dataset.slide = "";
    plan("settle", FADE + 50, settle);
  }

  /* The fade is over: only the front one stays, the other is emptied. */
  function settle() {
    delete due.settle;
    pools[front].classList.remove("coming");
    const back = pools[1 - front];
    back.classList.remove("shown", "coming");
    back.textContent = "";
  }

  /* A slide that cannot be drawn is still said: its title and its summary, which name nobody. */
  function plainly(where, slide) {
    where.textContent = "";
    const box = document.createElement("article");
    box.className = "slide plain";
    [["h1", slide.title], ["p", slide.summary]].forEach(function (part) {
      box.appendChild(document.createElement(part[0])).textContent = part[1];
    });
    const foot = box.appendChild(document.createElement("footer"));
    foot.className = "foot";
    foot.appendChild(document.createElement("span")).dataset.put = "as-of";
    where.appendChild(box);
  }

  const BOXES = "[data-fit], .top, .main, .told, .number, .sums, .words, .foot";

  /* Report what does not fit: text wider or taller than its box, a table that runs under the foot. */
  function measure(where, slide) {
    const over = Array.from(where.querySelectorAll(BOXES)).filter(function (one) {
      // A figure's own line box may be taller than its place without a stroke leaving it.
      const tall = one.scrollHeight > one.clientHeight + 1 && !one.classList.contains("number");
      return one.clientWidth && (one.scrollWidth > one.clientWidth + 1 || tall);
    });
    const foot = where.querySelector(".upright .beside") || where.querySelector(".foot");
    Array.from(where.querySelectorAll(".wide > *, .flat .beside > *")).forEach(function (one) {
      if (foot && one.getBoundingClientRect().bottom > foot.getBoundingClientRect().top + 1) { over.push(one); }
    });
    const name = over.length ? slide.id + " " + (over[0].className || over[0].tagName) : "";
    if (name && name !== overflowing) { console.warn("noticeboard: does not fit: " + name); }
    overflowing = name;
    if (name) { stage.dataset.overflow = name; } else { delete stage.dataset.overflow; }
  }

  /* Write what changes while the slide does not. */
  function write() {
    const log = current && current.log;
    const age = touched === null ? "" : day(touched) + " " + clock(touched);
    const stale = failures >= 2 || (failures > 0 && offset === null);
    const words = {
      clock: day(now()) + " " + clock(now()),
      "as-of": stale ? "网络断了，这是 " + age + " 的内容" : "数据截至 " + age,
      number: current ? "第" + current.playlist.number + "版" : "",
      start: failures ? "还连不上村里的公开栏，正在再试。" : "正在取公示内容……",
      head: headWords(log),
      witnessed: witnessedWords(log),
    };
    stage.classList.toggle("stale", stale);
    pools.forEach(function (pool) {
      const position = (pool.dataset.position || "").split("/");
      words.position = position[1] > 1 ? "第 " + position[0] + " 屏，共 " + position[1] + " 屏" : "";
      Array.from(pool.querySelectorAll("[data-put]")).forEach(function (one) {
        const what = one.dataset.put;
        const text = what === "left" ? left(Number(one.dataset.until)) : words[what];
        if (text !== undefined && one.textContent !== text) { one.textContent = text; }
      });
    });
  }

  function left(until) {
    const days = daysLeft(until);
    return days > 0 ? "还剩 " + days + " 天" : "已到期";
  }

  function everyMinute() {
    write();
    plan("clock", 60000 - (now() * 1000) % 60000 + 20, everyMinute);
  }

  /* ---- Taking down ------------------------------------------------------------------------------ */

  function same(one, other) {
    return one.notice === other.notice && one.ed === other.ed;
  }

  /* Drop the slides that are revoked and not in `kept` (hashes): from the screen, memory and storage. */
  function drop(revoked, kept) {
    if (!revoked.length) { return Promise.resolve(); }
    const gone = function (slide) {
      return !kept.has(slide.hash) && revoked.some(function (one) { return same(one, slide); });
    };
    [current, previous].forEach(function (held) {
      if (!held) { return; }
      const doomed = held.playlist.slides.filter(gone);
      if (!doomed.length) { return; }
      doomed.forEach(function (slide) { html.delete(slide.hash); });
      held.etag = "";  // so that the next poll brings a whole list again
      held.playlist.slides = held.playlist.slides.filter(function (slide) { return !gone(slide); });
    });
    if (shown && gone(shown)) { cut(); }
    return attempted("readwrite", function (slides, state) {
      slides.openCursor().onsuccess = function (event) {
        const cursor = event.target.result;
        if (!cursor) { return; }
        if (gone(cursor.value)) { cursor.delete(); }
        cursor.continue();
      };
      [["current", current], ["previous", previous]].forEach(function (held) {
        if (held[1]) { state.put(Object.assign({ key: held[0] }, held[1])); }
      });
    });
  }

  /* Take the slide off at once, without a fade, and go on with what is left. */
  function cut() {
    place = Math.max(place - 1, -1);
    pools[front].textContent = "";
    shown = null;
    next();
    settle();
  }

  /* ---- The playlist ----------------------------------------------------------------------------- */

  let failures = 0;
  let polling = false, again = false;
  let moved = "";         // the shell version this page has already been replaced for

  function asked(path, headers) {
    const abort = new AbortController();
    const late = setTimeout(function () { abort.abort(); }, PATIENCE);
    return fetch(path, { cache: "no-store", credentials: "same-origin", headers: headers || {}, signal: abort.signal })
      .then(function (answer) {
        return (answer.status === 200 ? answer.arrayBuffer() : Promise.resolve(null)).then(function (bytes) {
          clearTimeout(late);
          return { status: answer.status, headers: answer.headers, bytes: bytes };
        });
      }, function (error) { clearTimeout(late); throw error; });
  }

  function poll() {
    if (polling) { again = true; return; }
    polling = true;
    delete due.poll;
    fetched().then(function () {
      failures = 0;
      return true;
    }, function (error) {
      failures += 1;
      console.warn("noticeboard: no playlist (" + failures + ")", String(error));
      return false;
    }).then(function (reached) {
      polling = false;
      write();
      if (again) { again = false; poll(); return; }
      const wait = reached ? Math.min(POLL, untilNext()) : Math.min(jitter(SOON, SOON * Math.pow(1.5, failures)), POLL);
      if (!due.poll) { plan("poll", wait, poll); }
    });
  }

  function untilNext() {
    const until = current ? current.playlist.until : null;
    return until === null ? Infinity : Math.max((until - now()) * 1000, 0) + jitter(200, 2000);
  }

  function text(bytes) { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); }

  async function fetched() {
    const answer = await asked(BASE + "/playlist.json", current ? { "If-None-Match": current.etag } : {});
    const at = Number(answer.headers.get("Noticeboard-At"));
    if (answer.status === 304 && current && at > 0) {
      contact(at);
      current.log = parsed(answer.headers.get("Noticeboard-Log"));
      await compare(current.log, current.playlist.village);
    } else {
      // A captive portal answers 200 with a page of its own: only our own words count.
      if (answer.status !== 200) { throw new Error("status " + answer.status); }
      const said = JSON.parse(text(answer.bytes));
      if (!said.playlist || said.playlist.v !== 1 || said.playlist.screen !== told.screen) {
        throw new Error("not our playlist");
      }
      contact(at || said.at);
      const coming = { playlist: said.playlist, etag: answer.headers.get("ETag") || "", log: said.log };
      await compare(coming.log, coming.playlist.village);
      if (await goesBack(coming)) {
        revoke(coming.playlist.revoked);  // what is taken down goes whatever else is wrong
        current.log = coming.log;
      } else {
        await take(coming);
      }
    }
    await attempted("readwrite", function (_slides, state) { state.put({ key: "contact", at: touched }); });
    renew();
  }

  /* A playlist with a smaller number than was taken before, or beside a log that does not go on from
     what was seen, is from an old copy: what was taken down since would hang again. It is not taken
     and the bar says so, while the log stands still and for a day at most: then the village goes on
     with it, and so does its screen. A log that came back leaps beyond every number, and one that
     follows another has another name: both are taken at once. */

  let back = null;        // {words, since}: what of a playlist went back, and when it first did
  const WAITS = 86400;

  async function goesBack(coming) {
    if (!current || !sameLog(coming)) { return keepBack("", false); }
    const number = coming.playlist.number, had = current.playlist.number;
    if (number >= had && !parted) { return keepBack("", false); }
    const stands = coming.log && coming.log.frozen;
    if (!stands && back && now() - back.since >= WAITS) { return keepBack("", parted); }
    const words = number < had ? "村里给的内容退回到了第" + number + "版，这块屏已经放到第" + had + "版。" : "";
    await keepBack(words + "内容先照原来的放，撤下的照撤。", true);
    return true;
  }

  function sameLog(coming) {
    const one = current.log && current.log.head, other = coming.log && coming.log.head;
    return coming.playlist.village === current.playlist.village && (!one || !other || one.log === other.log);
  }

  /* Remember since when something went back (`still`), and the words for it; gives that nothing waits. */
  async function keepBack(words, still) {
    const before = back;
    back = still ? { key: "back", words: words, since: back ? back.since : now() } : null;
    if ((before && before.words) !== (back && back.words)) {
      if (words) { console.warn("noticeboard: alarm: " + words); }
      tell();
      await attempted("readwrite", function (_slides, state) {
        if (back) { state.put(back); } else { state.delete("back"); }
      });
    }
    return false;
  }

  /* Take over a whole playlist, or none of it: nothing is shown before every slide is here. */
  async function take(coming) {
    const playlist = coming.playlist;
    const kept = new Set(playlist.slides.map(function (slide) { return slide.hash; }));
    await drop(playlist.revoked, kept);
    const whole = new Map();
    for (const slide of playlist.slides) {
      if (!whole.has(slide.hash)) { whole.set(slide.hash, await fragment(slide)); }
    }
    const former = current;
    await attempted("readwrite", function (slides, state) {
      const needed = new Set(kept);
      if (former) { former.playlist.slides.forEach(function (slide) { needed.add(slide.hash); }); }
      state.put(Object.assign({ key: "current" }, coming));
      if (former) { state.put(Object.assign({ key: "previous" }, former)); }
      slides.openCursor().onsuccess = function (event) {
        const cursor = event.target.result;
        if (!cursor) { return; }
        if (!needed.has(cursor.key)) { cursor.delete(); }
        cursor.continue();
      };
    });
    swap(coming, former, whole);
  }

  /* Give a slide's HTML: from memory, from storage, or from the server; its bytes are checked. */
  async function fragment(slide) {
    if (html.has(slide.hash)) { return html.get(slide.hash); }
    const stored = await attempted("readonly", function (slides) { return slides.get(slide.hash); });
    if (stored) { return stored.html; }
    const answer = await asked(BASE + "/slide/" + slide.hash);
    if (answer.status !== 200) { throw new Error("slide " + slide.id + ": status " + answer.status); }
    if (tree.hex(tree.sha256(new Uint8Array(answer.bytes))) !== slide.hash) { throw new Error("slide " + slide.id + ": other bytes"); }
    const body = text(answer.bytes);
    await attempted("readwrite", function (slides) {
      slides.put({ hash: slide.hash, notice: slide.notice, ed: slide.ed, html: body });
    });
    return body;
  }

  function swap(coming, former, whole) {
    previous = former;
    current = coming;
    html.clear();
    whole.forEach(function (body, hash) { html.set(hash, body); });
    wrong.clear();
    if (!shown) { round = 0; place = -1; next(); return; }
    const fresh = former ? newest(former) : null;
    if (fresh) {
      find(fresh.id);
      place = Math.max(place - 1, -1);
      plan("next", Math.max(LEAST - (performance.now() - since), 0), next);
      return;
    }
    const stays = current.playlist.slides.find(function (slide) { return slide.hash === shown.hash; });
    if (stays && running(stays) && (stays.notice || current.playlist.slides.length === 1)) {
      shown = stays;
      find(stays.id);
      pools[front].dataset.position = (place + 1) + "/" + walk().length;
      write();
    } else {
      place = -1;
      plan("next", shown.notice ? Math.max(LEAST - (performance.now() - since), 0) : 0, next);
    }
  }

  /* Give the first slide of an edition that was not there before: what is new is shown first. */
  function newest(former) {
    return current.playlist.slides.find(function (slide) {
      return slide.notice && running(slide)
        && !former.playlist.slides.some(function (old) { return same(old, slide); });
    });
  }

  /* Set the walk to where a slide stands. */
  function find(id) {
    const rounds = current.playlist.rounds;
    for (let tried = 0; tried < rounds.length; tried += 1) {
      const at = walk().findIndex(function (slide) { return slide.id === id; });
      if (at >= 0) { place = at; return; }
      round = (round + 1) % rounds.length;
    }
    place = -1;
  }

  /* ---- The log's head --------------------------------------------------------------------------- */

  /* With each answer comes how the village's log stands: `head` {log, size, root, at} as it was signed,
     null before the first time; `witnessed` {root, behind, agreed, of, at, met}, of the head that the
     witnesses saw last, which the foot shows; `frozen`. The screen remembers the newest head it saw and
     takes a later one for it only with a proof that it goes on from there. So of two histories it
     notices the second, whoever is behind the server. */

  let seen = null;        // {head, kind, words, since}: the head that held last, and what is wrong now
  let parted = false;     // what came last has fewer entries than that, or others
  let unproved = 0;       // heads in a row for which no proof was to be had
  const PROOFLESS = 5;
  const LONG = 30 * 86400; // so long a screen tells that another log was begun

  async function compare(log, village) {
    const head = log ? log.head : null;
    if (!head || !(head.size > 0)) { return; }
    if (!seen) { await remember(head, "", ""); return; }
    const old = seen.head, before = "这块屏 " + day(old.at) + " " + clock(old.at) + " 看到过 " + old.size + " 条，";
    if (head.log !== old.log) {
      parted = false;
      await remember(head, "new", "村里的记录换了新的一本，旧的一本停在 " + old.size + " 条。想知道原因，请到村部问。");
    } else if (head.size < old.size) {
      parted = true;
      await warn("村里的记录变少了：" + before + "现在只有 " + head.size + " 条。");
    } else {
      const steps = head.size > old.size ? await proof(village, old.size, head.size) : [];
      if (!steps) {
        unproved += 1;
        if (unproved >= PROOFLESS) { await warn("村里的记录没法核对：" + before + "后来有没有改过，村里拿不出证明。"); }
      } else if (!tree.consistent(old.size, tree.unhex(old.root), head.size, tree.unhex(head.root), steps)) {
        parted = true;
        await warn("村里的记录被改过：" + before + "现在的记录和那时的对不上。");
      } else {
        const still = seen.kind === "new" && now() - seen.since < LONG;
        unproved = 0;
        parted = false;
        await remember(head, still ? "new" : "", still ? seen.words : "");
      }
    }
  }

  /* Fetch the proof that one size goes on from another; null when there is none to be had. */
  async function proof(village, old, size) {
    const log = "/log/" + encodeURIComponent(village);
    try {
      const answer = await asked(log + "/consistency/" + old + "/" + size);
      return answer.status === 200 ? tree.path(text(answer.bytes)) : null;
    } catch (error) {
      return null;
    }
  }

  async function warn(words) {
    if (seen.kind !== "alarm") { console.warn("noticeboard: alarm: " + words); }
    await remember(seen.head, "alarm", words + "请告诉监委会和乡镇。");
  }

  async function remember(head, kind, words) {
    if (seen && seen.words === words && seen.head.root === head.root && seen.head.log === head.log) { return; }
    const since = seen && seen.kind === kind ? seen.since : now();
    seen = { key: "seen", head: head, kind: kind, words: words, since: since };
    tell();
    await attempted("readwrite", function (_slides, state) { state.put(seen); });
  }

  /* Hang the alarm above the slides, which get a little smaller and go on. */
  function tell() {
    const held = back ? back.words : "", told = seen ? seen.words : "", kind = seen ? seen.kind : "";
    alarm.textContent = told + held + (held && kind !== "alarm" ? "请告诉监委会和乡镇。" : "");
    alarm.className = held ? "alarm" : kind;
    alarm.hidden = !alarm.textContent;
    fit();
  }

  function headWords(log) {
    if (!log) { return ""; }
    if (!log.head) { return "记录还没有签名"; }
    const root = (log.witnessed && log.witnessed.root) || log.head.root;
    return "记录 " + root.slice(0, 4) + " " + root.slice(4, 8);
  }

  function witnessedWords(log) {
    if (log && log.frozen) { return "记录停了，正在查原因"; }
    if (!log || !log.head) { return ""; }
    const by = log.witnessed, age = by.at ? " · " + ago(by.at) : "";
    const rest = by.behind ? "，还差 " + by.behind + " 条" : age;
    if (!by.of) { return "还没有外面的人核对"; }
    return (by.met ? "外部核对 " : "外部只核对 ") + by.agreed + "/" + by.of + rest;
  }

  function ago(at) {
    const minutes = Math.max(Math.floor((now() - at) / 60), 0);
    if (minutes < 1) { return "刚才"; }
    if (minutes < 60) { return minutes + " 分钟前"; }
    return minutes < 1440 ? Math.floor(minutes / 60) + " 小时前" : Math.floor(minutes / 1440) + " 天前";
  }

  /* ---- The stream: a hint, never the truth ------------------------------------------------------ */

  let source = null, attempts = 0;

  function listen() {
    if (source) { source.close(); }
    if (typeof EventSource === "undefined") { return; }
    source = new EventSource(BASE + "/live");
    const mine = source;
    source.onopen = function () { attempts = 0; alive(); if (failures) { poll(); } };
    source.onerror = function () {
      if (mine !== source) { return; }
      if (failures === 0) { plan("poll", jitter(200, 2000), poll); }
      // One answer that is not a stream ends an EventSource for ever: it must be made anew.
      if (source.readyState === 2) { reconnect(); }
    };
    source.addEventListener("ping", function (event) {
      alive();
      const said = parsed(event.data);
      if (said.at) { contact(said.at); write(); }
    });
    source.addEventListener("playlist", function (event) {
      alive();
      const said = parsed(event.data);
      if (current && said.number !== current.playlist.number) { revoke(said.revoked || []); }
      if (!current || said.number !== current.playlist.number) { poll(); }
    });
    plan("silence", SILENCE, deaf);
  }

  function parsed(data) {
    try { return JSON.parse(data) || {}; } catch (error) { return {}; }
  }

  function alive() { plan("silence", SILENCE, deaf); }

  function deaf() {
    poll();
    reconnect();
  }

  function reconnect() {
    delete due.silence;
    if (source) { source.close(); source = null; }
    attempts += 1;
    plan("listen", jitter(0, Math.min(SOON * Math.pow(2, attempts - 1), LATE)) + 500, listen);
  }

  /* Cut what the stream says is gone; what of it still stands comes back with the next playlist. */
  function revoke(revoked) {
    const known = current.playlist.revoked;
    drop(revoked.filter(function (one) {
      return !known.some(function (old) { return same(old, one) && old.at === one.at; });
    }), new Set());
  }

  /* ---- A newer player --------------------------------------------------------------------------- */

  /* The page is cached for ten years. When the board expects another one, fetch it whole into the
     cache first, and only then start over from the cache; once for each version, never in a loop. */
  async function renew() {
    const wanted = current && current.playlist.shell;
    if (!wanted || wanted === told.shell || wanted === moved || remembered() === wanted) { return; }
    moved = wanted;
    try {
      const answer = await fetch(location.href, { cache: "reload", credentials: "same-origin" });
      const page = answer.ok ? await answer.text() : "";
      if (page.indexOf('data-shell="' + wanted + '"') < 0 || page.trim().slice(-14) !== "<!-- whole -->") {
        moved = "";
        return;
      }
      localStorage.setItem("noticeboard-shell-" + told.screen, wanted);
      location.replace(location.href);
    } catch (error) {
      moved = "";
      console.warn("noticeboard: no newer player", String(error));
    }
  }

  function remembered() {
    try { return localStorage.getItem("noticeboard-shell-" + told.screen); } catch (error) { return told.shell; }
  }

  /* ---- Start ------------------------------------------------------------------------------------ */

  /* A rem is a hundred units of the shape the slides were made for, as large as fits below an alarm. */
  function fit() {
    const width = Number(told.width), height = Number(told.height), short = Math.min(width, height) / 1080;
    const bar = alarm.offsetHeight, room = window.innerHeight - bar;
    const unit = Math.min(window.innerWidth / (width / short), room / (height / short));
    document.documentElement.style.fontSize = unit * 100 + "px";
    stage.style.width = width / short * unit + "px";
    stage.style.height = height / short * unit + "px";
    stage.style.left = (window.innerWidth - width / short * unit) / 2 + "px";
    stage.style.top = bar + (room - height / short * unit) / 2 + "px";
  }

  async function start() {
    fit();
    window.addEventListener("resize", fit);
    window.addEventListener("error", function (event) { complain("error", event.error || event.message); });
    window.addEventListener("unhandledrejection", function (event) { complain("promise", event.reason); });
    window.addEventListener("online", function () { poll(); });
    database = await opened();
    await restored();
    everyMinute();
    poll();
    listen();
  }

  /* Show what was kept, before anybody answers. */
  async function restored() {
    const kept = {};
    for (const key of ["current", "previous", "contact", "seen", "back"]) {
      kept[key] = await attempted("readonly", function (_slides, state) { return state.get(key); });
    }
    if (kept.contact) { touched = kept.contact.at; }
    if (kept.seen) { seen = kept.seen; }
    if (kept.back) { back = kept.back; }
    tell();
    for (const held of [kept.current, kept.previous]) {
      if (!held || current) { continue; }
      const stored = await Promise.all(held.playlist.slides.map(function (slide) {
        return attempted("readonly", function (slides) { return slides.get(slide.hash); });
      }));
      if (stored.every(Boolean)) {
        stored.forEach(function (slide) { html.set(slide.hash, slide.html); });
        current = { playlist: held.playlist, etag: held.etag, log: held.log };
      }
    }
    if (current && kept.previous && kept.previous.etag !== current.etag) { previous = kept.previous; }
    if (current) { next(); }
  }

  start();
}());
