/*
 * Review mode of the reader page (`?review`): a person corrects captions, and sees where to look.
 *
 * It stands on the interface that `reader/reader.js` describes. The unit of an edit is the caption; the words of the
 * segments behind it follow, so that transcript, links and page say the same. Served by `mediakit review`, a save is
 * posted with the version of the record that was loaded; elsewhere what was edited is downloaded. All text is set as
 * textContent.
 */
"use strict";
document.addEventListener("mediakit:ready", ({ detail: api }) => {
  if (!new URLSearchParams(location.search).has("review")) return;

  const DOUBT = 0.5; // a word of a lower score is worth a look; under SURE it is coloured
  const SURE = 0.75;
  const SCHEMA = "mediakit/transcript@2"; // of what is downloaded, whatever was loaded
  const QUIETEST = 40; // dBFS + 100: what is quieter is drawn as silence
  const NO_TEXT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u; // as review/edits.py

  const tokens = (text) => text.split(/\s+/u).filter(Boolean);
  const copy = (value) => JSON.parse(JSON.stringify(value));
  const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);
  const $ = (id) => document.getElementById(id);

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== null) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };
  const button = (text, act, attributes = {}) => make("button", { type: "button", onclick: act, ...attributes }, text);

  /** `0:03.100`, with a fraction that can be typed back. */
  const clock = (ms, decimal = ".", hours = false) => {
    const two = (number) => String(number).padStart(2, "0");
    const [hour, minute] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60];
    const head = hour || hours ? `${hours ? two(hour) : hour}:${two(minute)}` : minute;
    return `${head}:${two(Math.floor(ms / 1000) % 60)}${decimal}${String(ms % 1000).padStart(3, "0")}`;
  };
  /** Milliseconds of `3.1`, `0:03.100`, `1:02:03,5`; null for anything else. */
  const milliseconds = (text) => {
    const match = /^(?:(?:(\d{1,3}):)?([0-5]?\d):)?(\d{1,5})(?:[.,](\d{1,3}))?$/.exec(text.trim());
    if (!match || (match[2] !== undefined && Number(match[3]) > 59)) return null;
    const seconds = (Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0)) * 60 + Number(match[3]);
    return seconds * 1000 + Number((match[4] ?? "").padEnd(3, "0"));
  };

  // -- Which words a caption shows, and what becomes of them when it is edited ----------------------------------------

  /** For each caption its words as [segment, word]: one after the other, else (texts differ) by their times. */
  const placesOf = ({ captions, segments }) => {
    const words = segments.flatMap((segment, s) => segment.words.map((word, w) => [s, w, word]));
    const texts = captions.map(({ lines }) => tokens(lines.join(" ")));
    const shown = texts.flat();
    let at = 0;
    if (shown.length === words.length && shown.every((text, n) => text === words[n][2][2])) {
      return texts.map(({ length }) => words.slice(at, (at += length)));
    }
    return captions.map((_, n) => {
      const from = at;
      const until = captions[n + 1]?.start_ms ?? Infinity;
      while (at < words.length && (words[at][2][0] + words[at][2][1]) / 2 < until) at += 1;
      return words.slice(from, at);
    });
  };

  /** Where two lists differ, as [from, to, from, to): by their longest common subsequence. */
  const differences = (a, b) => {
    const length = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
    for (let i = a.length - 1; i >= 0; i -= 1) {
      for (let j = b.length - 1; j >= 0; j -= 1) {
        length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
      }
    }
    const found = [];
    for (let i = 0, j = 0; i < a.length || j < b.length; ) {
      const [from, begin] = [i, j];
      while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
        if (j >= b.length || (i < a.length && length[i + 1][j] >= length[i][j + 1])) i += 1;
        else j += 1;
      }
      if (i > from || j > begin) found.push([from, i, begin, j]);
      else { i += 1; j += 1; }
    }
    return found;
  };

  /** A word as it is compared: small letters, without marks at its edges. */
  const bare = (text) => text.normalize("NFC").toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  /** Which words of `a` are those of `b`, in order. */
  const common = (a, b) => {
    const own = new Set(a.keys());
    for (const [from, to] of differences(a.map(bare), b.map(bare))) for (let k = from; k < to; k += 1) own.delete(k);
    return own;
  };

  /**
   * A segment with words that were typed (null: nobody knows whose they are): the article's are those that its sentence
   * has there. One that follows a sentence with less than half of its words is free speech. As review/edits.py.
   */
  const tied = (segment) => {
    const printed = api.sentence(segment.sentence);
    const own = common(segment.words.map((word) => word[2]), tokens(printed));
    let words = segment.words.map((word, k) => [...word.slice(0, 4), word[4] ?? own.has(k)]);
    if (segment.source === "article" && 2 * words.filter((word) => word[4]).length >= words.length) {
      return { ...segment, words };
    }
    words = words.map((word) => [...word.slice(0, 4), false]);
    return { ...segment, source: "speech", sentence: null, words };
  };

  /**
   * The segments behind caption `n` once it reads `lines`, as [index, segment]: a new word has the time of those that
   * it replaces, or shares that of the one before; a person vouches for it. None, where a segment would be left empty.
   */
  const reworded = ({ medium: { segments }, places }, n, lines) => {
    const old = places[n];
    const texts = tokens(lines.join(" "));
    const made = new Map([...new Set(old.map(([s]) => s))].map((s) => [s, []]));
    const keep = (from, to) => old.slice(from, to).forEach(([s, , word]) => made.get(s).push(word));
    let at = 0;
    for (let [from, to, begin, end] of differences(old.map(([, , word]) => word[2]), texts)) {
      if (from === to && from > at) { from -= 1; begin -= 1; }
      else if (from === to) { to += 1; end += 1; }
      const replaced = old.slice(from, to);
      if (!replaced.length) return [];
      const s = replaced[0][0];
      const there = replaced.filter((place) => place[0] === s).map(([, , word]) => word);
      const [start, stop, count] = [there[0][0], there.at(-1)[1], end - begin];
      if (stop - start < count) return [];
      keep(at, from);
      texts.slice(begin, end).forEach((text, k) => {
        const time = (part) => start + Math.floor((part * (stop - start)) / count);
        const before = there.find((word) => word[2] === text);
        made.get(s).push([time(k), time(k + 1), text, before?.[3] ?? 1, before?.[4] ?? null]);
      });
      at = to;
    }
    keep(at);
    const changed = [...made].map(([s, words]) => {
      const mine = old.filter((place) => place[0] === s).map(([, w]) => w);
      const all = [...segments[s].words.slice(0, mine[0]), ...words, ...segments[s].words.slice(mine.at(-1) + 1)];
      return [s, tied({ ...segments[s], words: all, text: all.map((word) => word[2]).join(" ") })];
    });
    return changed.every(([, { words }]) => words.length) ? changed.filter(([s, one]) => !same(one, segments[s])) : [];
  };

  // -- Edits, and taking them back ------------------------------------------------------------------------------------

  /** What is saved: captions and segments are never changed in place, so that these lists are enough to tell. */
  const baseOf = ({ captions, segments }) => ({ captions: [...captions], segments: [...segments] });
  const desks = api.data.media.map((medium, index) => {
    const { vtt, srt, txt } = medium.downloads;
    const beside = vtt ?? srt ?? txt;
    return {
      index, medium, section: document.querySelector(`section.media[data-medium="${index}"]`),
      url: beside && beside.replace(/\.[a-z]+$/, ".json"),
      version: null, // of the record, where it can be saved
      head: medium.record ?? null, // the record without segments and captions
      base: baseOf(medium),
      places: placesOf(medium), undo: [], redo: [], notes: new Map(), rows: [],
    };
  });
  let desk = desks[api.current().media];

  const isDirty = ({ medium, base }) =>
    ["captions", "segments"].some((kind) => medium[kind].some((one, n) => !same(one, base[kind][n])));

  const wrong = ({ medium: { captions, duration_ms } }, n, { start_ms, end_ms, lines }) => {
    if (!lines.length) return "Phụ đề phải có chữ.";
    if (lines.some((line) => NO_TEXT.test(line))) return "Có ký tự không phải là chữ.";
    if (start_ms === null || end_ms === null) return "Thời gian viết như 0:03.100.";
    if (start_ms >= end_ms) return "Phụ đề phải kết thúc sau khi bắt đầu.";
    if (captions[n - 1]?.end_ms > start_ms) return `Phụ đề trước đến ${clock(captions[n - 1].end_ms)} mới hết.`;
    if (captions[n + 1]?.start_ms < end_ms) return `Phụ đề sau bắt đầu lúc ${clock(captions[n + 1].start_ms)}.`;
    // What stands beyond the end already is not made worse.
    const last_ms = duration_ms === null ? Infinity : Math.max(duration_ms, captions[n].end_ms);
    return end_ms > last_ms ? "Bản ghi đã hết trước lúc ấy." : "";
  };

  const put = (one, { n, caption, segments }) => {
    one.medium.captions[n] = copy(caption);
    for (const [s, segment] of segments) one.medium.segments[s] = copy(segment);
    one.places = placesOf(one.medium);
  };

  /** Change a caption, and note how to take that back; gives what is wrong with it, else nothing. */
  const change = (one, n, wanted) => {
    const problem = wrong(one, n, wanted);
    const { captions, segments } = one.medium;
    const caption = { ...captions[n], ...wanted };
    if (problem || same(caption, captions[n])) return problem;
    const isReworded = !same(caption.lines, captions[n].lines);
    const after = { n, caption, segments: isReworded ? reworded(one, n, wanted.lines) : [] };
    const before = { n, caption: captions[n], segments: after.segments.map(([s]) => [s, segments[s]]) };
    one.undo.push(copy([before, after]));
    one.redo = [];
    put(one, after);
    return "";
  };

  const takeBack = (from, to, which) => () => {
    const step = isSettled() && desk[from].pop();
    if (!step) return;
    desk[to].push(step);
    put(desk, step[which]);
    showRow(step[which].n);
    goTo(step[which].n);
  };
  const undo = takeBack("undo", "redo", 0);
  const redo = takeBack("redo", "undo", 1);

  // -- Loading and saving ---------------------------------------------------------------------------------------------

  /** A segment of a record as the page has it; in records of the first version words do not say whose they are. */
  const pack = ({ words, ...rest }) => ({
    ...rest,
    words: words.map((w) => [w.start_ms, w.end_ms, w.text, w.score, w.article ?? rest.source === "article"]),
  });
  const unpack = ([start_ms, end_ms, text, score]) => ({ start_ms, end_ms, text, score });

  /** Take the record from a server of `mediakit review`, which alone gives its SHA-256 as version; whether it did. */
  const load = async (one) => {
    if (!one.url || !location.protocol.startsWith("http")) return false;
    const answer = await fetch(one.url, { cache: "no-store" });
    const version = /^"([0-9a-f]{64})"$/.exec(answer.headers.get("ETag") ?? "")?.[1];
    if (!answer.ok || !version) return false;
    const { segments, captions, ...head } = await answer.json();
    Object.assign(one.medium, { captions, segments: segments.map(pack) });
    Object.assign(one, { version, head, base: baseOf(one.medium), places: placesOf(one.medium) });
    return true;
  };

  const key = (one) => `mediakit-review ${new URL(one.url, location.href).pathname}`;
  /** What can be taken back stays so when the page is loaded again, as long as the record is what was saved. */
  const remember = (one) => {
    try {
      sessionStorage.setItem(key(one), JSON.stringify({ version: one.version, undo: one.undo }));
    } catch { /* no room, or none allowed: only undoing after a reload is lost */ }
  };
  const recall = (one) => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(key(one)));
      if (kept?.version === one.version) one.undo = kept.undo;
    } catch { /* nothing can be kept here */ }
  };

  const WHY = {
    silent: "máy chủ không trả lời. Lệnh mediakit review còn chạy không?",
    "disk-full": "hết chỗ trên đĩa.",
    "edit-refused": "sửa đổi không hợp lệ.",
    "output-failed": "không ghi được tệp vào thư mục.",
    "saving-busy": "đang có chương trình khác lưu ở đây; hãy lưu lại.",
    "page-not-made": "Trang chưa được làm lại: thư mục này không có bài gốc hay bản ghi khác của nó.",
  };
  const save = async () => {
    if (!isSettled()) return;
    const { medium: { captions, segments }, base, url, version } = desk;
    if (!version) { download("srt"); return; }
    if (!isDirty(desk)) { tell("Không có gì để lưu."); return; }
    const edit = JSON.stringify({
      captions: captions.filter((caption, n) => !same(caption, base.captions[n]))
        .map(({ id, start_ms, end_ms, lines }) => ({ id, start_ms, end_ms, lines })),
      segments: segments.map(({ text, words }, index) => ({ index, text, words: words.map(unpack) }))
        .filter(({ index }) => !same(segments[index], base.segments[index])),
    });
    const saving = desk;
    const saved = baseOf(desk.medium);
    const headers = { "Content-Type": "application/json", "If-Match": `"${version}"` };
    const answer = await fetch(url, { method: "POST", headers, body: edit }).catch(() => null);
    if (answer?.status === 412) { tellConflict(); return; }
    const said = await answer?.json().catch(() => null);
    if (!answer?.ok) {
      const why = WHY[said?.error?.code] ?? said?.error?.message ?? (answer ? `HTTP ${answer.status}` : WHY.silent);
      tell(`Chưa lưu được: ${why}`);
      return;
    }
    Object.assign(saving, { version: said.version, base: saved });
    saving.notes.clear();
    remember(saving);
    show();
    tell(["Đã lưu.", ...said.left.map(({ code, message }) => WHY[code] ?? message)].join(" "));
  };

  const tellConflict = () => {
    tell("Bản ghi đã được sửa ở nơi khác. Sửa đổi của bạn vẫn còn ở đây, chưa lưu.",
      button("Ghép hai bên", merge), button("Bỏ của tôi, tải lại", () => { desk.undo = []; reload(); }));
  };
  const reload = async () => {
    if (await load(desk)) desk.notes.clear();
    desk.redo = [];
    show();
    tell("Đã tải bản mới nhất.");
  };
  /** Load what is saved now and make the same edits in it; what both have edited is shown beside it. */
  const merge = async () => {
    const { base, medium: { captions } } = desk;
    const mine = captions.filter((caption, n) => !same(caption, base.captions[n]));
    const was = new Map(base.captions.map((caption) => [caption.id, caption]));
    if (!(await load(desk))) { tell("Không tải được bản mới."); return; }
    Object.assign(desk, { undo: [], redo: [], notes: new Map() });
    for (const { id, start_ms, end_ms, lines } of mine) {
      const n = desk.medium.captions.findIndex((caption) => caption.id === id);
      const theirs = desk.medium.captions[n];
      const problem = theirs ? change(desk, n, { start_ms, end_ms, lines }) : "không còn phụ đề này";
      if (problem) {
        desk.notes.set(id, `Sửa đổi của bạn chưa ghép được (${problem}): ${shortly({ start_ms, end_ms, lines })}`);
      } else if (!same(theirs, was.get(id)) && !same(theirs, desk.medium.captions[n])) {
        desk.notes.set(id, `Nơi khác đã lưu: ${shortly(theirs)}`);
      }
    }
    show();
    const ids = new Set(desk.medium.captions.map(({ id }) => id));
    const lost = [...desk.notes].filter(([id]) => !ids.has(id)).map(([, note]) => note);
    tell([`Đã ghép; ${desk.notes.size} chỗ cả hai bên cùng sửa. Hãy xem lại rồi lưu.`, ...lost].join(" "));
  };
  const shortly = ({ start_ms, end_ms, lines }) => `${clock(start_ms)}–${clock(end_ms)} ${lines.join(" / ")}`;

  const escaped = (line) => line.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  /** Blocks of captions as SubRip and WebVTT have them. */
  const cues = (captions, decimal, nameOf, textOf) => captions.map((caption, n) => {
    const [start, end] = [caption.start_ms, caption.end_ms].map((ms) => clock(ms, decimal, true));
    return `${nameOf(caption, n)}\n${start} --> ${end}\n${caption.lines.map(textOf).join("\n")}\n`;
  });
  const FILES = {
    srt: ({ captions }) => cues(captions, ",", (_, n) => n + 1, (line) => line).map((cue) => `${cue}\n`).join(""),
    vtt: ({ captions }) => ["WEBVTT\n", ...cues(captions, ".", ({ id }) => id, escaped)].join("\n"),
    json: ({ captions, segments }, { warnings, engine, ...rest }) => {
      const whole = (word) => ({ ...unpack(word), article: word[4] });
      const unpacked = segments.map(({ words, ...rest }) => ({ ...rest, words: words.map(whole) }));
      const edited = { at: new Date().toISOString().replace(/\.\d+/, ""), by: "review" };
      const head = { ...rest, schema: SCHEMA, engine: { adapter: null, ...engine } };
      return `${JSON.stringify({ ...head, segments: unpacked, captions, warnings, edited }, null, 1)}\n`;
    },
  };
  const download = (kind) => {
    const { medium, head, url } = desk;
    const stem = url ? decodeURIComponent(url.split("/").at(-1)).slice(0, -".json".length) : medium.name;
    const href = URL.createObjectURL(new Blob([FILES[kind](medium, head ?? {})], { type: "text/plain" }));
    make("a", { href, download: `${stem}.${kind}` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
    tell(`Đã tải ${stem}.${kind} xuống; hãy đặt nó vào chỗ của tệp cũ.`);
  };

  // -- What is seen ---------------------------------------------------------------------------------------------------

  const told = make("p", { role: "status", class: "review-told" });
  const tell = (text, ...buttons) => told.replaceChildren(text, ...buttons);
  const list = make("ol", { class: "cues", "aria-label": "Phụ đề" });
  const lists = make("div", { class: "review-lists" });
  const tools = {
    save: button("Lưu", () => save(), { title: "Ctrl+S" }),
    undo: button("Hoàn tác", undo, { title: "Ctrl+Z" }),
    redo: button("Làm lại", redo, { title: "Ctrl+Y" }),
    previous: button("Chỗ ngờ trước", () => seekDoubt(-1), { title: "Phím p" }),
    next: button("Chỗ ngờ sau", () => seekDoubt(1), { title: "Phím n" }),
    srt: button("Tải SRT", () => download("srt")),
    vtt: button("Tải VTT", () => download("vtt")),
    json: button("Tải bản ghi", () => download("json")),
  };
  const panel = make("section", { id: "review", "aria-label": "Duyệt phụ đề" },
    make("div", { class: "review-tools", role: "group", "aria-label": "Duyệt" }, ...Object.values(tools)),
    told, lists, list);
  document.body.classList.add("reviewing");
  $("loi-thoai").append(panel);
  for (const [letter, what] of [["n", "chỗ ngờ sau"], ["p", "chỗ ngờ trước"], ["e", "sửa phụ đề này"]]) {
    $("help").querySelector("dl")
      .append(make("div", {}, make("dt", {}, make("kbd", {}, letter)), make("dd", {}, what)));
  }

  const grade = (score) => (score < DOUBT ? "doubtful" : score < SURE ? "unsure" : null);
  const isDoubtful = (n) => desk.places[n].some(([, , word]) => word[3] < DOUBT);

  /** Whether a word was added by the speaker to the sentence that is followed there. */
  const isAdded = ([s, , word]) => desk.medium.segments[s].source === "article" && !word[4];

  const spans = ({ lines }, places) => {
    const texts = lines.map(tokens);
    let at = 0;
    return texts.flatMap((line, number) => [
      ...(number ? [make("br")] : []),
      ...line.flatMap((text) => {
        const place = places[at++];
        const word = place?.[2];
        const known = word && word[2] === text;
        const score = known ? grade(word[3]) : null;
        const added = known && isAdded(place) ? "added" : null;
        if (!score && !added) return [text, " "];
        const why = [added && "Không có trong bài báo", score && `Điểm ${word[3].toLocaleString("vi")}`];
        const names = [score, added].filter(Boolean).join(" ");
        return [make("span", { class: names, title: why.filter(Boolean).join(" · ") }, text), " "];
      }),
    ]);
  };

  /** What was heard, at the first caption of each segment; and what the article has, where that is otherwise. */
  const heard = (n) => desk.places[n].filter(([, w]) => w === 0).flatMap(([s]) => {
    const segment = desk.medium.segments[s];
    const what = segment.source === "speech" ? "Lời ngoài bài" : segment.sentence;
    const printed = api.otherwise(segment);
    return [
      make("p", { class: "heard" }, `${what} · Máy nghe: ${segment.heard || "—"}`),
      ...(printed ? [make("p", { class: "printed" }, ...marked(segment, printed))] : []),
    ];
  });

  /** The article's sentence, with the words marked that are not said. */
  const marked = ({ words }, printed) => {
    const wanted = tokens(printed);
    const said = words.filter((word) => word[4]).flatMap((word) => tokens(word[2]));
    const read = common(wanted, said);
    const parts = wanted.flatMap((text, k) =>
      [read.has(k) ? text : make("del", { title: "Không được đọc" }, text), " "]);
    return ["Bài báo: ", ...parts];
  };

  const rowOf = (n) => {
    const caption = desk.medium.captions[n];
    const times = `${clock(caption.start_ms)} – ${clock(caption.end_ms)}`;
    const note = desk.notes.get(caption.id);
    const listen = { class: "times", "aria-label": `Nghe từ ${clock(caption.start_ms)}` };
    return make("li", { class: same(caption, desk.base.captions[n]) ? null : "changed", "data-caption": caption.id },
      button(times, () => playFrom(caption.start_ms), listen),
      make("button", { type: "button", class: "text", title: "Sửa", onclick: () => edit(n) },
        ...spans(caption, desk.places[n])),
      ...heard(n), ...(note ? [make("p", { class: "note" }, note)] : []));
  };

  const playFrom = (ms) => api.seek(desk.index, ms).then(api.play);

  /** Whether no caption is left half edited: one that is open is done with, if it is right. */
  const isSettled = () => {
    list.querySelector("form")?.requestSubmit();
    return list.querySelector("form") === null;
  };

  const edit = (n) => {
    if (!isSettled()) return;
    const { start_ms, end_ms, lines } = desk.medium.captions[n];
    const one = desk;
    const text = make("textarea", { rows: Math.max(2, lines.length), "aria-label": "Chữ, mỗi dòng một dòng phụ đề" });
    text.value = lines.join("\n");
    const problem = make("p", { role: "alert" });
    const time = (label, ms) => {
      const field = make("input", { value: clock(ms), size: 9, inputmode: "decimal", "aria-label": label });
      const set = () => { field.value = clock(api.current().ms); };
      const now = button("lúc này", set, { "aria-label": `${label}: lúc này` });
      return [field, make("span", {}, label, " ", field, now)];
    };
    const [start, startParts] = time("Từ", start_ms);
    const [end, endParts] = time("đến", end_ms);
    const close = () => { showRow(n); row(n).querySelector(".text").focus(); };
    const done = (event) => {
      event.preventDefault();
      const wanted = {
        start_ms: milliseconds(start.value), end_ms: milliseconds(end.value),
        lines: text.value.split("\n").map((line) => tokens(line.normalize("NFC")).join(" ")).filter(Boolean),
      };
      problem.textContent = change(one, n, wanted);
      if (!problem.textContent) close();
    };
    const form = make("form", { class: "edit", onsubmit: done, onkeydown: (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) done(event);
      // The page's keys of one letter are not meant for the buttons of a form.
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    } }, text, startParts, endParts, make("button", {}, "Xong"), button("Thôi", close), problem);
    row(n).replaceChildren(form);
    text.focus();
    form.scrollIntoView({ block: "nearest" });
  };

  const row = (n) => list.children[n];
  const goTo = (n) => {
    row(n)?.scrollIntoView({ block: "center" });
    row(n)?.querySelector(".text")?.focus({ preventScroll: true });
    api.seek(desk.index, desk.medium.captions[n].start_ms);
  };

  const seekDoubt = (by) => {
    const { captions } = desk.medium;
    const focused = [...list.children].indexOf(document.activeElement?.closest?.(".cues > li"));
    const { ms } = api.current();
    const here = focused >= 0 ? focused : captions.findLastIndex(({ start_ms }) => start_ms <= ms);
    for (let n = here + by; n >= 0 && n < captions.length; n += by) if (isDoubtful(n)) { goTo(n); return; }
    tell(by > 0 ? "Không còn chỗ ngờ nào sau đây." : "Không còn chỗ ngờ nào trước đây.");
  };

  const listed = (name, items) =>
    make("details", {}, make("summary", {}, `${name}: ${items.length}`), make("ul", {}, ...items));
  const showLists = () => {
    const said = new Set(desks.flatMap(({ medium }) => medium.segments.map(({ sentence }) => sentence)));
    const unread = api.data.article.sentences.filter(({ id }) => !said.has(id)).map(({ id, text }) =>
      make("li", {}, make("a", { href: `#${id}` }, id), ` ${text}`));
    const unlinked = desk.medium.segments.filter(({ source }) => source === "speech").map(({ start_ms, text }) =>
      make("li", {}, button(clock(start_ms), () => playFrom(start_ms)), ` ${text}`));
    lists.replaceChildren(listed("Câu chưa đọc", unread), listed("Lời ngoài bài", unlinked));
  };

  /** Show all of the current desk anew. */
  const show = () => {
    const { scrollTop } = list;
    list.replaceChildren(...desk.medium.captions.map((_, n) => rowOf(n)));
    list.scrollTop = scrollTop;
    showState();
  };
  /** Show what an edit of a caption has changed. */
  const showRow = (n) => {
    row(n).replaceWith(rowOf(n));
    showState();
  };
  let rendering = 0;
  const showState = () => {
    const doubts = desk.medium.captions.filter((_, n) => isDoubtful(n)).length;
    tools.save.disabled = !isDirty(desk);
    tools.save.hidden = !desk.version;
    tools.undo.disabled = !desk.undo.length;
    tools.redo.disabled = !desk.redo.length;
    tools.previous.disabled = tools.next.disabled = !doubts;
    tools.next.textContent = `Chỗ ngờ sau (${doubts})`;
    tools.json.hidden = !desk.head;
    showLists();
    // The reader's own lines are out of sight, and thousands.
    clearTimeout(rendering);
    rendering = setTimeout(api.render, 300);
  };

  // -- The waveform, which the server makes ---------------------------------------------------------------------------

  const drawWaveform = async (one) => {
    const source = one.section?.querySelector("audio, video").currentSrc;
    const answer = await fetch(`/.mediakit/waveform${new URL(source || one.medium.src, location.href).pathname}`);
    if (!answer.ok) return;
    const { step_ms, levels } = await answer.json();
    const whole = one.medium.duration_ms ?? step_ms * levels.length;
    const width = (2000 * step_ms) / whole;
    const d = levels.map((level, n) => {
      const half = Math.round(Math.max(0, ((level - QUIETEST) / (100 - QUIETEST)) * 50));
      return half ? `M${(n * width).toFixed(1)} ${50 - half}v${2 * half}` : "";
    }).join("");
    const draw = (tag, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      return element;
    };
    const frame = { class: "waveform", viewBox: "0 0 2000 100", preserveAspectRatio: "none", "aria-hidden": true };
    const svg = draw("svg", frame);
    svg.append(draw("path", { d, "stroke-width": width }));
    svg.addEventListener("click", (event) => {
      const { left, width: across } = svg.getBoundingClientRect();
      api.seek(one.index, Math.round((whole * (event.clientX - left)) / across)).then(api.play);
    });
    const coverage = one.section.querySelector(".coverage");
    if (coverage) coverage.before(svg);
    else one.section.append(svg);
  };

  // -- Keys, and what goes on -----------------------------------------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    const isField = event.target.closest("input, textarea, select, dialog") !== null;
    const isCommand = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    const act = isCommand
      ? { s: save, z: event.shiftKey ? redo : undo, y: redo }[letter]
      : { n: () => seekDoubt(1), p: () => seekDoubt(-1), e: () => edit(Math.max(0, api.current().caption)) }[letter];
    // A field takes back what is typed in it by itself.
    if (!act || event.altKey || (isField && !(isCommand && letter === "s"))) return;
    if (!isCommand && !$("keys").checked) return;
    event.preventDefault();
    act();
  });
  addEventListener("beforeunload", (event) => { if (desks.some(isDirty)) event.preventDefault(); });

  let lit = null;
  api.onTime(({ media, caption }) => {
    if (media !== desk.index && isSettled()) {
      desk = desks[media];
      show();
    }
    const now = media === desk.index ? (row(caption) ?? null) : null;
    if (now === lit) return;
    lit?.classList.remove("now");
    now?.classList.add("now");
    lit = now;
  });

  const begin = async () => {
    for (const one of desks) {
      if (!(await load(one).catch(() => false))) continue;
      recall(one);
      if (one.section) drawWaveform(one).catch(() => {});
    }
    show();
    document.dispatchEvent(new CustomEvent("mediakit:reviewing"));
  };
  begin();
});
