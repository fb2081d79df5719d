// Changes the theme at once and tells the server, which writes it into every later page.
import { on, post } from "./dom.js";

on("submit", "[data-theme-form]", (form, event) => {
  event.preventDefault();
  const theme = event.submitter.value;
  document.documentElement.dataset.theme = theme;
  for (const button of form.querySelectorAll("[name=theme]")) button.setAttribute("aria-pressed", String(button.value === theme));
  post(form.action, { theme });
});
