/** The answer to a trial as text and tables; the map holds nothing that these do not. */

import { standingMark } from "./data.js";
import { byId, element, refill, reveal } from "./dom.js";
import { number, percent } from "./format.js";
import { set } from "./state.js";

const ORDER = ["in", "out", "both", "none", "withheld"];
const WITHHELD = "▨";

function head(titles) {
  return element("thead", {}, element("tr", {}, titles.map(([title, kind]) => element("th", { scope: "col", class: kind ?? "" }, title))));
}

const figure = (value, show, withheld) => element("td", { class: "num" }, withheld ? WITHHELD : show(value));

/** Sentence, counts, notes and the keys of gisapp.toml. */
export function drawAnswer({ sentence, changes, notes, toml, asked, texts }) {
  byId("sentence").textContent = sentence;
  refill(byId("changes"), head([["", ""], [texts.explore_col_desa, "num"], [texts.explore_col_families, "num"], [asked.title, "num"]]),
    element("tbody", {}, changes.map((row) => element("tr", { "data-place": row.place },
      element("th", { scope: "row" }, row.title), figure(row.desa, number), figure(row.families, number), figure(row.poor_families, number)))));
  refill(byId("notes"), notes.map((note) => element("li", {}, note)));
  byId("toml").textContent = toml || texts.explore_keep_none;
  byId("copy").disabled = !toml;
}

/** Values beside the controls, and the weights as they are rescaled. */
export function drawAsked(asked) {
  byId("level-shown").textContent = percent(asked.level / 100, 0);
  byId("cutoff-shown").textContent = percent(asked.cutoff / 100, 0);
  for (const [name, { share }] of Object.entries(asked.weights)) byId(`w_${name}-shown`).textContent = percent(share);
}

/** Pockets of the trial beside those of the run. */
export function drawPockets({ pockets, asked, texts }) {
  const rows = pockets.map((one) => {
    const hidden = one.status === "suppressed";
    return element("tr", { "data-kind": one.kind },
      element("th", { scope: "row" }, one.name, element("small", {}, one.was ? `${one.title} · ${texts.explore_col_was}: ${one.was}` : one.title)),
      figure(one.poor_families, number, hidden), figure(one.headcount_ratio, percent, hidden),
      element("td", { class: "num" }, `${number(one.agreement)} / ${number(one.methods_run)}`));
  });
  refill(byId("pocket-rows"), head([[texts.explore_col_place], [asked.title, "num"], [texts.explore_col_then, "num"], [texts.explore_col_methods, "num"]]),
    element("tbody", {}, rows.length ? rows : element("tr", {}, element("td", { colspan: 4 }, texts.explore_no_pockets))));
}

/** Share of a desa now and as tried, each with the mark of its own standing. */
const shareNow = (areas, at) => percent(areas.headcount_now[at]) + standingMark(areas.standing_now[at]);
const shareTried = (areas, at) => percent(areas.headcount_ratio[at]) + standingMark(areas.headcount_standing[at]);

function line(at, { areas, texts }) {
  const hidden = areas.status[at] === "suppressed";
  const place = areas.place[at];
  const sign = place === "in" ? "+ " : place === "out" ? "− " : "";
  const code = areas.code[at];
  return element("tr", { tabindex: -1, "data-code": code, "data-place": place, onclick: () => set({ area: code }), onkeydown: onKey },
    element("th", { scope: "row" }, areas.name[at], element("small", {}, areas.kecamatan[at])),
    element("td", {}, sign + texts[`explore_${place}`]),
    figure(at, (row) => shareNow(areas, row)), figure(at, (row) => shareTried(areas, row), hidden),
    element("td", { class: "num narrow-hidden" }, hidden ? WITHHELD : number(areas.poor_families[at])),
    element("td", { class: "num narrow-hidden" }, hidden ? WITHHELD : number(areas.adjusted_headcount[at], 3)));
}

function onKey(event) {
  const row = event.currentTarget;
  if (event.key === "Enter" || event.key === " ") set({ area: row.dataset.code });
  else if (event.key === "ArrowDown") row.nextElementSibling?.focus();
  else if (event.key === "ArrowUp") row.previousElementSibling?.focus();
  else return;
  event.preventDefault();
}

/** Every desa: those that come in or drop out first, then by share. */
export function drawRows(answer, onlyChanged) {
  const { areas, asked, texts } = answer;
  const rank = (at) => ORDER.indexOf(areas.place[at]);
  const rows = areas.code.map((_, at) => at)
    .filter((at) => !onlyChanged || ["in", "out"].includes(areas.place[at]))
    .sort((a, b) => rank(a) - rank(b) || (areas.headcount_ratio[b] ?? -1) - (areas.headcount_ratio[a] ?? -1) || (areas.code[a] < areas.code[b] ? -1 : 1));
  refill(byId("desa-rows"),
    head([[texts.explore_col_desa], [texts.explore_col_place], [texts.explore_col_now, "num"], [texts.explore_col_then, "num"], [asked.title, "num narrow-hidden"], [texts.explore_col_m0, "num narrow-hidden"]]),
    element("tbody", {}, rows.length ? rows.map((at) => line(at, answer)) : element("tr", {}, element("td", { colspan: 6, class: "muted" }, texts.explore_rows_empty))));
  byId("desa-rows").querySelector("tr[data-code]")?.setAttribute("tabindex", "0");
}

/** Mark the chosen desa in the table and say what is known of it in a corner of the map. */
export function drawChosen(answer, code) {
  const { areas, asked, texts } = answer;
  const at = areas.code.indexOf(code);
  for (const row of byId("desa-rows").querySelectorAll("tr.chosen")) row.classList.remove("chosen");
  const row = at < 0 ? null : byId("desa-rows").querySelector(`tr[data-code="${CSS.escape(code)}"]`);
  row?.classList.add("chosen");
  if (row) reveal(row);
  const box = byId("area-box");
  box.hidden = at < 0;
  if (at < 0) return;
  const hidden = areas.status[at] === "suppressed";
  const fact = (title, value) => element("div", {}, element("dt", {}, title), element("dd", {}, value));
  refill(box, element("button", { type: "button", class: "close", "aria-label": texts.close, onclick: () => set({ area: null }) }, "×"),
    element("h3", {}, areas.name[at]),
    element("dl", {}, fact(texts.explore_col_place, texts[`explore_${areas.place[at]}`]), fact(texts.explore_col_now, shareNow(areas, at)),
      fact(texts.explore_col_then, hidden ? WITHHELD : shareTried(areas, at)), fact(asked.title, hidden ? WITHHELD : number(areas.poor_families[at])),
      fact(texts.explore_col_m0, hidden ? WITHHELD : number(areas.adjusted_headcount[at], 3))));
}
