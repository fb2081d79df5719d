// Where the person was in this browser, for the palette: the last pages with a heading of their own. Signing out
// forgets them, and so does another person.
import { on } from "./dom.js";

const KEY = "fd_recent";
const MOST = 6;
const NAMELESS = /\/(add|edit|delete|bulk|import|act|filter|columns)\b|^\/(login|password|palette)?\/?$/;
const person = document.querySelector(".nav-person")?.title;
const here = location.pathname + location.search;

/** The pages before this one, the latest first: [{title, url}, …]. */
export const places = () => kept().filter(({ url }) => url !== here);

function kept() {
  try {
    const { of, list } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return of === person && Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

// A list that was narrowed down is the same place, as it was left.
function note() {
  const title = document.querySelector("main h1")?.textContent.trim();
  if (!person || !title || NAMELESS.test(location.pathname)) return;
  const others = kept().filter(({ url }) => new URL(url, location.href).pathname !== location.pathname);
  try {
    localStorage.setItem(KEY, JSON.stringify({ of: person, list: [{ title, url: here }, ...others].slice(0, MOST + 1) }));
  } catch { /* a browser that keeps nothing has no recent places */ }
}

note();
on("submit", "[data-forget]", () => localStorage.removeItem(KEY));
