// form[data-autosave="/url"]: keeps what is typed on the server, one second after a pause and when the page is left.
// [data-autosave-state] says how that went. A failed try is repeated, and nothing typed is ever cleared.
import { on, post, word } from "./dom.js";

const PAUSE = 1000;
const RETRY = 5000;
const timers = new Map();

on("input", "form[data-autosave]", (form) => {
  say(form, "saving");
  plan(form, PAUSE);
});
on("submit", "form[data-autosave]", (form) => stop(form));

function plan(form, wait) {
  stop(form);
  timers.set(form, setTimeout(() => save(form), wait));
}

function stop(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
}

async function save(form, keepalive = false) {
  timers.delete(form);
  const answer = await post(form.dataset.autosave, new FormData(form), { keepalive }).catch(() => null);
  if (timers.has(form)) return; // typed again meanwhile
  say(form, answer?.ok ? "saved" : "unsent");
  if (!answer?.ok && form.isConnected) plan(form, RETRY);
}

function say(form, state) {
  const place = form.querySelector("[data-autosave-state]");
  if (place) place.textContent = word(state);
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const form of [...timers.keys()]) { stop(form); save(form, true); }
});
