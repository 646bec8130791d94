"use strict";
// Plays what is said: a click or Enter on a marked sentence starts the sound there; while it plays, the sentence
// and its line in the transcript are lit. Captions come from the page itself, since file: forbids <track>.
(() => {
  const data = JSON.parse(document.getElementById("media-data").textContent);
  const players = new Map(); // number of the medium -> its player

  const play = (player, startMs) => {
    for (const other of document.querySelectorAll("audio, video")) if (other !== player) other.pause();
    player.currentTime = startMs / 1000;
    player.play().catch(() => {});
  };

  const at = (rows, ms) => rows.findIndex(([start, end]) => start <= ms && ms < end);

  for (const section of document.querySelectorAll("section.media")) {
    const medium = data[Number(section.dataset.medium)];
    const player = section.querySelector("audio, video");
    const caption = section.querySelector(".caption");
    const lines = [...section.querySelectorAll("button[data-start]")];
    players.set(section.dataset.medium, player);
    lines.forEach((line) => line.addEventListener("click", () => play(player, Number(line.dataset.start))));

    if (player.localName === "video") {
      const track = player.addTextTrack("captions", "Tiếng Việt", "vi");
      for (const [start, end, text] of medium.cues) {
        const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
        track.addCue(new VTTCue(start / 1000, end / 1000, escaped));
      }
      track.mode = "showing";
    }

    let lit = [];
    const light = () => {
      const ms = player.currentTime * 1000;
      const place = at(medium.segments, ms);
      const sentence = place < 0 ? null : medium.segments[place][2];
      const now = place < 0 ? [] : [lines[place], sentence && document.getElementById(sentence)].filter(Boolean);
      for (const node of lit) if (!now.includes(node)) node.classList.remove("lit");
      for (const node of now) node.classList.add("lit");
      lit = now;
      const cue = at(medium.cues, ms);
      caption.textContent = cue < 0 ? "" : medium.cues[cue][2];
    };
    for (const event of ["timeupdate", "seeked", "play"]) player.addEventListener(event, light);
  }

  for (const sentence of document.querySelectorAll(".said")) {
    const start = () => play(players.get(sentence.dataset.medium), Number(sentence.dataset.start));
    sentence.addEventListener("click", start);
    sentence.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        start();
      }
    });
  }
})();
