// Modals: data-dialog="id" opens one, data-close closes the one it is in, a click beside it too.
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

const focusFirst = document.querySelector("[data-focus]");
if (focusFirst) focusFirst.focus();
