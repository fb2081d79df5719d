// Keys of a table of rows: J and K (or the arrows) go to the next and the one before, Enter opens, X ticks, Shift with X
// or J and K ticks a range, B goes to what can be done with the ticked ones, and [data-row-key="e"] in the menu of the row is clicked by its key.
import { isTyping } from "./dom.js";

const links = () => [...document.querySelectorAll("[data-row] .row-link")];
const STEPS = { j: 1, k: -1, arrowdown: 1, arrowup: -1 };
let last = null;

document.addEventListener("focusin", ({ target }) => { last = target.closest?.("[data-row]") ?? last; });

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  if (document.documentElement.dataset.keys === "off" || isTyping(event.target)) return;
  if (document.querySelector("dialog[open], [popover].menu:popover-open")) return;
  const key = event.key.toLowerCase();
  const row = event.target.closest("[data-row]");
  if (key in STEPS && (row || key.length === 1)) return step(event, STEPS[key]);
  const item = row?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  if (key === "x" && row) return tick(event, row);
  if (key === "b") return toBulk(event);
  if (item) { event.preventDefault(); item.click(); }
});

function step(event, by) {
  const all = links();
  const at = all.findIndex((link) => link.closest("[data-row]") === last);
  const next = at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[at + by];
  if (!next) return;
  event.preventDefault();
  if (event.shiftKey) for (const link of [all[at], next]) tickOnce(link?.closest("[data-row]"));
  next.focus();
  next.closest("[data-row]").scrollIntoView({ block: "nearest" });
}

// To what can be done with the ticked rows, which stands far above them.
function toBulk(event) {
  const first = document.querySelector("#bulk button[formaction]");
  if (!first?.checkVisibility()) return;
  event.preventDefault();
  first.focus();
}

const boxOf = (row) => row?.querySelector("[data-bulk-item]");

function tickOnce(row) {
  if (boxOf(row)?.checked === false) boxOf(row).click();
}

// The box answers to a click with Shift as to one of the mouse: everything since the last one is ticked.
function tick(event, row) {
  event.preventDefault();
  boxOf(row)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: event.shiftKey }));
}
