// Live parts of a page: what somebody is typing is never taken away, and a poster is zoomed.
"use strict";

(() => {
  const busy = (part) =>
    part.contains(document.activeElement) && document.activeElement.matches("textarea, input, select") ||
    [...part.querySelectorAll("textarea, input[name=text]")].some((field) => field.value.trim() !== "");

  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt.closest("[data-live]");
    const polled = event.detail.requestConfig.verb === "get";
    if (part && polled && busy(part)) event.preventDefault();
  });

  // A page that nobody looks at asks for nothing.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.detail.elt.closest("[data-live]")) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    const zoom = event.target.closest("[data-zoom]");
    if (zoom) zoom.closest(".sheet").dataset.size = event.target.value;
  });
})();
