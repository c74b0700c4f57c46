// An upload that goes on where it stopped (tus 1.0). Without this file the form sends the same bytes
// in one piece, and everything else works as well.
"use strict";

(() => {
  const VERSION = { "Tus-Resumable": "1.0.0" };
  const WAITS = [1, 2, 5, 10, 20, 30]; // seconds before the next try while nobody answers

  const form = document.querySelector("form[data-resumable]");
  if (!form || !window.crypto?.subtle) return; // hashing needs a secure page: then in one piece

  const input = form.querySelector("input[type=file]");
  const button = form.querySelector(".button--primary");
  const pause = form.querySelector("[data-upload-pause]");
  const shown = form.querySelector("[data-upload-progress]");
  const says = form.querySelector("[data-upload-says]");
  const words = form.querySelector("[data-upload-words]").dataset;
  const size = Number(form.dataset.chunk);
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  let paused = false;

  class Refused extends Error {}

  function say(sentence, bad = false) {
    says.hidden = !sentence;
    says.textContent = sentence;
    says.classList.toggle("notice--bad", bad);
  }

  function show(done, whole) {
    const percent = Math.floor((100 * done) / whole);
    const bar = shown.querySelector("progress");
    bar.value = percent;
    const sizes = `${(done / 2 ** 20).toFixed(1)} / ${(whole / 2 ** 20).toFixed(1)} MB`;
    bar.textContent = shown.querySelector(".progress__label").textContent = `${percent} % (${sizes})`;
  }

  const sleep = (seconds) => new Promise((wake) => setTimeout(wake, 1000 * seconds));
  const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const text64 = (text) => base64(new TextEncoder().encode(text));
  const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
  const sha256 = (bytes) => crypto.subtle.digest("SHA-256", bytes);

  // Asks until somebody answers. What a person must read is thrown; what may pass is tried again.
  async function ask(url, options) {
    for (let tries = 0; ; tries++) {
      const wait = WAITS[Math.min(tries, WAITS.length - 1)];
      try {
        const headers = { ...VERSION, "X-CSRFToken": token, ...options.headers };
        const answer = await fetch(url, { ...options, headers, credentials: "same-origin", redirect: "error" });
        if (answer.status < 500 || answer.status === 507) return answer;
      } catch {
        // No connection, or the server is starting anew.
      }
      say(words.waiting);
      await sleep(wait);
    }
  }

  async function refusal(answer) {
    const told = await answer.json().catch(() => ({}));
    return new Refused(told.error || words.failed);
  }

  // The upload of this very file that was begun before, if there is one, or a new one.
  async function begin(file) {
    const earlier = [...document.querySelectorAll("[data-upload-url]")].find(
      (one) => one.dataset.uploadName === file.name && Number(one.dataset.uploadSize) === file.size,
    );
    if (earlier) {
      const answer = await ask(earlier.dataset.uploadUrl, { method: "HEAD" });
      if (answer.ok) {
        say(words.resumed);
        return [earlier.dataset.uploadUrl, Number(answer.headers.get("Upload-Offset"))];
      }
    }
    const headers = { "Upload-Length": String(file.size), "Upload-Metadata": `filename ${text64(file.name)}` };
    const answer = await ask(form.dataset.resumable, { method: "POST", headers });
    if (!answer.ok) throw await refusal(answer);
    return [answer.headers.get("Location"), 0];
  }

  // The chunk of the file that begins where the server stands; ends on a multiple of the chunk's size.
  async function send(url, file, offset) {
    const end = Math.min(file.size, (Math.floor(offset / size) + 1) * size);
    const bytes = await file.slice(offset, end).arrayBuffer();
    const headers = {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
      "Upload-Checksum": `sha256 ${base64(await sha256(bytes))}`,
    };
    const answer = await ask(url, { method: "PATCH", body: bytes, headers });
    if (answer.ok) return Number(answer.headers.get("Upload-Offset"));
    if (answer.status === 409 || answer.status === 423 || answer.status === 460) {
      if (answer.status === 423) await sleep(2); // the request before is still being taken in
      const standing = await ask(url, { method: "HEAD" });
      if (standing.ok && Number(standing.headers.get("Upload-Offset")) !== offset) {
        return Number(standing.headers.get("Upload-Offset"));
      }
      if (standing.ok && answer.status !== 409) return offset; // once more
    }
    throw await refusal(answer);
  }

  // SHA-256 of the SHA-256 of each chunk: the server makes the same of what it has.
  async function treeOf(file) {
    const hashes = [];
    for (let at = 0; at < file.size; at += size) {
      hashes.push(new Uint8Array(await sha256(await file.slice(at, at + size).arrayBuffer())));
    }
    return hex(await sha256(await new Blob(hashes).arrayBuffer()));
  }

  async function finish(url, file) {
    say(words.reading);
    const body = new URLSearchParams({ tree: await treeOf(file) });
    const answer = await ask(`${url}finish/`, { method: "POST", body });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(told.error || words.failed);
    window.location.assign(told.url);
  }

  async function upload(file) {
    say("");
    shown.hidden = pause.hidden = false;
    button.disabled = true;
    let [url, offset] = await begin(file);
    for (show(offset, file.size); offset < file.size && !paused; show(offset, file.size)) {
      offset = await send(url, file, offset);
      say("");
    }
    if (paused) {
      say(words.paused);
      document.querySelector(`[data-upload-url="${url}"]`) || remember(file, url);
      return;
    }
    pause.hidden = true;
    await finish(url, file);
  }

  // So that the same page goes on with what it has begun.
  function remember(file, url) {
    const mark = document.createElement("div");
    Object.assign(mark.dataset, { uploadUrl: url, uploadName: file.name, uploadSize: file.size });
    mark.hidden = true;
    form.append(mark);
  }

  form.addEventListener("submit", (event) => {
    const file = input.files[0];
    if (!file || !file.size) return; // the server says what is missing
    event.preventDefault();
    paused = false;
    upload(file)
      .catch((error) => say(error instanceof Refused ? error.message : words.failed, true))
      .finally(() => {
        button.disabled = false;
        pause.hidden = true;
      });
  });
  pause.addEventListener("click", () => {
    paused = true;
  });
})();
