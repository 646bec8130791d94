/*
 * The reader page: plays what is said, and shows where it stands.
 *
 * What other scripts of the page (such as the review) may rely on:
 *
 * - The element `script#mediakit-data` holds all that is known of the page's media, as JSON:
 *     media[]     name, kind ("audio", "video"), src (null where the file is missing), duration_ms, verdict, coverage
 *                 (0 to 1; both null without an article),
 *                 segments[]: start_ms, end_ms, text, heard, source ("article", "speech"), sentence (id or null), score,
 *                             words[]: [start_ms, end_ms, text, score, whether it is the article's],
 *                             language (only of foreign speech);
 *                 captions[]: id, start_ms, end_ms, lines[], sentences[];
 *                 downloads: srt, vtt, txt (addresses or null)
 *     article     sentences[]: id, text
 *   Times are whole milliseconds from the start of the medium; segments and captions are in order, do not overlap, and
 *   end before their end_ms.
 * - On DOMContentLoaded the document gets the event `mediakit:ready` whose `detail` is the interface:
 *     data                  the above, loaded; it may be changed in place, and is shown by `render()`
 *     seek(index, ms)       make a medium the current one and go to a time of it; a promise, kept once it is asked of the
 *                           player (at once, but of a server that knows no byte ranges)
 *     play(), pause()       of the current medium
 *     current()             {media, ms, segment, caption, paused}: numbers, -1 where nothing is said or shown
 *     sentence(id)          the text of a sentence of the article; "" of none
 *     otherwise(segment)    the article's sentence that a segment follows, where other words are said; else ""
 *     onTime(fn)            fn(current()) at each frame while it plays, and whenever the place changes; gives a function
 *                           that ends it
 *     render()              show `data` anew: lines, times of sentences, captions (then no longer from the .vtt)
 *   It is not sent where no medium can be played.
 * - A sentence of the article has its id (`p3s2`), and the class `said` where it can be heard; `lit` while it is. The
 *   part of the page for medium N is `section.media[data-medium=N]`, its transcript `.transcript[data-medium=N]` with
 *   one `li` a segment.
 */
"use strict";
(() => {
  // An arrow key.
  const STEP_S = 5;
  // "previous" goes to the start of this sentence when it has been heard for longer.
  const AGAIN_MS = 1500;
  // What is lit keeps this distance from the edges of its view.
  const MARGIN_PX = 48;

  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("mediakit-data").textContent);
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  // -- Rows in order of time ------------------------------------------------------------------------------------------

  /** The number of the row that holds `ms`, else -1; by halving, for there may be thousands. */
  const rowAt = (rows, ms) => {
    const last = lastBefore(rows, ms);
    return last >= 0 && ms < rows[last].end_ms ? last : -1;
  };

  /** The number of the last row that begins at `ms` or before, else -1. */
  const lastBefore = (rows, ms) => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].start_ms <= ms) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  /** A time as a reader says it: 0:05, 1:02:03. */
  const clock = (ms) => {
    const two = (number) => String(number).padStart(2, "0");
    const s = Math.floor(ms / 1000);
    const [hour, minute, second] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
    return hour ? `${hour}:${two(minute)}:${two(second)}` : `${minute}:${two(second)}`;
  };

  // -- The media ------------------------------------------------------------------------------------------------------

  const media = [...document.querySelectorAll("section.media")].map((section) => {
    const index = Number(section.dataset.medium);
    const transcript = document.querySelector(`.transcript[data-medium="${index}"]`);
    return {
      index,
      data: data.media[index],
      section,
      player: section.querySelector("audio, video"),
      caption: section.querySelector(".caption"),
      playhead: section.querySelector(".playhead"),
      transcript,
      list: transcript.querySelector(".lines"),
      // One a segment.
      lines: [...transcript.querySelectorAll("li")],
      // The words of each line, once somebody searches.
      searched: null,
    };
  });
  if (!media.length) return;

  const bar = document.querySelector(".bar");
  let active = media[0];
  let shown = { segment: -1, caption: -1, second: -1 };
  let lit = [];
  const listeners = new Set();

  const nowMs = () => Math.round(active.player.currentTime * 1000);
  const lineOf = (medium, segment) => medium.lines[segment] ?? null;

  const current = () => {
    const ms = nowMs();
    return {
      media: active.index,
      ms,
      segment: rowAt(active.data.segments, ms),
      caption: rowAt(active.data.captions, ms),
      paused: active.player.paused,
    };
  };

  // -- Captions on a video --------------------------------------------------------------------------------------------

  // From the .vtt beside the page where it is served; where file: forbids that, or there is none, from the page.
  const showCaptions = (medium, { fromPage }) => {
    if (medium.player.localName !== "video") return;
    const element = medium.player.querySelector("track");
    if (element && !fromPage && !medium.cues) {
      element.addEventListener("error", () => showCaptions(medium, { fromPage: true }), { once: true });
      element.track.mode = "showing";
      return;
    }
    element?.remove();
    medium.cues ??= medium.player.addTextTrack("captions", "Tiếng Việt", "vi");
    medium.cues.mode = "showing";
    for (const cue of [...medium.cues.cues]) medium.cues.removeCue(cue);
    for (const { id, start_ms, end_ms, lines } of medium.data.captions) {
      const escaped = lines.join("\n").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
      medium.cues.addCue(Object.assign(new VTTCue(start_ms / 1000, end_ms / 1000, escaped), { id }));
    }
  };

  // -- Keeping what is lit in view ------------------------------------------------------------------------------------

  /** Scrolls `box` to what it is shown, until the reader scrolls it away; goes on when it is in view again. */
  const follower = (box) => {
    const isPage = box === document.scrollingElement;
    const events = isPage ? window : box;
    let target = null;
    let follows = true;
    // Scrolling that we began ends by then.
    let oursUntil = 0;

    const view = () => {
      if (isPage) return [0, bar.hidden || getComputedStyle(bar).position !== "fixed" ? innerHeight : bar.offsetTop];
      const { top, bottom } = box.getBoundingClientRect();
      return [top, bottom];
    };
    // A search may have left it out.
    const isShown = () => target.getClientRects().length > 0;
    const isInView = () => {
      if (!isShown()) return true;
      const [top, bottom] = view();
      const place = target.getBoundingClientRect();
      return place.bottom > top && place.top < bottom;
    };
    const settle = () => {
      if (!target || !target.isConnected || performance.now() < oursUntil) return;
      follows = isInView();
      offerBack();
    };
    const bringIn = (margin) => {
      if (!isShown()) return;
      const [top, bottom] = view();
      const place = target.getBoundingClientRect();
      if (place.top >= top + margin && place.bottom <= bottom - margin) return;
      oursUntil = performance.now() + 1500;
      // A third from the top; what is taller than that from its beginning.
      const by = place.top - top - Math.max(margin, (bottom - top - place.height) / 3);
      box.scrollBy({ top: by, behavior: still.matches ? "instant" : "smooth" });
    };

    events.addEventListener("scroll", settle, { passive: true });
    events.addEventListener("scrollend", () => { oursUntil = 0; }, { passive: true });
    for (const by of ["wheel", "touchmove"]) events.addEventListener(by, () => { oursUntil = 0; }, { passive: true });

    return {
      show(element) {
        target = element;
        if (target && follows) bringIn(MARGIN_PX);
        offerBack();
      },
      /** Whether to follow from now on; by default if what is lit can be seen. */
      begin(follow = !target || isInView()) {
        follows = follow;
        if (target && follows) bringIn(MARGIN_PX);
        offerBack();
      },
      get isAway() { return target !== null && !follows; },
    };
  };

  const followers = () => [page, active.follower].filter(Boolean);
  const offerBack = () => {
    $("back").hidden = !followers().some((one) => one.isAway);
  };
  const page = follower(document.scrollingElement);
  for (const medium of media) medium.follower = medium.list && follower(medium.list);

  // -- Lighting -------------------------------------------------------------------------------------------------------

  const setLit = (elements) => {
    for (const element of lit) {
      if (elements.includes(element)) continue;
      element.classList.remove("lit");
      element.removeAttribute("aria-current");
    }
    for (const element of elements) {
      element.classList.add("lit");
      element.setAttribute("aria-current", "true");
    }
    lit = elements;
  };

  const showSegment = (number) => {
    const sentence = number < 0 ? null : active.data.segments[number].sentence;
    const inArticle = sentence && $(sentence);
    const line = number < 0 ? null : lineOf(active, number);
    setLit([inArticle, line].filter(Boolean));
    if (inArticle) page.show(inArticle);
    if (line) {
      active.follower.show(line);
      reach(active, number);
    }
  };

  const showCaption = (number) => {
    const text = number < 0 ? "" : active.data.captions[number].lines.join("\n");
    active.caption.textContent = text;
    bar.querySelector(".now").textContent = text;
  };

  const showSecond = (ms) => {
    const whole = active.data.duration_ms ?? active.player.duration * 1000;
    bar.querySelector(".clock").textContent = clock(ms) + (whole > 0 ? ` / ${clock(whole)}` : "");
    if (whole > 0) active.playhead?.setAttribute("transform", `translate(${Math.min(2000, (2000 * ms) / whole)})`);
  };

  /** Show the place where the player is; what has not changed is not touched. */
  const light = () => {
    const now = current();
    const second = Math.floor(now.ms / 1000);
    if (now.segment !== shown.segment) showSegment(now.segment);
    if (now.caption !== shown.caption) showCaption(now.caption);
    if (second !== shown.second) showSecond(now.ms);
    shown = { segment: now.segment, caption: now.caption, second };
    for (const listener of listeners) listener(now);
  };

  let running = false;
  const frame = () => {
    running = !active.player.paused && !active.player.ended;
    if (running) requestAnimationFrame(frame);
    light();
  };
  const run = () => {
    if (running) return;
    running = true;
    requestAnimationFrame(frame);
  };

  // -- Playing --------------------------------------------------------------------------------------------------------

  const activate = (medium) => {
    if (medium === active) return;
    active.player.pause();
    active.caption.textContent = "";
    active = medium;
    active.player.playbackRate = Number($("speed").value);
    shown = { segment: -1, caption: -1, second: -1 };
    setLit([]);
    page.show(null);
    showTranscript();
    active.follower?.begin(true);
    light();
  };

  // Of a server that knows no byte ranges (`python -m http.server`) a browser plays a file, but goes to no time of it.
  // The file is then taken whole, once somebody wants to go somewhere.
  const isUnseekable = ({ player }) =>
    location.protocol !== "file:" && player.readyState > 0 && !(player.seekable.length && player.seekable.end(0) > 0);

  const takeWhole = (medium) => {
    const { player } = medium;
    tell("Đang tải tệp…");
    medium.whole ??= fetch(player.currentSrc)
      .then((answer) => (answer.ok ? answer.blob() : Promise.reject(new Error(answer.statusText))))
      .then((blob) => new Promise((done, fail) => {
        player.addEventListener("loadedmetadata", done, { once: true });
        player.addEventListener("error", fail, { once: true });
        player.src = URL.createObjectURL(blob);
      }));
    return medium.whole;
  };

  /** Make a medium the current one and go to a time of it. */
  const goTo = async (medium, ms) => {
    activate(medium);
    if (isUnseekable(medium) && !medium.whole) await takeWhole(medium).catch(() => {});
    else if (medium.whole) await medium.whole.catch(() => {});
    medium.player.currentTime = ms / 1000;
    light();
  };

  // The player says itself why it cannot.
  const play = () => active.player.play().catch(() => {});
  const pause = () => active.player.pause();
  const toggle = () => (active.player.paused ? followAnd(play) : pause());

  const followAnd = (act) => {
    for (const one of followers()) one.begin(true);
    act();
  };

  const playFrom = async (medium, ms) => {
    await goTo(medium, ms);
    followAnd(play);
  };

  const step = (by) => {
    const { segments } = active.data;
    const ms = nowMs();
    let number = lastBefore(segments, ms) + by;
    if (by < 0 && number + 1 >= 0 && ms - segments[number + 1].start_ms > AGAIN_MS) number += 1;
    const segment = segments[Math.max(0, number)];
    if (segment) followAnd(() => goTo(active, segment.start_ms));
  };

  for (const medium of media) {
    const { player } = medium;
    player.addEventListener("play", () => {
      for (const other of media) if (other !== medium) other.player.pause();
      activate(medium);
      bar.hidden = false;
      // Who plays a film by its own button looks at the film: the page is not scrolled away from it.
      if (player.localName === "video" && document.activeElement === player) page.begin();
    });
    for (const event of ["playing", "play"]) player.addEventListener(event, run);
    for (const event of ["timeupdate", "seeked", "loadedmetadata"]) {
      player.addEventListener(event, () => { if (medium === active && !running) light(); });
    }
    player.addEventListener("seeking", () => { if (player.currentTime > 0) activate(medium); });
    for (const event of ["play", "pause", "ended"]) player.addEventListener(event, () => showState());
    player.addEventListener("error", () => { medium.section.querySelector(".broken").hidden = false; });
    medium.section.querySelector(".coverage")?.addEventListener("click", (event) => {
      const { left, width } = event.currentTarget.getBoundingClientRect();
      const whole = medium.data.duration_ms ?? player.duration * 1000;
      if (whole > 0) playFrom(medium, (whole * (event.clientX - left)) / width);
    });
  }

  const showState = () => {
    const { paused } = active.player;
    $("toggle").setAttribute("aria-label", paused ? "Phát" : "Dừng");
    $("toggle").querySelector("use").setAttribute("href", paused ? "#icon-play" : "#icon-pause");
  };

  // -- Sentences and lines --------------------------------------------------------------------------------------------

  // Id of a sentence -> where it is said, [medium, start_ms] each.
  let places = new Map();
  const findPlaces = () => {
    places = new Map();
    for (const medium of media) {
      for (const { sentence, start_ms } of medium.data.segments) {
        if (sentence === null) continue;
        if (!places.has(sentence)) places.set(sentence, []);
        places.get(sentence).push([medium, start_ms]);
      }
    }
  };

  /** Play a sentence in the medium that is heard already, if it is said there. */
  const playSentence = (id) => {
    const found = places.get(id) ?? [];
    const place = found.find(([medium]) => medium === active) ?? found[0];
    if (place) playFrom(...place);
  };

  const hasSelection = () => String(getSelection()) !== "";

  document.querySelector("article").addEventListener("click", (event) => {
    const sentence = event.target.closest(".said");
    if (sentence && !hasSelection()) playSentence(sentence.id);
  });
  document.querySelector("article").addEventListener("keydown", (event) => {
    if (!event.target.matches(".said") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    // The space bar stops what it began.
    if (event.key === " " && event.target.classList.contains("lit")) toggle();
    else playSentence(event.target.id);
  });

  /** One line of a transcript can be reached by Tab, the others from there by the arrow keys. */
  const reach = (medium, number) => {
    if (medium.reached) medium.reached.tabIndex = -1;
    medium.reached = lineOf(medium, number)?.querySelector("button") ?? null;
    if (medium.reached) medium.reached.tabIndex = 0;
  };

  const moveInList = (medium, event) => {
    const shown = medium.lines.filter((line) => !line.hidden);
    const here = shown.indexOf(event.target.closest("li"));
    const next = shown[{ ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: shown.length - 1 }[event.key]];
    if (!next) return;
    event.preventDefault();
    reach(medium, medium.lines.indexOf(next));
    medium.reached.focus();
  };

  for (const medium of media) {
    if (!medium.list) continue;
    for (const line of medium.lines) line.querySelector("button").tabIndex = -1;
    reach(medium, 0);
    medium.list.addEventListener("keydown", (event) => moveInList(medium, event));
    medium.list.addEventListener("click", (event) => {
      const line = event.target.closest("li");
      if (!line || hasSelection()) return;
      playFrom(medium, medium.data.segments[medium.lines.indexOf(line)].start_ms);
    });
  }

  const showTranscript = () => {
    for (const medium of media) medium.transcript.hidden = medium !== active;
    if ($("which")) $("which").value = String(active.index);
    search();
  };
  $("which")?.addEventListener("change", (event) => {
    activate(media.find((medium) => String(medium.index) === event.target.value));
    showState();
  });

  // -- Search ---------------------------------------------------------------------------------------------------------

  const marked = (text, found) => {
    const parts = [];
    let at = 0;
    for (const [from, to] of found) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      parts.push(text.slice(at, from), mark);
      at = to;
    }
    return [...parts, text.slice(at)];
  };

  const search = () => {
    const { segments } = active.data;
    const wanted = vietnameseSearch.words($("words").value);
    if (wanted.length) active.searched ??= segments.map(({ text }) => vietnameseSearch.words(text));
    // Nobody has searched here.
    else if (!active.searched) return tellFound(null);
    let count = 0;
    segments.forEach(({ text }, number) => {
      const line = lineOf(active, number);
      const found = wanted.length ? vietnameseSearch.find(active.searched[number], wanted) : [];
      line.hidden = wanted.length > 0 && !found.length;
      count += found.length > 0;
      const span = line.querySelector("span");
      if (found.length || span.childElementCount) span.replaceChildren(...marked(text, found));
    });
    for (const lot of active.list?.children ?? []) lot.hidden = ![...lot.children].some((line) => !line.hidden);
    tellFound(wanted.length ? count : null);
    if (count) reach(active, active.lines.findIndex((line) => !line.hidden));
    else active.follower?.begin(true);
  };

  const tellFound = (count) => {
    document.querySelector("#search output").textContent =
      count === null ? "" : count ? `${count} trong ${active.data.segments.length} câu` : "Không tìm thấy";
  };

  $("search").hidden = false;
  $("search").addEventListener("input", search);
  $("search").addEventListener("submit", (event) => {
    event.preventDefault();
    if ($("words").value) active.reached?.focus();
  });
  $("words").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.target.value = "";
    search();
    event.target.blur();
  });

  // -- The address of a moment (https://www.w3.org/TR/media-frags/#naming-time), quotes ---------------------------------

  /** Seconds of `12.5`, `1:02.5`, `1:02:03`, with or without `npt:`; an end after a comma is left out. */
  const secondsOf = (text) => {
    const match = /^(?:npt:)?(?:(?:(\d+):)?([0-5]?\d):)?(\d+(?:\.\d*)?)(?:,.*)?$/.exec(text ?? "");
    return match && (Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0)) * 60 + Number(match[3]);
  };

  const openAddress = async () => {
    const hash = location.hash.slice(1);
    if (places.has(hash)) {
      await goTo(...places.get(hash)[0]);
      return;
    }
    const wanted = new URLSearchParams(hash);
    const seconds = secondsOf(wanted.get("t"));
    const medium = media.find(({ index }) => index + 1 === Number(wanted.get("m") ?? media[0].index + 1));
    if (seconds === null || !medium) return;
    bar.hidden = false;
    await goTo(medium, Math.round(seconds * 1000));
    if (shown.segment < 0 || !active.data.segments[shown.segment].sentence) medium.section.scrollIntoView();
  };

  const addressOf = (medium, ms) => {
    const t = `t=${Math.floor(ms / 100) / 10}`;
    return `#${data.media.length > 1 ? `m=${medium.index + 1}&` : ""}${t}`;
  };

  const copy = async (text, told) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed, or the page is served without TLS.
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "copied";
      (document.querySelector("dialog[open]") ?? document.body).append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      if (!done) return tell("Trình duyệt không cho chép.");
    }
    return tell(told);
  };

  let toldTimer = 0;
  const tell = (text) => {
    const told = bar.querySelector(".told");
    told.textContent = text;
    clearTimeout(toldTimer);
    toldTimer = setTimeout(() => { told.textContent = ""; }, 4000);
  };

  const share = () => {
    const hash = addressOf(active, nowMs());
    history.replaceState(history.state, "", hash);
    copy(location.href, `Đã chép liên kết đến ${clock(nowMs())}`);
  };

  /** Where what is selected is said: its text, medium and time; null if nothing is selected that is said. */
  const selected = () => {
    const selection = getSelection();
    const text = String(selection).replace(/\s+/g, " ").trim();
    const node = selection.anchorNode && selection.getRangeAt(0).startContainer;
    const element = node && (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
    const sentence = element?.closest(".said");
    if (text && sentence) return [text, ...places.get(sentence.id)[0]];
    const line = element?.closest(".lines li");
    const medium = line && media.find(({ list }) => list.contains(line));
    return text && line ? [text, medium, medium.data.segments[medium.lines.indexOf(line)].start_ms] : null;
  };

  const quote = () => {
    const number = Math.max(0, lastBefore(active.data.segments, nowMs()));
    const segment = active.data.segments[number];
    const [text, medium, ms] = selected() ?? (segment ? [segment.text, active, segment.start_ms] : []);
    if (!text) return;
    const address = location.href.split("#")[0] + addressOf(medium, ms);
    copy(`“${text}” (${document.title}, ${medium.data.name}, ${clock(ms)})\n${address}`, `Đã chép trích dẫn lúc ${clock(ms)}`);
  };

  // -- Buttons, keys, help --------------------------------------------------------------------------------------------

  const setSpeed = (by) => {
    const speed = $("speed");
    speed.selectedIndex = Math.min(speed.length - 1, Math.max(0, speed.selectedIndex + by));
    active.player.playbackRate = Number(speed.value);
    if (by) tell(`Tốc độ ${speed.selectedOptions[0].text}`);
  };

  const jump = (by) => {
    const { player } = active;
    player.currentTime = Math.min(player.duration || Infinity, Math.max(0, player.currentTime + by));
  };

  const openHelp = () => $("help").showModal();
  const openSearch = () => {
    $("words").focus();
    $("words").select();
  };

  const KEYS = {
    " ": toggle,
    k: toggle,
    j: () => step(-1),
    l: () => step(1),
    ArrowLeft: () => jump(-STEP_S),
    ArrowRight: () => jump(STEP_S),
    "<": () => setSpeed(-1),
    ">": () => setSpeed(1),
    "/": openSearch,
    c: quote,
    s: share,
    "?": openHelp,
  };

  // Keys of fields, of buttons and of the player's own controls stay theirs.
  const hasOwnKeys = (target, key) =>
    target.closest("input, select, textarea, dialog, [contenteditable]") !== null ||
    (target.closest("audio, video") !== null && !/^[a-z?/<>]$/.test(key)) ||
    (target.closest("button, a, summary") !== null && key === " ");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
    if (!act || !$("keys").checked || hasOwnKeys(event.target, event.key)) return;
    event.preventDefault();
    bar.hidden = false;
    act();
  });

  const buttons = { previous: () => step(-1), toggle, next: () => step(1), quote, share, "help-open": openHelp };
  for (const [id, act] of Object.entries(buttons)) $(id).addEventListener("click", act);
  // A button that is pressed leaves the text selected that is to be quoted.
  $("quote").addEventListener("mousedown", (event) => event.preventDefault());
  $("back").addEventListener("click", () => followAnd(() => {}));
  $("speed").addEventListener("change", () => setSpeed(0));
  $("live").addEventListener("change", (event) => {
    bar.querySelector(".now").setAttribute("aria-live", event.target.checked ? "polite" : "off");
  });

  // -- What the article has otherwise ---------------------------------------------------------------------------------

  const texts = new Map(data.article.sentences.map(({ id, text }) => [id, text]));
  const plain = (text) => text.normalize("NFC").split(/\s+/u).filter(Boolean).join(" ");
  const sentence = (id) => texts.get(id) ?? "";
  const otherwise = ({ sentence: id, text }) => {
    const printed = sentence(id);
    return plain(printed) === plain(text) ? "" : printed;
  };

  // -- The interface --------------------------------------------------------------------------------------------------

  const showLines = (medium) => {
    const { lines, data: { segments } } = medium;
    if (!lines.length) return;
    while (lines.length > Math.max(1, segments.length)) lines.pop().remove();
    while (lines.length < segments.length) {
      const more = lines.at(-1).cloneNode(true);
      more.querySelector("button").tabIndex = -1;
      lines.at(-1).after(more);
      lines.push(more);
    }
    segments.forEach((segment, number) => {
      const { start_ms, text, source } = segment;
      const line = lineOf(medium, number);
      const isLit = line.classList.contains("lit");
      line.className = isLit ? `${source} lit` : source;
      const button = line.querySelector("button");
      const printed = otherwise(segment);
      button.dataset.start = start_ms;
      if (printed) button.title = `Bài báo: ${printed}`;
      else button.removeAttribute("title");
      Object.assign(line.querySelector("time"), { dateTime: `PT${start_ms / 1000}S`, textContent: clock(start_ms) });
      line.querySelector("span").textContent = text;
    });
    medium.searched = null;
  };

  const showSaid = () => {
    for (const { id } of data.article.sentences) {
      const sentence = $(id);
      if (!sentence) continue;
      const place = places.get(id)?.[0];
      sentence.classList.toggle("said", place !== undefined);
      if (!place) {
        for (const name of ["role", "tabindex", "title", "data-clock"]) sentence.removeAttribute(name);
        continue;
      }
      const number = media.length > 1 ? `${place[0].index + 1} · ` : "";
      Object.assign(sentence.dataset, { medium: place[0].index, start: place[1], clock: number + clock(place[1]) });
      sentence.tabIndex = 0;
      sentence.setAttribute("role", "button");
      sentence.title = `Nghe câu này (${clock(place[1])})`;
    }
  };

  const render = () => {
    findPlaces();
    showSaid();
    for (const medium of media) {
      showLines(medium);
      showCaptions(medium, { fromPage: true });
    }
    shown = { segment: -1, caption: -1, second: -1 };
    search();
    light();
  };

  const api = {
    data,
    seek: (index, ms) => {
      const medium = media.find((one) => one.index === index);
      return medium ? goTo(medium, ms) : Promise.reject(new RangeError(`no medium ${index} can be played`));
    },
    play,
    pause,
    current,
    sentence,
    otherwise,
    onTime: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    render,
  };

  if (location.protocol === "file:") {
    // A browser opens files of the disk, whatever the link says: not in the place of the page.
    for (const link of document.querySelectorAll("a[download]")) link.target = "_blank";
  }
  findPlaces();
  for (const medium of media) showCaptions(medium, { fromPage: location.protocol === "file:" });
  showTranscript();
  showState();
  openAddress();
  addEventListener("hashchange", openAddress);
  document.addEventListener("DOMContentLoaded", () => {
    document.dispatchEvent(new CustomEvent("mediakit:ready", { detail: api }));
  });
})();
