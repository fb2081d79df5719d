// Related rows within a form: adds one from its template, takes a fresh one away, and greys out one that goes when the form is saved.
import { on } from "./dom.js";

let fresh = 0;

on("click", "[data-inline-add]", (button, event) => {
  event.preventDefault();
  const section = button.closest("[data-inline]");
  const holder = document.createElement("div");
  holder.append(section.querySelector("[data-inline-blank]").content.cloneNode(true));
  const key = `added${fresh++}`;
  for (const element of holder.querySelectorAll("*")) number(element, key);
  const row = holder.firstElementChild;
  section.querySelector("[data-inline-rows]").append(row);
  row.dispatchEvent(new Event("input", { bubbles: true }));
  // A picker puts an input of its own in the place of the first one, a moment later.
  requestAnimationFrame(() => row.querySelector(":is(input, select, textarea):not([type=hidden])")?.focus());
});

function number(element, key) {
  for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll("__key__", key);
}

on("click", "[data-inline-take]", (button) => {
  const section = button.closest("[data-inline]");
  button.closest("[data-inline-row]").remove();
  section.dispatchEvent(new Event("input", { bubbles: true }));
  section.querySelector("[data-inline-add]")?.focus();
});

on("change", "[data-inline-drop]", (box) => box.closest("[data-inline-row]").classList.toggle("is-dropped", box.checked));
