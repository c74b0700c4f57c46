// A lost connection loses nothing: what a judge chose is kept on this device until the site has it.
// Without this file the sheet is a plain form.
"use strict";

(() => {
  // The list's poll: 304 says that nothing changed, so nothing is to be replaced.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 304) event.detail.shouldSwap = false;
  });

  const sheet = document.getElementById("sheet");
  if (!sheet) return;
  const key = `podium-sheet:${location.pathname}`;
  const OWN = new Set(["csrfmiddlewaretoken", "version", "opened", "save", "submit"]);
  let submitting = false;

  const answers = () =>
    [...new FormData(sheet)].filter(([name, value]) => !OWN.has(name) && value !== "");
  const version = () => sheet.elements.version.value;
  const say = (text) => {
    const saved = document.getElementById("saved");
    if (saved) saved.textContent = text;
  };

  function keep() {
    const told = { version: version(), answers: answers(), submitting };
    try {
      localStorage.setItem(key, JSON.stringify(told));
    } catch {
      // No room or no permission: the page still holds it.
    }
  }

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  const forget = () => localStorage.removeItem(key);

  function fill(told) {
    for (const [name, value] of told) {
      const field = sheet.elements[name];
      if (!field) continue;
      field.value = value; // of radio buttons this checks the one with the value
      const within = [...sheet.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
      within[0]?.closest("details")?.setAttribute("open", "");
    }
  }

  function send() {
    if (submitting) sheet.requestSubmit(sheet.querySelector('button[name="submit"]'));
    else sheet.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // What the device kept and the site does not have.
  const before = kept();
  const same = before && JSON.stringify(before.answers) === JSON.stringify(answers());
  if (!before || same || before.answers.length === 0) forget();
  else if (before.version === version()) {
    fill(before.answers);
    say(sheet.dataset.restored);
    send();
  } else {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.textContent = sheet.dataset.kept;
    button.addEventListener("click", () => {
      fill(before.answers);
      button.remove();
      send();
    });
    sheet.prepend(button);
  }

  sheet.addEventListener("input", keep);
  sheet.addEventListener("submit", (event) => {
    submitting = event.submitter?.name === "submit";
    keep();
    if (navigator.onLine) return;
    event.preventDefault();
    say(sheet.dataset.offline);
  });
  sheet.addEventListener("htmx:afterRequest", (event) => {
    const saved = event.detail.successful && event.detail.xhr.getResponseHeader("X-Saved");
    if (saved) forget();
  });
  document.body.addEventListener("htmx:sendError", () => {
    say(sheet.dataset.offline);
    setTimeout(() => navigator.onLine && send(), 5000);
  });
  window.addEventListener("online", () => kept() && send());
})();
