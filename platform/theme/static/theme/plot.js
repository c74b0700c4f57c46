// Draws every [data-plot]: fetches the JSON item of a Bokeh figure and hands it to BokehJS.
//
// BokehJS writes <style> elements while it runs, which the Content-Security-Policy
// (style-src 'self' 'nonce-…') refuses. So each <style> that scripts create on this page gets the page's nonce,
// which only this file's own <script> element knows. Nothing else is loosened.
"use strict";

(() => {
  const script = document.currentScript;
  const nonce = script.nonce;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let bokeh; // a promise, made when the first figure needs it

  function loadBokeh() {
    const createElement = document.createElement;
    document.createElement = function (name, ...options) {
      const element = createElement.call(this, name, ...options);
      if (element.localName === "style") element.nonce = nonce;
      return element;
    };
    return new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = script.dataset.bokeh;
      element.onload = () => resolve(window.Bokeh);
      element.onerror = () => reject(new Error(`cannot load ${element.src}`));
      document.head.append(element);
    });
  }

  // The colours of the page, read from where they are used, so that they stand in one place only.
  function colours(frame) {
    const token = (name) => {
      const probe = document.createElement("span");
      probe.hidden = true;
      probe.style.color = `var(--${name})`;
      frame.append(probe);
      const colour = getComputedStyle(probe).color;
      probe.remove();
      return colour;
    };
    const ink = token("ink");
    const soft = token("ink-soft");
    const line = token("line");
    return {
      Plot: { background_fill_color: null, border_fill_color: null, outline_line_color: line },
      Title: { text_color: ink },
      Axis: {
        axis_line_color: line,
        axis_label_text_color: ink,
        major_label_text_color: soft,
        major_tick_line_color: line,
        minor_tick_line_color: null,
      },
      Grid: { grid_line_color: line },
      Legend: {
        background_fill_color: token("surface"),
        background_fill_alpha: 0.9,
        border_line_color: line,
        label_text_color: ink,
      },
      ColorBar: { background_fill_color: null, major_label_text_color: soft, title_text_color: ink },
    };
  }

  function paint(document_, theme) {
    for (const model of document_._all_models.values()) {
      for (const [type, attributes] of Object.entries(theme)) {
        const Model = window.Bokeh.Models.get(type);
        if (Model && model instanceof Model) model.setv(attributes);
      }
    }
  }

  async function draw(frame) {
    if (frame.dataset.drawn) return;
    frame.dataset.drawn = "yes";
    try {
      const [Bokeh, answer] = await Promise.all([
        (bokeh ??= loadBokeh()),
        fetch(frame.dataset.plot, { headers: { Accept: "application/json" } }),
      ]);
      if (!answer.ok) throw new Error(`${answer.status} from ${answer.url}`);
      const item = await answer.json();
      const box = document.createElement("div");
      box.className = "plot__box";
      frame.replaceChildren(box);
      await Bokeh.embed.embed_item(item, box);
      const figure = Bokeh.documents.at(-1);
      const repaint = () => paint(figure, colours(frame));
      repaint();
      dark.addEventListener("change", repaint);
    } catch (error) {
      console.error(error);
      const sentence = document.createElement("p");
      sentence.className = "plot__fallback";
      sentence.textContent = frame.dataset.failed;
      frame.replaceChildren(sentence); // also in place of a figure that is half drawn
    }
  }

  const drawAll = (root) => {
    if (root.matches?.("[data-plot]")) draw(root);
    root.querySelectorAll("[data-plot]").forEach(draw);
  };
  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.target));
})();
