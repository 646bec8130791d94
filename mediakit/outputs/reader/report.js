"use strict";
// Shows the jobs that are asked for. Without it the form stays hidden and the table is whole.
(() => {
  const form = document.querySelector("form");
  const { words, status, verdict } = form.elements;

  const composed = (text) => text.normalize("NFC").toLowerCase();
  const withoutMarks = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d");
  // Both forms, so that `duong` finds đường, and `đường` does not find duong.
  const rows = [...document.querySelectorAll("tbody tr")].map((row) => {
    const text = composed(row.firstElementChild.textContent);
    return { row, text: `${text}\n${withoutMarks(text)}`, verdicts: row.dataset.v.split(" ") };
  });

  const show = () => {
    const wanted = composed(words.value).split(/\s+/);
    let shown = 0;
    for (const { row, text, verdicts } of rows) {
      const fits =
        (!status.value || row.dataset.s === status.value) &&
        (!verdict.value || verdicts.includes(verdict.value)) &&
        wanted.every((word) => text.includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    form.querySelector("output").textContent = `${shown} of ${rows.length} jobs`;
  };

  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("pageshow", show); // a browser that goes back fills the form in again
})();
