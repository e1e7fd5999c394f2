/** The table of areas: does everything the map does. Sorts by any column; a row is chosen by click or Enter. */

import { byId, element, refill, reveal } from "./dom.js";
import { inUnit, number, percent, percentRange } from "./format.js";
import { set } from "./state.js";

const FIXED = ["poor_families", "headcount_ratio", "families"];
let sorting = { column: null, down: true, indicator: null };

function columnsOf(indicator, words) {
  const columns = [
    { name: "name", title: words.column_name, text: true },
    { name: "label", title: words.column_pocket, text: true },
    { name: "headcount_ratio", title: words.column_share, show: percent },
    { name: "range", title: words.column_range, plain: true },
    { name: "poor_families", title: words.column_poor, show: number },
    { name: "families", title: words.column_families, show: number },
  ];
  if (!FIXED.includes(indicator.name)) columns.splice(1, 0, { name: indicator.name, title: indicator.short, show: (value) => inUnit(value, indicator.unit), own: true });
  return columns;
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
    if (areas.withheld(code)) return element("td", { class: "num muted" }, column.name === "headcount_ratio" || column.own ? words.withheld_short : "");
    if (column.plain) return element("td", { class: "num muted" }, percentRange(areas.value(code, "headcount_lower"), areas.value(code, "headcount_upper")));
    return element("td", { class: "num" }, column.show(areas.value(code, column.name)));
  });
  return element("tr", { tabindex: 0, "data-code": code, onclick: () => choose(code), onkeydown: (event) => onKey(event, () => choose(code)) }, cells);
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
    return element("th", { scope: "col", class: `${column.text ? "" : "num"} ${column.own ? "own" : ""}`, "aria-sort": chosen ? (sorting.down ? "descending" : "ascending") : "none" }, column.plain ? column.title : button);
  })));
}

/** Draw the table for the level and the indicator; `labels` are letters by pocket. */
export function drawTable(areas, indicator, labels, words) {
  const columns = columnsOf(indicator, words);
  if (sorting.indicator !== indicator.name) sorting = { column: indicator.name, down: true, indicator: indicator.name };
  const column = columns.find((one) => one.name === sorting.column);
  const wanted = byId("search").value.trim().toLocaleLowerCase();
  const codes = areas.codes.filter((code) => areas.name(code).toLocaleLowerCase().includes(wanted)).sort(compare(areas, column, labels));
  const again = (next) => {
    sorting = { ...sorting, column: next.name, down: sorting.column === next.name ? !sorting.down : !next.text };
    drawTable(areas, indicator, labels, words);
  };
  const choose = (code) => set({ area: code, pocket: areas.value(code, "pocket_id"), suggestion: null, focus: code });
  refill(byId("table"), head(columns, again), element("tbody", {}, codes.map((code) => row(code, columns, areas, labels, words, choose))));
}

export function markTable(areas, state) {
  const members = areas.highlighted(state);
  let first = null;
  for (const line of byId("table").querySelectorAll("tbody tr")) {
    const { code } = line.dataset;
    line.classList.toggle("chosen", code === state.area);
    line.classList.toggle("member", Boolean(members?.has(code)));
    line.setAttribute("aria-selected", String(code === state.area));
    if (code === state.area || (!state.area && !first && members?.has(code))) first = line;
  }
  if (first) reveal(first);
}
