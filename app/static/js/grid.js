// table[data-grid]: one stop for Tab, and the arrows go from cell to cell (the pattern "grid" of WAI-ARIA). Enter or F2 goes into
// what a cell holds, and Escape back to the cell. Without scripts every control is a stop of its own.
const PARTS = "a[href], button, input:not([type=hidden]), select, summary";
const parts = (cell) => [...cell.querySelectorAll(PARTS)].filter((part) => part.checkVisibility());
const rows = (table) => [...table.rows].map((row) => [...row.cells]).filter((cells) => cells.some((cell) => cell.tagName === "TD"));

for (const table of document.querySelectorAll("table[data-grid]")) {
  table.setAttribute("role", "grid");
  for (const part of table.querySelectorAll(`:is(td, tbody th) :is(${PARTS})`)) part.tabIndex = -1;
  const first = rows(table)[0]?.[1];
  for (const cell of rows(table).flat()) cell.tabIndex = cell === first ? 0 : -1;
}

document.addEventListener("focusin", ({ target }) => {
  const cell = target.closest("table[data-grid] tbody :is(td, th)");
  if (cell) for (const one of cell.closest("table").querySelectorAll("tbody :is(td, th)")) if (one.tabIndex >= 0 || one === cell) one.tabIndex = one === cell ? 0 : -1;
});

// A click on a control goes to the control, and from then on the arrows are its own.
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest("table[data-grid] tbody :is(td, th)");
  if (!cell || event.altKey || event.metaKey) return;
  if (event.target !== cell) return leave(event, cell);
  const place = next(event, cell);
  if (place) { event.preventDefault(); event.stopPropagation(); place.focus(); place.scrollIntoView({ block: "nearest", inline: "nearest" }); }
}, { capture: true });

function leave(event, cell) {
  const all = parts(cell);
  const at = all.indexOf(event.target);
  if (event.key === "Escape") cell.focus();
  else if (event.key === "Tab" && all[at + (event.shiftKey ? -1 : 1)]) all[at + (event.shiftKey ? -1 : 1)].focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function next(event, cell) {
  const all = rows(cell.closest("table"));
  const row = all.findIndex((cells) => cells.includes(cell));
  const column = all[row].indexOf(cell);
  const along = document.documentElement.dir === "rtl" ? -1 : 1;
  const far = event.ctrlKey;
  const places = {
    ArrowDown: () => all[row + 1]?.[column],
    ArrowUp: () => all[row - 1]?.[column],
    ArrowRight: () => all[row][column + along],
    ArrowLeft: () => all[row][column - along],
    Home: () => all[far ? 0 : row][0],
    End: () => all[far ? all.length - 1 : row].at(-1),
    PageDown: () => all[Math.min(row + 10, all.length - 1)][column],
    PageUp: () => all[Math.max(row - 10, 0)][column],
    Enter: () => parts(cell)[0],
    F2: () => parts(cell)[0],
  };
  return places[event.key]?.();
}
