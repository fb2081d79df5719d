// The few helpers every module shares.

/** Run `act(target, event)` when an event reaches something that matches, now or after any swap. */
export function on(type, selector, act, options) {
  document.addEventListener(type, (event) => {
    const target = event.target instanceof Element ? event.target.closest(selector) : null;
    if (target) act(target, event);
  }, options);
}

/** A translated text that the server wrote on <body>. */
export const word = (name) => document.body.dataset[`word${name[0].toUpperCase()}${name.slice(1)}`] ?? "";

/** The token every POST carries. */
export const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** POST a form's data or a plain object; answers the Response. Throws when the server cannot be reached. */
export function post(url, data = {}, options = {}) {
  const body = data instanceof FormData ? data : new URLSearchParams(data);
  return fetch(url, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": token(), "HX-Request": "true" }, ...options });
}

/** Make an element from a tag, a class and children; strings become text, never markup. */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/** Clone an icon that is somewhere in the page, so that scripts need no drawings of their own. */
export function icon(selector) {
  const found = document.querySelector(`${selector} .icon`);
  return found ? found.cloneNode(true) : "";
}

/** Whether typing belongs to an input, so that single keys must stay silent. */
export function isTyping(element) {
  return element instanceof Element && element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]") !== null;
}
