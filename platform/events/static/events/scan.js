// Reads tickets with the phone's camera, where the browser can (BarcodeDetector); elsewhere the
// code is typed or the person is found by name.
"use strict";

(() => {
  const section = document.getElementById("scan");
  if (!section || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const video = section.querySelector("video");
  const button = section.querySelector("button");
  const form = document.getElementById("by-code");
  const input = form.querySelector("[name=ticket]");
  const pause = 3000; // how long the same ticket is not read again
  let last = { text: "", at: 0 };
  section.hidden = false;

  function read(text) {
    if (text === last.text && Date.now() - last.at < pause) return;
    last = { text, at: Date.now() };
    input.value = text;
    form.requestSubmit();
    navigator.vibrate?.(80);
  }

  async function look(detector) {
    if (!video.srcObject) return;
    const codes = await detector.detect(video).catch(() => []);
    if (codes.length) read(codes[0].rawValue);
    setTimeout(() => look(detector), 200);
  }

  button.addEventListener("click", async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      await video.play();
      button.hidden = true;
      look(new BarcodeDetector({ formats: ["qr_code"] }));
    } catch {
      button.replaceWith(section.dataset.failed);
    }
  });
})();
