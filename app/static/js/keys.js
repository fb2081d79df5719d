// Single keys. Anything with data-key="e" is clicked (an input: focused) by that key; "g i" is a sequence, "ctrl+s" a
// chord that also works inside inputs. Keys are matched on the produced character and stay silent while typing.
import { isTyping, make, on } from "./dom.js";

const enabled = () => document.documentElement.dataset.keys !== "off";
let prefix = null;

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || event.altKey) return;
  const chord = name(event);
  const typing = isTyping(event.target);
  if (!chord.includes("+") && (typing || !enabled())) return;
  if (document.querySelector("dialog[open]")) return;
  if (chord === "?") return open(event);
  const sequence = prefix ? `${prefix} ${chord}` : chord;
  const target = find(sequence) ?? find(chord);
  prefix = !prefix && document.querySelector(`[data-key^="${CSS.escape(chord)} "]`) ? chord : null;
  if (prefix) setTimeout(() => { prefix = null; }, 1200);
  if (!target) return;
  event.preventDefault();
  use(target);
});

function name(event) {
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const control = event.ctrlKey || event.metaKey;
  return `${control ? "ctrl+" : ""}${control && event.shiftKey ? "shift+" : ""}${key}`;
}

const find = (keys) => [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find((element) => element.checkVisibility() || element.closest("[popover]"));

/** Do what a key does: click, or go into an input. */
export function use(element) {
  if (!element.matches("input:not([type=submit], [type=checkbox]), textarea, select")) return element.click();
  element.focus();
  element.select?.();
}

function open(event) {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  event.preventDefault();
  fill();
  dialog.showModal();
}

function fill() {
  const rows = [...offered(), ...taught()].flatMap(([keys, label]) => [make("dt", "", label), make("dd", "", ...caps(keys))]);
  document.querySelector("[data-key-list]").replaceChildren(...rows);
}

on("click", "[data-dialog=keys]", fill);

/** Every key of this page with its words: [["e", "Edit"], …]; the palette offers the same. */
export function offered() {
  const seen = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!seen.has(element.dataset.key)) seen.set(element.dataset.key, label(element));
  }
  return seen;
}

// Keys that belong to a part of the page rather than to one element: data-key-help='{"j": "Next row"}'.
const taught = () => [...document.querySelectorAll("[data-key-help]")].flatMap((part) => Object.entries(JSON.parse(part.dataset.keyHelp)));

function label(element) {
  const words = element.querySelector(".words, .label");
  return element.dataset.keyLabel ?? element.ariaLabel ?? (words ?? element).textContent.trim();
}

const caps = (keys) => keys.split(" ").flatMap((key, index) => [index ? " " : "", make("kbd", "key", key.replace("ctrl+", "Ctrl ").replace(/^./, (c) => c.toUpperCase()))]);
