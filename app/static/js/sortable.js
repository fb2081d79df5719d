// [data-sortable="/url"]: items [data-sort-id] put in order by dragging [data-sort-handle], or by the buttons
// [data-move="up"] and [data-move="down"] inside them. The new order is posted as repeated `id`; without an address it
// is that of the inputs in a form, sent with it or, with [data-sortable-send], at once.
import { on, post, word } from "./dom.js";
import { toast } from "./toast.js";

const STILL = matchMedia("(prefers-reduced-motion: reduce)");

on("click", "[data-sortable] [data-move]", (button, event) => {
  event.preventDefault();
  const item = button.closest("[data-sort-id]");
  const up = button.dataset.move === "up";
  const other = up ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (up) other.before(item);
  else other.after(item);
  button.focus();
  save(item.parentElement, item);
});

async function save(list, item) {
  const ids = [...list.querySelectorAll(":scope > [data-sort-id]")].map((each) => each.dataset.sortId);
  say(list, `${word("moved")} ${ids.indexOf(item.dataset.sortId) + 1}`);
  if (list.dataset.sortable) await tell(list.dataset.sortable, ids);
  else if ("sortableSend" in list.dataset) list.closest("form").requestSubmit();
  list.dispatchEvent(new CustomEvent("sorted", { bubbles: true, detail: { ids } }));
}

async function tell(url, ids) {
  const body = new FormData();
  for (const id of ids) body.append("id", id);
  const answer = await post(url, body).catch(() => null);
  if (!answer?.ok) toast(word("offline"), { error: true });
}

function say(list, text) {
  const place = list.parentElement.querySelector("[data-sort-state]");
  if (place) place.textContent = text;
}

async function start() {
  const lists = document.querySelectorAll("[data-sortable]");
  if (!lists.length) return;
  await import("../vendor/sortable.min.js");
  for (const list of lists) {
    if (window.Sortable.get(list)) continue;
    window.Sortable.create(list, { handle: "[data-sort-handle]", draggable: "[data-sort-id]", animation: STILL.matches ? 0 : 120, onEnd: ({ item }) => save(list, item) });
  }
}

start();
document.addEventListener("htmx:after:swap", start);
