// Modals: data-dialog="id" opens one, data-close closes the one it is in, a click beside it too. Where the focus is at first.
import { on } from "./dom.js";

on("click", "[data-dialog]", (opener) => {
  opener.closest("[popover]")?.hidePopover();
  document.getElementById(opener.dataset.dialog)?.showModal();
});
on("click", "dialog [data-close]", (button) => button.closest("dialog").close());
on("mousedown", "dialog", (dialog, event) => {
  if (event.target !== dialog) return;
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});

// Who opens a form types at once, and no letter may be taken for a key. Where a keyboard would cover the page it is left to a touch.
const begin = "form[data-begin] .fields :is(input, select, textarea):not([type=hidden], [readonly], :disabled)";
const first = document.querySelector("[data-focus]") ?? (matchMedia("(hover: hover)").matches && !location.hash ? document.querySelector(begin) : null);
first?.focus({ preventScroll: !first.matches("[data-focus]") });
