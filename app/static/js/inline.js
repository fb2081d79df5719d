// Adds a related row from its template, and greys out one that will be removed on save.
import { on } from "./dom.js";

on("click", "[data-inline-add]", (button) => {
  const section = button.closest("[data-inline]");
  const rows = section.querySelector("[data-inline-rows]");
  const key = `new${rows.children.length}`;
  const holder = document.createElement("div");
  holder.append(section.querySelector("[data-inline-blank]").content.cloneNode(true));
  for (const element of holder.querySelectorAll("*")) number(element, key);
  rows.append(...holder.children);
  rows.lastElementChild.dispatchEvent(new Event("input", { bubbles: true }));
  rows.lastElementChild.querySelector("input, select, textarea")?.focus();
});

function number(element, key) {
  for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll("__key__", key);
}

on("change", "[data-inline-drop]", (box) => box.closest("[data-inline-row]").classList.toggle("is-dropped", box.checked));
