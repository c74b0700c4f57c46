// What makes pages a little better; every one of them works without this file.
"use strict";

(() => {
  const steps = [["day", 86400], ["hour", 3600], ["minute", 60]];

  // The server's clock decides, so countdowns run by it and not by the reader's.
  const drift = Number(document.body.dataset.now) * 1000 - Date.now() || 0;

  // Says beside a deadline how far away it is, and as its tooltip the reader's own time.
  function showTimeLeft(time) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.valueOf())) return;
    const seconds = (moment - Date.now() - drift) / 1000;
    const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? steps.at(-1);
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
    let left = time.querySelector(".deadline__left");
    if (!left) {
      left = document.createElement("span");
      left.className = "deadline__left";
      time.append(left);
    }
    left.textContent = ` (${words.format(Math.trunc(seconds / size), unit)})`;
    time.title = moment.toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" });
  }

  // In a score pad the digit chooses: the browser's own arrow keys stay as they are.
  function chooseByDigit(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !/^\d$/.test(event.key)) return;
    const pad = event.target.closest?.(".scorepad");
    const step = pad?.querySelector(`input[type="radio"][value="${event.key}"]`);
    if (!step || step.disabled) return;
    event.preventDefault();
    step.focus();
    step.click();
  }

  // A refused or failed htmx request says why, in the place of the messages.
  function say(sentence) {
    const notice = document.createElement("p");
    notice.className = "notice notice--bad";
    notice.setAttribute("role", "alert");
    notice.textContent = sentence;
    document.getElementById("content").prepend(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  function sayWhyRefused(event) {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const sentence = page.querySelector("[data-sentence]")?.textContent.trim();
    say(sentence || document.body.dataset.failed);
  }

  // A form marked data-guard holds what nothing else keeps: the browser asks before it is left.
  const unsent = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-guard]");
    if (form) unsent.add(form);
  });
  document.addEventListener("submit", (event) => unsent.delete(event.target));
  window.addEventListener("beforeunload", (event) => unsent.size && event.preventDefault());

  // On a telephone a row of tabs scrolls sideways: the one of this page is in sight.
  function showCurrentTab(row) {
    const current = row.querySelector("[aria-current]");
    if (!current) return;
    const before = current.offsetLeft - row.offsetLeft;
    row.scrollLeft = before - (row.clientWidth - current.offsetWidth) / 2;
  }
  const showCurrentTabs = () => document.querySelectorAll(".tabs").forEach(showCurrentTab);
  showCurrentTabs();
  window.addEventListener("resize", showCurrentTabs);

  const prepare = (root) => root.querySelectorAll("time.deadline").forEach(showTimeLeft);
  prepare(document);
  setInterval(() => prepare(document), 30000);
  document.addEventListener("htmx:load", (event) => prepare(event.target));
  document.addEventListener("keydown", chooseByDigit);
  document.addEventListener("htmx:responseError", sayWhyRefused);
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.failed));
})();
