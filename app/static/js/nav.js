// Folds the navigation. The cookie lets the server draw the next page folded from the start.
import { on } from "./dom.js";

on("click", "[data-fold]", () => {
  const root = document.documentElement;
  const folded = root.dataset.nav !== "folded";
  if (folded) root.dataset.nav = "folded";
  else delete root.dataset.nav;
  document.cookie = `fd_nav=${folded ? "folded" : ""}; path=/; max-age=31536000; SameSite=Lax`;
});
