// Ctrl K: one list of what the server finds and what this page can do. data-palette opens it too.
import { make, on, word } from "./dom.js";
import { offered } from "./keys.js";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const results = dialog?.querySelector("[role=listbox]");
let timer = null;
let asked = 0;

if (dialog) {
  on("click", "[data-palette]", show);
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
  results.innerHTML = found;
  results.append(...actions());
  if (!options().length) results.append(make("p", "palette-empty", word("nothing")));
  options().forEach((option, index) => { option.id ||= `palette-${index}`; option.tabIndex = -1; });
  select(options()[0]);
}

function actions() {
  const wanted = input.value.trim().toLowerCase();
  return [...offered()].filter(([keys, label]) => label.toLowerCase().includes(wanted) && !keys.startsWith("ctrl+")).map(([keys, label]) => {
    const option = make("a", "", label, make("kbd", "key detail", keys.toUpperCase()));
    option.setAttribute("role", "option");
    option.addEventListener("click", () => { dialog.close(); press(keys); });
    return option;
  });
}

function press(keys) {
  const element = document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
  if (element.matches("input:not([type=submit])")) element.focus();
  else element.click();
}

const options = () => [...results.querySelectorAll("[role=option]")];

function select(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  input.setAttribute("aria-activedescendant", option?.id ?? "");
}

function move(event) {
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    all[at]?.click();
  }
  if (!step || !all.length) return;
  event.preventDefault();
  const next = all[(at + step + all.length) % all.length];
  select(next);
  next.scrollIntoView({ block: "nearest" });
}
