// fieldset[data-lines]: options, actions, languages, a line of inputs each. Adds, removes and moves them without asking the server,
// which reads the lines in the order they are sent. Ctrl+Shift and an arrow move the line that is typed in.
import { on, word } from "./dom.js";

const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const fieldOf = (element) => element.closest("[data-lines]");
const bodyOf = (field) => field.querySelector("[data-lines-body]");
const MOVES = { up: -1, down: 1 };
let fresh = 0;

on("click", "[data-lines-do]", (button, event) => {
  event.preventDefault();
  const [verb, key] = button.value.split(":");
  if (verb === "add") add(fieldOf(button), key);
  else if (verb === "remove") remove(button.closest("[data-lines-line]"));
  else move(button.closest("[data-lines-line]"), verb);
});

on("keydown", "[data-lines-line] :is(input, select, button)", (input, event) => {
  const verb = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const line = input.closest("[data-lines-line]");
  if (!verb || !event.ctrlKey || !event.shiftKey || !buttonOf(line, verb)) return;
  event.preventDefault();
  move(line, verb, input);
});

function add(field, key) {
  const name = key || `new${fresh++}`;
  const holder = document.createElement("div");
  holder.append(field.querySelector(`[data-lines-blank="${CSS.escape(key)}"]`).content.cloneNode(true));
  for (const element of holder.querySelectorAll("*")) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll("__key__", name);
  }
  const line = holder.firstElementChild;
  bodyOf(field).append(line);
  if (key) field.querySelector(`[data-lines-do][value="${CSS.escape(`add:${key}`)}"]`).hidden = true;
  settle(field, "added");
  // A picker puts an input of its own in the place of the first one, a moment later.
  requestAnimationFrame(() => line.querySelector(":is(input, select, textarea):not([type=hidden])")?.focus());
}

function remove(line) {
  const field = fieldOf(line);
  const key = line.dataset.linesLine;
  const next = line.nextElementSibling ?? line.previousElementSibling;
  line.remove();
  const again = field.querySelector(`[data-lines-do][value="${CSS.escape(`add:${key}`)}"]`);
  if (again) again.hidden = false;
  settle(field, "removed");
  (next ? buttonOf(next, "remove") : field.querySelector('[data-lines-do][value^="add:"]:not([hidden])'))?.focus();
}

function move(line, verb, focused = null) {
  const other = MOVES[verb] < 0 ? line.previousElementSibling : line.nextElementSibling;
  if (!other) return;
  if (MOVES[verb] < 0) other.before(line);
  else other.after(line);
  settle(fieldOf(line), `${word("moved")} ${[...line.parentElement.children].indexOf(line) + 1}`);
  const button = buttonOf(line, verb);
  (focused ?? (button.disabled ? buttonOf(line, verb === "up" ? "down" : "up") : button)).focus();
}

function buttonOf(line, verb) {
  return line.querySelector(`[data-lines-do][value^="${verb}:"]`);
}

// The first cannot go up nor the last down; the form has unsaved changes; what was done is said.
function settle(field, said) {
  const lines = [...bodyOf(field).children];
  lines.forEach((line, place) => {
    const [up, down] = [buttonOf(line, "up"), buttonOf(line, "down")];
    if (up) up.disabled = place === 0;
    if (down) down.disabled = place === lines.length - 1;
  });
  const live = field.querySelector("[data-lines-live]");
  live.textContent = live.dataset[said] ?? said;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

async function dragged() {
  const handles = document.querySelectorAll("[data-lines]:has([data-lines-handle]):not([data-sorting])");
  const bodies = [...handles].filter((field) => field.querySelectorAll("[data-lines-line]").length > 1);
  if (!bodies.length) return;
  await import("../vendor/sortable.min.js");
  for (const field of bodies) {
    field.dataset.sorting = "";
    window.Sortable.create(bodyOf(field), { handle: "[data-lines-handle]", animation: STILL.matches ? 0 : 120, onEnd: ({ newIndex }) => settle(field, `${word("moved")} ${newIndex + 1}`) });
  }
}

dragged();
on("input", "[data-lines]", dragged);
document.addEventListener("htmx:after:swap", dragged);
