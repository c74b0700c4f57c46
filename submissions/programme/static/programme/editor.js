// The schedule's table: drag a session to a free cell, or move the focused one with Alt and arrows.
// Each does what the form of a slot does; without this file the forms are all there is.
"use strict";

(() => {
  const editor = document.querySelector("[data-editor]");
  if (!editor) return;
  let dragged = null;

  const address = (session, verb) => `${location.pathname}sessions/${session}/${verb}/`;

  function post(session, verb, values) {
    htmx.ajax("POST", address(session, verb), { target: "#editor", swap: "innerHTML", values })
      .then(() => editor.querySelector(`[data-session="${session}"] a`)?.focus());
  }

  function drop(session, target) {
    if (target.dataset.drop === "") post(session, "remove", {});
    else post(session, "move", { room: target.dataset.room, start: target.dataset.drop });
  }

  editor.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-session]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.session);
    dragged.classList.add("is-dragged");
  });

  editor.addEventListener("dragend", () => dragged?.classList.remove("is-dragged"));

  editor.addEventListener("dragover", (event) => {
    const target = event.target.closest("[data-drop]");
    if (!target || !dragged) return;
    event.preventDefault();
    editor.querySelectorAll(".is-target").forEach((cell) => cell.classList.remove("is-target"));
    target.classList.add("is-target");
  });

  editor.addEventListener("drop", (event) => {
    const target = event.target.closest("[data-drop]");
    if (!target || !dragged) return;
    event.preventDefault();
    drop(dragged.dataset.session, target);
  });

  // Up and down: the nearest free time in the same room; left and right: the same time next door.
  function neighbour(tile, key) {
    const table = tile.closest("table");
    const rooms = [...new Set([...table.querySelectorAll("td [data-room], td[data-room]")].map((c) => c.dataset.room))];
    const free = [...table.querySelectorAll("td[data-drop]")];
    const { room, start } = tile.dataset;
    if (key === "ArrowUp") return free.filter((c) => c.dataset.room === room && c.dataset.drop < start).at(-1);
    if (key === "ArrowDown") return free.find((c) => c.dataset.room === room && c.dataset.drop > start);
    const columns = [...table.querySelectorAll("tbody tr")].flatMap((row) => [...row.cells].slice(1))
      .map((cell) => (cell.dataset.room ?? cell.firstElementChild?.dataset.room));
    const order = rooms.sort((a, b) => columns.indexOf(a) - columns.indexOf(b));
    const next = order[order.indexOf(room) + (key === "ArrowRight" ? 1 : -1)];
    return free.find((c) => c.dataset.room === next && c.dataset.drop === start);
  }

  editor.addEventListener("keydown", (event) => {
    const tile = event.target.closest("td [data-session]");
    if (!tile || !event.altKey || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const target = neighbour(tile, event.key);
    if (target) drop(tile.dataset.session, target);
  });
})();
