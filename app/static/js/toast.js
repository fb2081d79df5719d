// Toasts: what was just done, for eight seconds, longer while the pointer or the focus is on them.
// The server shows one with the header HX-Trigger: {"toast": {"message": "…", "undo": "/url", "error": false}}.
import { make, on, post, word } from "./dom.js";

const STAY = 8000;
const region = () => document.getElementById("toasts");

/** Show a message; `undo` is an address that takes a POST, or a function. */
export function toast(message, { undo = null, error = false } = {}) {
  const box = make("div", error ? "toast is-error" : "toast", make("p", "", message));
  box.dataset.toast = "";
  if (undo) box.append(undoButton(box, undo));
  const close = make("button", "button is-quiet", word("close"));
  close.type = "button";
  close.dataset.toastClose = "";
  box.append(close);
  region()?.append(box);
  leaveLater(box);
  return box;
}

function undoButton(box, undo) {
  const button = make("button", "button is-quiet", word("undo"));
  button.type = "button";
  button.dataset.key = "z";
  button.addEventListener("click", async () => {
    box.remove();
    if (typeof undo === "function") return undo();
    const answer = await post(undo).catch(() => null);
    if (answer?.ok) location.reload();
    else toast(word("offline"), { error: true });
  });
  return button;
}

function leaveLater(box) {
  let timer = setTimeout(() => box.remove(), STAY);
  const hold = () => clearTimeout(timer);
  const release = () => { hold(); timer = setTimeout(() => box.remove(), STAY / 2); };
  for (const type of ["pointerenter", "focusin"]) box.addEventListener(type, hold);
  for (const type of ["pointerleave", "focusout"]) box.addEventListener(type, release);
}

on("click", "[data-toast-close]", (button) => button.closest("[data-toast]").remove());
document.addEventListener("toast", ({ detail }) => toast(detail.message, detail));
document.querySelectorAll("[data-toast]").forEach(leaveLater);
