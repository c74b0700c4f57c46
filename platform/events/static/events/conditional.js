// Hides a question that is asked only after a certain answer; the server decides all the same.
"use strict";

(() => {
  const dependents = document.querySelectorAll("[data-asked-after]");

  function given(form, name) {
    const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const chosen = fields.filter((f) => (f.type === "checkbox" || f.type === "radio" ? f.checked : true));
    return chosen.map((f) => f.value);
  }

  function show() {
    for (const field of dependents) {
      const values = given(field.form, field.dataset.askedAfter);
      const asked = values.includes(field.dataset.askedValue) || values.includes("on");
      field.closest(".field").hidden = !asked;
    }
  }

  document.addEventListener("change", show);
  show();
})();
