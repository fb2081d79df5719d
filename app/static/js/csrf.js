// What htmx sends and what it says when a request fails.
import { token, word } from "./dom.js";
import { toast } from "./toast.js";

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = token();
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail?.ctx?.response) return; // the server answered; its words are on the page
  if (event.detail?.error?.name === "AbortError") return;
  toast(word("offline"), { error: true });
});
