// Copies the text of the element a button names, and says so in the button; [data-copy-link] copies its own address.
import { on, word } from "./dom.js";
import { toast } from "./toast.js";

on("click", "[data-copy]", async (button) => {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  if (await copied(source.textContent.trim())) button.querySelector(".words").textContent = word("copied");
  else getSelection().selectAllChildren(source); // without the permission, Ctrl+C is left to do
});

on("click", "[data-copy-link]", async (link, event) => {
  event.preventDefault();
  link.closest("[popover]")?.hidePopover();
  toast((await copied(link.href)) ? word("copied") : link.href);
});

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
