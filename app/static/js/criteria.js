// fieldset[data-criteria]: conditions in groups. The server draws every change from what is in the inputs, so there is one
// template and one meaning; this module only asks for it in the background, keeps the focus and says what was done.
import { on, post, word } from "./dom.js";
import { toast } from "./toast.js";

const PAUSE = 400;
const STOPS = 1000;
const builderOf = (element) => element.closest("[data-criteria]");
const turns = new WeakMap();
const timers = new WeakMap();
const queues = new WeakMap();
const waits = new WeakMap();

on("click", "[data-criteria-do]", (button, event) => {
  const builder = builderOf(button);
  if (!builder.dataset.criteriaUrl) return;
  event.preventDefault();
  redraw(builder, button.value);
});

// Somebody who types in a list of choices passes others on the way: it is drawn anew when they stop, or go on.
on("keydown", "select[data-criteria-redraw]", (select) => { select.dataset.typing = ""; });
on("pointerdown", "select[data-criteria-redraw]", (select) => { delete select.dataset.typing; });
on("change", "[data-criteria-redraw]", (input) => {
  clearTimeout(waits.get(input));
  const act = () => {
    waits.delete(input);
    redraw(builderOf(input), "draw");
  };
  waits.set(input, setTimeout(act, input.dataset.typing === undefined ? 0 : STOPS));
});
on("focusout", "select[data-criteria-redraw]", (select) => {
  if (!waits.has(select)) return;
  clearTimeout(waits.get(select));
  waits.delete(select);
  redraw(builderOf(select), "draw");
});

on("input", "[data-criteria] :is(input, textarea, select):not([data-criteria-redraw])", (input) => later(builderOf(input)));
on("change", "[data-criteria] :is(input, select):not([data-criteria-redraw])", (input) => later(builderOf(input)));

// Conditions on a table that another input names follow that input.
document.addEventListener("change", ({ target }) => {
  for (const builder of document.querySelectorAll("[data-criteria-of]")) {
    if (target.name !== builder.dataset.criteriaOf || !builder.dataset.criteriaUrl) continue;
    builder.dataset.criteriaUrl = builder.dataset.criteriaUrl.replace(/^\/admin\/[^/]+\//, `/admin/${encodeURIComponent(target.value)}/`);
    redraw(builder, "draw");
  }
});

// One after the other, so that each deed is done to what the one before it left.
function redraw(builder, deed) {
  queues.set(builder, (queues.get(builder) ?? Promise.resolve()).then(() => swap(builder, deed)));
}

async function swap(builder, deed) {
  const sent = inputs(builder);
  const drawn = await draw(builder, deed, sent);
  if (!drawn) return;
  const carried = deed === "draw" && carry(inputs(builder), sent, drawn);
  const next = place(document.activeElement, builder, drawn.dataset.focusName);
  builder.querySelector("[data-criteria-body]").replaceChildren(drawn);
  builder.querySelector("[data-criteria-live]").textContent = drawn.dataset.said ?? "";
  next(drawn);
  builder.closest("form").dispatchEvent(new Event("change", { bubbles: true }));
  if (carried) later(builder);
}

// What somebody typed or ticked while the server was drawing stays.
function carry(present, sent, drawn) {
  let any = false;
  for (const name of new Set([...present.keys(), ...sent.keys()])) {
    const values = present.getAll(name);
    if (String(values) === String(sent.getAll(name))) continue;
    any = true;
    for (const input of drawn.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["checkbox", "radio"].includes(input.type)) input.checked = values.includes(input.value);
      else input.value = values[0] ?? "";
    }
  }
  return any;
}

// The focus goes to what is next after a deed, else stays where it is, with the caret. What was moved to an end cannot go
// further that way: then its other arrow is next.
function place(active, builder, name) {
  if (!name && !builder.contains(active)) return () => {};
  const { id, selectionStart: from, selectionEnd: to, name: own, value } = active;
  return (drawn) => {
    const same = id ? document.getElementById(id) : [...drawn.querySelectorAll(`[name="${CSS.escape(own ?? "")}"]`)].find((one) => one.value === value);
    const target = name ? document.getElementById(`f-${name}`) : same;
    const enabled = target?.disabled ? target.parentElement.querySelector("button:not(:disabled)") : target;
    (enabled ?? builder).focus();
    if (!name && enabled && typeof from === "number") enabled.setSelectionRange(from, to);
  };
}

function later(builder) {
  clearTimeout(timers.get(builder));
  timers.set(builder, setTimeout(() => say(builder), PAUSE));
}

async function say(builder) {
  const turn = (turns.get(builder) ?? 0) + 1;
  turns.set(builder, turn);
  const drawn = await draw(builder, "draw", inputs(builder));
  const fresh = turns.get(builder) === turn && drawn?.querySelector("[data-criteria-preview]");
  if (fresh) builder.querySelector("[data-criteria-preview]").replaceWith(fresh);
}

function inputs(builder) {
  const data = new FormData();
  const own = `${builder.dataset.criteria}.`;
  for (const [key, value] of new FormData(builder.closest("form"))) if (key.startsWith(own)) data.append(key, value);
  return data;
}

// Answers what the server draws, or nothing when it cannot be asked.
async function draw(builder, deed, sent) {
  const { criteria: name, criteriaUrl: url } = builder.dataset;
  if (!url) return null;
  clearTimeout(timers.get(builder));
  const data = new FormData();
  for (const [key, value] of sent) data.append(key, value);
  data.append(`${name}.do`, deed);
  const answer = await post(url, data).catch(() => null);
  if (!answer) toast(word("offline"), { error: true });
  if (!answer?.ok) return null;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content.firstElementChild;
}
