/** How the chosen indicator is spread over the areas; a bar can be chosen and highlights its areas. */

import { byId, drawing, refill } from "./dom.js";
import { inUnit, number } from "./format.js";
import { get, set } from "./state.js";

const [WIDTH, HEIGHT] = [122, 172];
const BOX = { left: 26, right: 6, top: 10, bottom: 24 };
const BINS = 14;

function binned(areas, column) {
  const rows = areas.codes.map((code, row) => ({ code, row, value: areas.value(code, column) })).filter(({ value }) => value !== null);
  if (!rows.length) return { bins: [], least: 0, most: 0 };
  const values = rows.map((row) => row.value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const count = most > least ? BINS : 1;
  const bins = Array.from({ length: count }, () => []);
  for (const row of rows) bins[Math.min(count - 1, Math.floor(((row.value - least) / (most - least || 1)) * count))].push(row);
  return { bins, least, most };
}

/** Colour of a bar: the class of the area in its middle. */
function colourOf(bin, classes) {
  const middle = [...bin].sort((a, b) => a.value - b.value)[Math.floor(bin.length / 2)];
  return classes.classes[classes.class_of[middle.row]]?.color ?? "#b9c4c9";
}

function brush(codes) {
  const same = get().brush?.join() === codes.join();
  set({ brush: same ? null : codes });
}

export function drawHistogram(areas, classes, indicator, words) {
  const svg = byId("histogram");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  const { bins, least, most } = binned(areas, indicator.name);
  const tallest = Math.max(1, ...bins.map((bin) => bin.length));
  const step = (WIDTH - BOX.left - BOX.right) / Math.max(1, bins.length);
  const bottom = HEIGHT - BOX.bottom;
  const bars = bins.map((bin, place) => {
    if (!bin.length) return null;
    const height = ((bottom - BOX.top) * bin.length) / tallest;
    const codes = bin.map((row) => row.code);
    const ends = [0, 1].map((side) => inUnit(least + ((most - least) * (place + side)) / bins.length, indicator.unit)).join(" – ");
    const choose = () => brush(codes);
    return drawing("rect", { class: "column", x: (BOX.left + place * step + 0.5).toFixed(1), y: (bottom - height).toFixed(1), width: (step - 1).toFixed(1), height: height.toFixed(1),
      fill: colourOf(bin, classes), tabindex: 0, role: "button", "aria-label": `${ends}: ${bin.length} ${words.histogram_axis_y}`, "data-codes": codes.join(" "),
      onclick: choose, onkeydown: (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), choose()) },
    drawing("title", {}, `${ends}: ${bin.length}`));
  });
  const text = (attributes, content) => drawing("text", { class: "axis", ...attributes }, content);
  refill(svg, drawing("path", { class: "frame", d: `M${BOX.left} ${BOX.top}V${bottom}H${WIDTH - BOX.right}` }), bars,
    text({ x: BOX.left - 4, y: BOX.top + 8, "text-anchor": "end" }, number(tallest)),
    text({ x: BOX.left, y: HEIGHT - 11 }, inUnit(least, indicator.unit)), text({ x: WIDTH - BOX.right, y: HEIGHT - 11, "text-anchor": "end" }, inUnit(most, indicator.unit)),
    text({ x: 0, y: 0, transform: `translate(9 ${bottom - 2}) rotate(-90)` }, words.histogram_axis_y));
}

export function markHistogram(state) {
  for (const bar of byId("histogram").querySelectorAll(".column")) {
    const codes = bar.dataset.codes.split(" ");
    bar.classList.toggle("chosen", Boolean(state.brush) && state.brush.join(" ") === bar.dataset.codes);
    bar.classList.toggle("holds", codes.includes(state.area));
  }
}
