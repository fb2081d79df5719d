// Ticks rows: all, or a range with Shift; shows how many. The keys are in rows.js.
import { on, word } from "./dom.js";

let last = null;
const boxes = (table) => [...table.querySelectorAll("[data-bulk-item]")];
const table = () => document.querySelector("[data-bulk]");

on("click", "[data-bulk-item]", (box, event) => {
  const all = boxes(box.closest("[data-bulk]"));
  if (event.shiftKey && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  count();
});

on("click", "[data-bulk-all]", (all) => {
  for (const box of boxes(all.closest("[data-bulk]"))) box.checked = all.checked;
  count();
});

on("click", "[data-bulk-clear]", () => {
  for (const box of boxes(table())) box.checked = false;
  count();
});

on("input", "[data-settable]", (field, { target }) => {
  if (target.name !== "set") field.querySelector("[name=set]").checked = true;
});

function count() {
  const all = boxes(table());
  const picked = all.filter((box) => box.checked).length;
  const head = table().querySelector("[data-bulk-all]");
  head.checked = picked === all.length;
  head.indeterminate = picked > 0 && picked < all.length;
  document.querySelector("[data-bulk-count]").textContent = `${picked.toLocaleString(document.documentElement.lang)} ${word("picked")}`;
}
