// input[data-picker="/url"]: a search among rows (kind reference or references) or free words (kind tags), by Tom Select,
// which is fetched only where a page has one. The input keeps its name and holds ids or words with commas.
import { make, word } from "./dom.js";

const WAITING = "input[data-picker]:not(.tomselected)";

async function dress(root = document) {
  const inputs = root.querySelectorAll?.(WAITING) ?? [];
  if (!inputs.length) return;
  await import("../vendor/tom-select.min.js");
  for (const input of inputs) if (!input.closest("template") && !input.tomselect) attach(input);
}

function attach(input) {
  const focused = document.activeElement === input;
  const typed = focused && input.value !== input.defaultValue ? input.value : "";
  if (typed) input.value = input.defaultValue; // a search begun before the picker came, not a choice
  const items = JSON.parse(input.dataset.pickerItems ?? "[]");
  const tags = input.dataset.pickerKind === "tags";
  const single = input.dataset.pickerKind === "reference";
  const chosen = input.value.split(",").filter(Boolean);
  const url = input.dataset.picker;
  let offer = null; // how a row is made that is not there yet, where the person may
  const picker = new window.TomSelect(input, {
    valueField: "value", labelField: "text", searchField: tags ? ["text"] : [], sortField: [{ field: "$order" }],
    options: [...items, ...(tags ? chosen.map((text) => ({ value: text, text })) : [])],
    items: chosen, maxItems: single ? 1 : null, delimiter: ",", create: tags || (url ? (text, done) => begin(offer, text, done) : false), createOnBlur: tags, persist: false, highlight: false,
    createFilter: tags ? null : (text) => Boolean(offer) && text.trim() !== "",
    plugins: single ? { clear_button: { title: word("clear") } } : { remove_button: { title: word("remove") } },
    preload: url ? "focus" : false, loadThrottle: 200,
    closeAfterSelect: single, placeholder: input.placeholder, hidePlaceholder: true,
    load: url ? (query, done) => look(url, query).then((found) => {
      offer = found.create;
      picker.clearOptions(); // all but what is chosen: the server has searched
      done(found.items);
    }, () => done()) : undefined,
    shouldLoad: () => Boolean(url), render: drawing(tags),
    onDropdownOpen: (list) => list.scrollIntoView({ block: "nearest" }),
    onChange: () => input.dispatchEvent(new Event("input", { bubbles: true })),
  });
  for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
    if (input.hasAttribute(name)) picker.control_input.setAttribute(name, input.getAttribute(name));
  }
  if (input.getAttribute("aria-invalid")) picker.wrapper.classList.add("invalid-field");
  if (input.readOnly) picker.lock();
  input.type = "hidden"; // it still carries the value; the picker's own input is what people meet
  takeOver(input, picker.control_input);
  if (focused) picker.control_input.focus();
  if (typed) {
    picker.control_input.value = typed;
    picker.control_input.dispatchEvent(new Event("input"));
  }
}

// The label and the error summary lead to the field's id, so the picker's own input takes it over.
function takeOver(input, control) {
  const label = document.querySelector(`label[for="${CSS.escape(control.id)}"]`);
  const id = input.id;
  input.removeAttribute("id");
  control.id = id;
  if (label) label.htmlFor = id;
}

async function look(url, query) {
  const address = new URL(url, location.href);
  address.searchParams.set("q", query);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  return answer.json();
}

async function begin(offer, text, done) {
  const { create } = await import("./create.js");
  done(await create(offer, text));
}

// Tom Select's own drawings are HTML strings; these are elements, so nothing a person wrote can become markup.
function drawing(tags) {
  return {
    option: ({ text, detail }) => make("div", "option", text, ...(detail ? [make("span", "detail", detail)] : [])),
    item: ({ text }) => make("div", "item", text),
    option_create: ({ input }) => make("div", "create", `${word(tags ? "add" : "create")}: ${input}`),
    no_results: () => told("no-results", word("nothing")),
    loading: () => told("spinner-row", "…"),
  };
}

// What stands in the list and cannot be chosen: a list holds nothing but options.
function told(kind, text) {
  const line = make("div", kind, text);
  line.setAttribute("role", "option");
  line.setAttribute("aria-disabled", "true");
  return line;
}

dress();
document.addEventListener("htmx:after:swap", () => dress());
new MutationObserver((changes) => {
  if (changes.some((change) => [...change.addedNodes].some((node) => node.querySelector?.(WAITING)))) dress();
}).observe(document.body, { childList: true, subtree: true });
