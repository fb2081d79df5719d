// The inbox: the newest message in sight, keys that lead into the composer, and drafts that survive a look elsewhere.
import { on } from "./dom.js";

const text = (form) => form.querySelector("textarea");
const kind = (form) => form.querySelector("[name=kind]:checked").value;
const draft = (form) => `draft-${form.dataset.composer}`;
const sent = (form) => `sent-${form.dataset.composer}`;
let shown = null;

// R opens a reply. I opens a note, but never turns a reply that has words into one.
on("click", "[data-compose]", (label, event) => {
  const field = text(label.closest("form"));
  const other = !label.querySelector("input").checked;
  if (event.detail === 0 && event.target === label && other && field.value.trim()) event.preventDefault();
  setTimeout(() => field.focus());
});

on("input", "[data-composer]", keep);
on("submit", "[data-composer]", (form) => sessionStorage.setItem(sent(form), form.id));

function keep(form) {
  if (text(form).value.trim()) sessionStorage.setItem(draft(form), JSON.stringify([kind(form), text(form).value]));
  else sessionStorage.removeItem(draft(form));
}

// The composer's id changes with the newest message: another id after a send says that the server took the text.
function settle(form) {
  const before = sessionStorage.getItem(sent(form));
  sessionStorage.removeItem(sent(form));
  if (form.dataset.filled !== undefined) keep(form);
  else if (before && before !== form.id) sessionStorage.removeItem(draft(form));
  else restore(form);
}

function restore(form) {
  const [value, words] = JSON.parse(sessionStorage.getItem(draft(form)) ?? "[]");
  if (!words || text(form).value) return;
  form.querySelector(`[name=kind][value=${value === "note" ? "note" : "reply"}]`).checked = true;
  text(form).value = words;
}

function arrive() {
  const form = document.querySelector("[data-composer]");
  if (form && form.id !== shown) settle(form);
  if (form?.id !== shown) scroll();
  shown = form?.id ?? null;
}

function scroll() {
  const place = document.querySelector("[data-conversation]");
  if (place) place.scrollTop = place.scrollHeight;
  document.querySelector(".ticket[aria-current]")?.scrollIntoView({ block: "nearest" });
}

// A morph keeps elements and forgets what scripts made of them: pickers are undressed before and dressed again after.
function undress() {
  for (const input of document.querySelectorAll(".inbox .tomselected")) input.tomselect?.destroy();
  for (const menu of document.querySelectorAll(".inbox .menu:popover-open")) menu.hidePopover();
}

arrive();
document.addEventListener("htmx:before:swap", undress);
document.addEventListener("htmx:after:settle", arrive);
