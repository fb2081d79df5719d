// Delete or Backspace on a filter chip takes the filter away; the focus goes to the next chip, else to the search.
import { on } from "./dom.js";

on("keydown", ".chip:has(.chip-close)", (chip, event) => {
  if (!["Delete", "Backspace"].includes(event.key)) return;
  event.preventDefault();
  document.addEventListener("htmx:after:settle", () => (document.querySelector(".chip-close") ?? document.getElementById("q"))?.focus(), { once: true });
  chip.querySelector(".chip-close").click();
});
