// form[data-guard]: says that there are unsaved changes and asks before they are lost.
import { on, word } from "./dom.js";

const dirty = new Set();

function mark(form) {
  if (dirty.has(form)) return;
  dirty.add(form);
  const state = form.querySelector("[data-guard-state]");
  if (state) state.textContent = word("unsaved");
}

on("input", "form[data-guard]", mark);
on("change", "form[data-guard]", mark);
on("submit", "form[data-guard]", (form) => dirty.delete(form));
on("click", "[data-guard-leave]", (link) => dirty.delete(link.closest("form")));
document.querySelectorAll("form[data-guard][data-dirty]").forEach(mark);

addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});
