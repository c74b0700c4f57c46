// A draft that saves itself: a few seconds after the last change at the latest, and on leaving a
// field. Without this file the buttons below the form do the same.
"use strict";

(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form || !window.htmx) return;
  const said = document.getElementById("saved");
  const WAIT = 3000;
  let timer = null;

  function save() {
    clearTimeout(timer);
    timer = null;
    htmx.trigger(form, "draft:save");
  }

  function say(sentence) {
    const line = document.createElement("p");
    line.textContent = sentence;
    said.replaceChildren(line);
  }

  form.addEventListener("input", (event) => {
    if (event.target.name === "take") return;
    if (timer === null) {
      say(form.dataset.writing);
      timer = setTimeout(save, WAIT);
    }
  });
  form.addEventListener("focusout", () => timer !== null && save());
  document.addEventListener("visibilitychange", () => document.hidden && timer !== null && save());
  // Here a failure has its own place, and is tried again.
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    form.addEventListener(failure, (event) => {
      if (event.target !== form) return;
      event.stopPropagation();
      say(form.dataset.offline);
      timer ??= setTimeout(save, WAIT);
    });
  }
})();
