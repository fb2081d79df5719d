// data-confirm="question" on a link whose address asks by itself (and does it by POST), or on a submit button.
// With scripts the question is asked in place; without, the link leads to its confirm page.
import { make, on, token, word } from "./dom.js";

on("click", "[data-confirm]", (control, event) => {
  if (control.dataset.confirmed !== undefined) return;
  event.preventDefault();
  event.stopPropagation();
  control.closest("[popover]")?.hidePopover();
  ask(control.dataset.confirm, control.textContent.trim(), isDangerous(control)).then((yes) => yes && proceed(control));
}, { capture: true });

const isDangerous = (control) => control.dataset.confirmDanger !== undefined || control.classList.contains("is-danger");

/** Ask a question in a modal; answers true or false. */
export function ask(question, doIt, danger = false) {
  const dialog = make("dialog", "dialog");
  const heading = make("h2", "", question);
  heading.id = "ask-title";
  const yes = control("submit", `button is-primary${danger ? " is-danger" : ""}`, doIt || word("confirm"), "yes");
  const no = control("submit", "button", word("cancel"), "");
  const form = make("form", "", make("div", "dialog-body", heading), make("div", "dialog-foot", no, yes));
  form.method = "dialog";
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  (danger ? no : yes).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
  });
}

function control(type, className, text, value) {
  const button = make("button", className, text);
  button.type = type;
  button.value = value;
  return button;
}

function proceed(control) {
  if (control.matches("a")) return submitTo(control.href);
  control.dataset.confirmed = "";
  control.click();
  delete control.dataset.confirmed;
}

function submitTo(url) {
  const form = make("form", "");
  const field = make("input", "");
  Object.assign(field, { type: "hidden", name: "csrf_token", value: token() });
  Object.assign(form, { method: "post", action: url, hidden: true });
  form.append(field);
  document.body.append(form);
  form.submit();
}
