/** The table of areas: does everything the map does. Sorts by any column; one tab stop, arrows, click or Enter. */

import { byId, element, refill, reveal } from "./dom.js";
import { inUnit, number, percent, percentRange } from "./format.js";
import { set } from "./state.js";

const FIXED = ["headcount_ratio"];
let sorting = { column: null, down: true, indicator: null };

/** The share stands beside the two numbers that it is made of; beside another indicator there is no room for them. */
function columnsOf(areas, indicator, words) {
  const over = areas.columns.headcount_basis?.includes("population_persons");
  const own = !FIXED.includes(indicator.name);
  const counted = over
    ? [["poor_persons", words.column_persons], ["population_persons", words.column_population]]
    : [["poor_families", words.column_poor], ["families", words.column_families]];
  const columns = [
    { name: "name", title: words.column_name, text: true },
    { name: "label", title: words.column_pocket, text: true },
    { name: "headcount_ratio", title: over ? words.column_of_population : words.column_of_registered, show: percent, own: true },
    { name: "headcount_lower", title: words.column_range, plain: true },
    ...(own ? [] : counted).map(([name, title]) => ({ name, title, show: number, own: true, counts: true })),
  ];
  if (own) columns.splice(1, 0, { name: indicator.name, title: indicator.short, show: (value) => inUnit(value, indicator.unit), own: true });
  return columns.filter((one) => one.name !== "label" || areas.columns.pocket_id);
}

function compare(areas, column, labels) {
  const key = (code) => (column.name === "label" ? labels.get(areas.value(code, "pocket_id")) ?? null : areas.value(code, column.name));
  return (a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    const order = typeof x === "string" ? x.localeCompare(y) : x - y;
    return sorting.down ? -order : order;
  };
}

function row(code, columns, areas, labels, words, choose) {
  const cells = columns.map((column) => {
    if (column.name === "name") return element("th", { scope: "row" }, areas.name(code));
    if (column.name === "label") return element("td", {}, labels.get(areas.value(code, "pocket_id")) ?? "");
    if (areas.withheld(code)) return element("td", { class: column.counts ? "num muted counts" : "num muted", title: words.withheld_short }, "▨");
    if (column.plain) return element("td", { class: "num muted" }, percentRange(areas.value(code, "headcount_lower"), areas.value(code, "headcount_upper")));
    return element("td", { class: column.counts ? "num counts" : "num" }, column.show(areas.value(code, column.name)), areas.mark(code, column.name));
  });
  return element("tr", { tabindex: -1, "data-code": code, onclick: () => choose(code), onkeydown: (event) => onKey(event, () => choose(code)) }, cells);
}

function onKey(event, choose) {
  const line = event.currentTarget;
  if (event.key === "Enter" || event.key === " ") choose();
  else if (event.key === "ArrowDown") line.nextElementSibling?.focus();
  else if (event.key === "ArrowUp") line.previousElementSibling?.focus();
  else return;
  event.preventDefault();
}

function head(columns, again) {
  return element("thead", {}, element("tr", {}, columns.map((column) => {
    const chosen = sorting.column === column.name;
    const button = element("button", { type: "button", onclick: () => again(column) }, column.title, chosen ? (sorting.down ? " ↓" : " ↑") : "");
    return element("th", { scope: "col", class: `${column.text ? "" : "num"} ${column.own ? "own" : ""}${column.counts ? " counts" : ""}`, "aria-sort": chosen ? (sorting.down ? "descending" : "ascending") : "none" }, button);
  })));
}

/** Draw the table for the level and the indicator; `labels` are letters by pocket. */
export function drawTable(areas, indicator, labels, words) {
  const columns = columnsOf(areas, indicator, words);
  if (sorting.indicator !== indicator.name) sorting = { column: indicator.name, down: true, indicator: indicator.name };
  const column = columns.find((one) => one.name === sorting.column);
  const wanted = byId("search").value.trim().toLocaleLowerCase();
  const codes = areas.codes.filter((code) => areas.name(code).toLocaleLowerCase().includes(wanted)).sort(compare(areas, column, labels));
  const again = (next) => {
    sorting = { ...sorting, column: next.name, down: sorting.column === next.name ? !sorting.down : !next.text };
    drawTable(areas, indicator, labels, words);
  };
  const choose = (code) => set({ area: code, pocket: areas.value(code, "pocket_id"), suggestion: null, focus: code });
  refill(byId("table"), head(columns, again), element("tbody", {}, codes.length
    ? codes.map((code) => row(code, columns, areas, labels, words, choose))
    : element("tr", {}, element("td", { colspan: columns.length, class: "muted" }, words.table_empty))));
}

export function markTable(areas, state) {
  const members = areas.highlighted(state);
  let first = null;
  for (const line of byId("table").querySelectorAll("tbody tr")) {
    const { code } = line.dataset;
    if (!code) continue;
    line.setAttribute("tabindex", "-1");
    line.classList.toggle("chosen", code === state.area);
    line.classList.toggle("member", Boolean(members?.has(code)));
    line.setAttribute("aria-selected", String(code === state.area));
    if (code === state.area || (!state.area && !first && members?.has(code))) first = line;
  }
  (first ?? byId("table").querySelector("tr[data-code]"))?.setAttribute("tabindex", "0");
  if (first) reveal(first);
}
