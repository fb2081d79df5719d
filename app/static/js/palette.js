// Ctrl K: one list of what the server finds, where the person was, and what this page can do. Without scripts the same
// address is a search page, to which data-palette leads.
import { make, on } from "./dom.js";
import { offered, use } from "./keys.js";
import { places } from "./recent.js";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const results = dialog?.querySelector("[role=listbox]");
let timer = null;
let asked = 0;

if (dialog) {
  on("click", "[data-palette]", (link, event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
    event.preventDefault();
    show();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      show();
    }
  });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("keydown", move);
  on("pointermove", "#palette [role=option]", (option) => select(option));
}

function show() {
  document.querySelector(".nav:popover-open")?.hidePopover();
  if (dialog.open) return input.select();
  input.value = "";
  dialog.showModal();
  ask();
}

async function ask() {
  const turn = ++asked;
  const address = new URL(dialog.dataset.paletteUrl, location.href);
  address.searchParams.set("q", input.value);
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  const found = answer?.ok ? await answer.text() : "";
  if (turn === asked) draw(found);
}

// The fragment comes from our own server, which escapes what people wrote.
function draw(found) {
  const words = input.value.trim().toLowerCase();
  results.innerHTML = found.trim();
  const been = places().filter(({ title }) => title.toLowerCase().includes(words)).map(({ title, url }) => link(title, url));
  results.prepend(...group(dialog.dataset.wordRecent, been));
  results.append(...group(dialog.dataset.wordHere, actions(words)));
  options().forEach((option, index) => { option.id = `palette-${index}`; option.tabIndex = -1; });
  dialog.querySelector("[data-palette-empty]").hidden = options().length > 0;
  dialog.querySelector("[data-palette-said]").textContent = `${dialog.dataset.wordFound} ${options().length}`;
  select(options()[0]);
}

function group(label, found) {
  if (!found.length) return [];
  const heading = make("div", "palette-heading", label);
  heading.setAttribute("role", "presentation");
  const whole = make("div", "", heading, ...found);
  whole.setAttribute("role", "group");
  whole.setAttribute("aria-label", label);
  return [whole];
}

function link(label, url, ...more) {
  const option = make("a", "", make("span", "cut", label), ...more);
  option.setAttribute("role", "option");
  if (url) option.href = url;
  return option;
}

function actions(words) {
  return [...offered()].filter(([keys, label]) => label.toLowerCase().includes(words) && !keys.startsWith("ctrl+")).map(([keys, label]) => {
    const option = link(label, "", make("kbd", "key detail", keys.toUpperCase()));
    option.addEventListener("click", () => {
      dialog.close();
      use(document.querySelector(`[data-key="${CSS.escape(keys)}"]`));
    });
    return option;
  });
}

const options = () => [...results.querySelectorAll("[role=option]")];

function select(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  input.setAttribute("aria-activedescendant", option?.id ?? "");
}

function move(event) {
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    return go(all[at], event);
  }
  const next = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, PageDown: Math.min(at + 8, all.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
  if (next === undefined || !all.length) return;
  event.preventDefault();
  select(all[next]);
  all[next].scrollIntoView({ block: "nearest" });
}

// With Ctrl a place opens in a tab of its own, as a click would.
function go(option, { ctrlKey, metaKey }) {
  option?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey }));
}
