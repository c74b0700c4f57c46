// Scoring by the keyboard alone. Without this file the sheet works by Tab, arrows and Space.
"use strict";

(() => {
  const sheet = document.getElementById("sheet");
  if (!sheet) return;
  const criteria = [...sheet.querySelectorAll("fieldset.field--scorepad")];

  const radios = (criterion) => [...criterion.querySelectorAll('input[type="radio"]')];
  const scored = (criterion) => radios(criterion).find((radio) => radio.checked);
  const focus = (criterion) => {
    const radio = scored(criterion) ?? radios(criterion)[0];
    radio.focus();
    criterion.scrollIntoView({ block: "nearest" });
  };

  // The criterion with the focus; before any has it, the first without a score.
  function current() {
    return criteria.find((criterion) => criterion.contains(document.activeElement));
  }

  function move(step) {
    const here = criteria.indexOf(current());
    const to = here < 0 ? Math.max(0, criteria.findIndex((c) => !scored(c))) : here + step;
    if (criteria[to]) focus(criteria[to]);
    else if (to >= criteria.length) sheet.querySelector('button[name="submit"]').focus();
  }

  function score(digit) {
    const criterion = current() ?? criteria.find((c) => !scored(c)) ?? criteria[0];
    const radio = radios(criterion).find((radio) => radio.value === (digit === "0" ? "10" : digit));
    if (!radio) return;
    radio.focus();
    radio.click();
    move(1);
  }

  function press(name) {
    const button = sheet.querySelector(`button[name="${name}"]`);
    if (button) sheet.requestSubmit(button);
  }

  const actions = {
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    c: () => sheet.elements.comment.focus(),
    s: () => press("save"),
    n: () => document.querySelector('a[rel="next"]')?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      press("submit");
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.matches('textarea, select, input:not([type="radio"])')) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const act = /^\d$/.test(event.key) ? () => score(event.key) : actions[event.key];
    // Arrows scroll the page unless a criterion has the focus.
    if (!act || (event.key.startsWith("Arrow") && !current())) return;
    event.preventDefault();
    act();
  });

  // A save under way ends first: it brings the version that the next one must name.
  sheet.addEventListener("submit", (event) => {
    if (!sheet.classList.contains("htmx-request")) return;
    event.preventDefault();
    const { submitter } = event;
    sheet.addEventListener("htmx:afterRequest", () => sheet.requestSubmit(submitter), { once: true });
  });

})();
