// Popover menus: arrow keys inside, and a place beside the button where CSS anchors are missing.
import { on } from "./dom.js";

const items = (menu) => [...menu.querySelectorAll("a.item, button.item, summary.item, input, select, .button")].filter((item) => item.offsetParent !== null);

on("keydown", "[data-menu]", (menu, event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.matches("select, textarea, input:not([type=checkbox], [type=radio])")) return;
  if (event.target.matches("[type=radio]")) return;
  const all = items(menu);
  const next = (all.indexOf(document.activeElement) + step + all.length) % all.length;
  all[next]?.focus();
  event.preventDefault();
});

document.addEventListener("toggle", ({ target, newState }) => {
  if (!(target instanceof Element) || !target.matches("[data-menu]")) return;
  const button = document.querySelector(`[popovertarget="${CSS.escape(target.id)}"]`);
  button?.setAttribute("aria-expanded", String(newState === "open"));
  if (newState !== "open") return;
  if (!CSS.supports("position-area: block-end")) placeBeside(target, button);
  items(target)[0]?.focus({ preventScroll: true });
}, { capture: true });

// What unfolds in a menu is shown whole, down to its button.
document.addEventListener("toggle", ({ target }) => {
  if (target instanceof Element && target.matches("[data-menu] details[open]")) target.scrollIntoView({ block: "nearest" });
}, { capture: true });

function placeBeside(menu, button) {
  const box = button.getBoundingClientRect();
  const below = box.bottom + menu.offsetHeight < innerHeight;
  const left = menu.classList.contains("is-end") ? box.right - menu.offsetWidth : box.left;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${below ? box.bottom : box.top - menu.offsetHeight - 8}px`;
}
