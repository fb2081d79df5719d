// [data-markdown]: marks around what is selected in its text, and a preview that the server draws from the form as it stands.
import { on, post, word } from "./dom.js";
import { toast } from "./toast.js";

const AROUND = { bold: ["**", "**"], italic: ["*", "*"], code: ["`", "`"], link: ["[", "](https://)"] };
const BEFORE = { list: () => "- ", steps: (place) => `${place + 1}. `, quote: () => "> " };

on("click", "[data-mark]", (button) => {
  const area = button.closest("[data-markdown]").querySelector("textarea");
  const { selectionStart: from, selectionEnd: to, value } = area;
  const around = AROUND[button.dataset.mark];
  area.focus();
  if (around) {
    write(area, from, to, around[0] + value.slice(from, to) + around[1]);
    area.setSelectionRange(from + around[0].length, to + around[0].length);
  } else {
    const start = value.lastIndexOf("\n", from - 1) + 1;
    const lines = value.slice(start, to).split("\n");
    write(area, start, to, lines.map((line, place) => BEFORE[button.dataset.mark](place) + line).join("\n"));
  }
});

// As if typed, so that the browser can undo it and the form knows.
function write(area, from, to, text) {
  area.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

on("click", "[data-markdown-show]", async (button, event) => {
  event.preventDefault();
  const form = button.closest("form");
  const data = new FormData(form);
  data.append(button.name, button.value);
  const answer = await post(form.action, data).catch(() => null);
  if (!answer?.ok) return toast(word("offline"), { error: true });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const name = button.closest("[data-markdown]").dataset.markdown;
  const drawn = page.querySelector(`[data-markdown="${CSS.escape(name)}"] [data-markdown-preview]`);
  if (drawn) button.closest("[data-markdown]").querySelector("[data-markdown-preview]").replaceWith(drawn);
});

function start() {
  for (const marks of document.querySelectorAll("[data-marks]")) marks.hidden = false;
}

start();
document.addEventListener("htmx:after:swap", start);
