// form[data-preview="/url"]: what it would make is drawn beside it, in [data-preview-place], as somebody types. The server
// draws from what is in the form and keeps nothing.
import { on, post } from "./dom.js";

const PAUSE = 350;
const timers = new WeakMap();
const turns = new WeakMap();

function later(form, pause) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => draw(form), pause));
}

async function draw(form) {
  const turn = (turns.get(form) ?? 0) + 1;
  turns.set(form, turn);
  const answer = await post(form.dataset.preview, new FormData(form)).catch(() => null);
  const place = document.querySelector("[data-preview-place]");
  if (answer?.ok && place && turns.get(form) === turn) place.innerHTML = await answer.text();
}

on("input", "form[data-preview]", (form) => later(form, PAUSE));
on("change", "form[data-preview]", (form) => later(form, 0));
for (const form of document.querySelectorAll("form[data-preview]")) later(form, 0);
