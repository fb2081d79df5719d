// input[type=color][data-hex="id"] picks the colour that stands as text in the input of that id, and follows what is typed there.
// Without scripts it stays hidden, and the text is typed.
import { on } from "./dom.js";

const textOf = (picker) => document.getElementById(picker.dataset.hex);

for (const picker of document.querySelectorAll("[data-hex]")) picker.hidden = false;

on("input", "[data-hex]", (picker) => {
  textOf(picker).value = picker.value;
  textOf(picker).dispatchEvent(new Event("input", { bubbles: true }));
});

on("input", ".hex .input", (text) => {
  if (/^#[0-9a-f]{6}$/i.test(text.value)) text.parentElement.querySelector("[data-hex]").value = text.value;
});
