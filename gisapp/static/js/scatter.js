/** Share × number of families of decile 1, one dot per area, with the lines that cut the quadrants. */

import { byId, drawing, refill } from "./dom.js";
import { number, percent } from "./format.js";
import { fillOf } from "./legend.js";
import { set } from "./state.js";

const [WIDTH, HEIGHT] = [190, 172];
const BOX = { left: 34, right: 8, top: 8, bottom: 24 };

function scale(values, from, to) {
  const top = Math.max(...values, 1e-9) * 1.05;
  const place = (value) => from + (to - from) * (value / top);
  return Object.assign(place, { top });
}

function axes(x, y, words) {
  const bottom = HEIGHT - BOX.bottom;
  const text = (attributes, content) => drawing("text", { class: "axis", ...attributes }, content);
  return [
    drawing("path", { class: "frame", d: `M${BOX.left} ${BOX.top}V${bottom}H${WIDTH - BOX.right}` }),
    text({ x: BOX.left, y: HEIGHT - 11, "text-anchor": "middle" }, "0"),
    text({ x: WIDTH - BOX.right, y: HEIGHT - 11, "text-anchor": "end" }, percent(x.top, 0)),
    text({ x: (BOX.left + WIDTH) / 2, y: HEIGHT - 3, "text-anchor": "middle" }, words.scatter_axis_x),
    text({ x: BOX.left - 4, y: BOX.top + 8, "text-anchor": "end" }, number(Math.round(y.top))),
    text({ x: 0, y: 0, transform: `translate(9 ${bottom - 2}) rotate(-90)` }, words.scatter_axis_y),
  ];
}

/** Draw it for the areas of the level; dots carry the legend's colours. */
export function drawScatter(areas, classes, cuts, words) {
  const svg = byId("scatter");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  const rows = areas.codes.map((code, row) => ({ code, row, rate: areas.value(code, "headcount_ratio"), count: areas.value(code, "poor_families") }))
    .filter(({ rate, count }) => rate !== null && count !== null);
  const x = scale(rows.map((row) => row.rate), BOX.left, WIDTH - BOX.right);
  const y = scale(rows.map((row) => row.count), HEIGHT - BOX.bottom, BOX.top);
  const lines = cuts && areas.level === "desa" ? [
    drawing("path", { class: "cut", d: `M${x(cuts.rate)} ${BOX.top}V${HEIGHT - BOX.bottom}` }),
    drawing("path", { class: "cut", d: `M${BOX.left} ${y(cuts.count)}H${WIDTH - BOX.right}` }),
  ] : [];
  const dots = rows.map(({ code, row, rate, count }) => drawing("circle", {
    cx: x(rate).toFixed(1), cy: y(count).toFixed(1), r: 3.2, class: "dot", fill: fillOf(classes, classes.class_of[row]), "data-code": code,
    onclick: () => set({ area: code, pocket: areas.value(code, "pocket_id"), suggestion: null }),
  }, drawing("title", {}, `${areas.name(code)} · ${percent(rate)}${areas.mark(code)} · ${number(count)}`)));
  refill(svg, axes(x, y, words), lines, dots);
}

/** Mark what is selected and step back the rest. */
export function markScatter(areas, state) {
  const codes = areas.highlighted(state);
  for (const dot of byId("scatter").querySelectorAll(".dot")) {
    const { code } = dot.dataset;
    dot.classList.toggle("chosen", code === state.area);
    dot.classList.toggle("back", Boolean(codes) && !codes.has(code));
    if (code === state.area) dot.parentNode.append(dot);
  }
}
