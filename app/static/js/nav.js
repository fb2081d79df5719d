// Folds the navigation, and shows the tab one is at. The cookie lets the server draw the next page folded at once.
import { on } from "./dom.js";

if (new URLSearchParams(location.search).has("tab")) document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

on("click", "[data-fold]", () => {
  const root = document.documentElement;
  const folded = root.dataset.nav !== "folded";
  if (folded) root.dataset.nav = "folded";
  else delete root.dataset.nav;
  document.cookie = `fd_nav=${folded ? "folded" : ""}; path=/; max-age=31536000; SameSite=Lax`;
});
