// A draft that saves itself: a few seconds after the last change at the latest, on leaving a field
// and on leaving the page. Without this file the buttons below the form do the same.
"use strict";

(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form || !window.htmx) return;
  const said = document.getElementById("saved");
  const WAIT = 3000;
  const ALONG = 60000; // bytes: what a browser sends on behalf of a page that is gone
  let timer = null;
  let unsaved = false; // something was typed that the server has not confirmed
  let failed = false; // and it said no, or said nothing

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
    unsaved = true;
    if (timer === null) {
      say(form.dataset.writing);
      timer = setTimeout(save, WAIT);
    }
  });
  form.addEventListener("focusout", () => timer !== null && save());
  document.addEventListener("visibilitychange", () => document.hidden && timer !== null && save());
  said.addEventListener("htmx:afterSettle", () => {
    failed = said.querySelector("[data-unsaved]") !== null;
    unsaved = failed || timer !== null;
  });
  // Here a failure has its own place, and is tried again.
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    form.addEventListener(failure, (event) => {
      if (event.target !== form) return;
      event.stopPropagation();
      failed = true;
      say(form.dataset.offline);
      timer ??= setTimeout(save, WAIT);
    });
  }

  // Who leaves in the midst of a sentence loses nothing: it goes along, or, where it cannot or the
  // server would not have it, the browser asks first.
  function goesAlong() {
    const told = new URLSearchParams(new FormData(form));
    if (failed || told.toString().length > ALONG) return false;
    fetch(form.getAttribute("hx-post"), { method: "POST", body: told, keepalive: true });
    return true;
  }
  form.addEventListener("submit", () => (unsaved = false));
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !goesAlong()) event.preventDefault();
  });
})();
