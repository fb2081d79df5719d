// Makes a row where a picker looked for it in vain: the short form of its required fields in a dialog.
import { make, post, word } from "./dom.js";
import { toast } from "./toast.js";

/** Ask for a new row that begins with `text`; answers {value, text}, or nothing if it was given up. */
export async function create(offer, text) {
  const url = new URL(offer.url, location.href);
  const first = new URL(url);
  first.searchParams.set(offer.name, text);
  const dialog = make("dialog", "dialog is-form");
  dialog.setAttribute("aria-label", `${word("create")}: ${offer.title}`);
  const answer = await fetch(first).catch(() => null);
  if (!answer?.ok) return lost();
  draw(dialog, await answer.text());
  document.body.append(dialog);
  dialog.showModal();
  focus(dialog);
  return new Promise((resolve) => {
    let made;
    dialog.addEventListener("submit", async (event) => {
      event.preventDefault();
      const sent = await post(url, new FormData(event.target), { headers: { Accept: "application/json" } }).catch(() => null);
      if (!sent) return lost();
      if (sent.status !== 201) {
        draw(dialog, await sent.text());
        return focus(dialog);
      }
      made = await sent.json();
      dialog.close();
    });
    dialog.addEventListener("close", () => { dialog.remove(); resolve(made); });
  });
}

function lost() {
  toast(word("offline"), { error: true });
}

// The form of the page, without what only a page has; names of elements are its own, apart from those of the form behind it.
function draw(dialog, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const form = page.querySelector("form.form");
  form.removeAttribute("data-guard");
  form.removeAttribute("data-dirty");
  form.querySelectorAll("[data-key]").forEach((one) => one.removeAttribute("data-key"));
  form.querySelectorAll(".key, [name=again]").forEach((one) => one.remove());
  form.querySelector(".bar a")?.replaceWith(cancel());
  for (const name of ["id", "for", "aria-describedby", "aria-labelledby"]) {
    for (const one of form.querySelectorAll(`[${name}]`)) {
      one.setAttribute(name, one.getAttribute(name).split(" ").filter(Boolean).map((id) => `new-${id}`).join(" "));
    }
  }
  for (const link of form.querySelectorAll('a[href^="#"]')) link.setAttribute("href", `#new-${link.getAttribute("href").slice(1)}`);
  dialog.replaceChildren(make("div", "dialog-body", make("h2", "", page.querySelector("h1").textContent)), form);
}

function cancel() {
  const button = make("button", "button", word("cancel"));
  button.type = "button";
  button.dataset.close = "";
  return button;
}

function focus(dialog) {
  (dialog.querySelector("[aria-invalid]") ?? dialog.querySelector(".fields :is(input, select, textarea):not([type=hidden])"))?.focus();
}
