/** Try a budget: every movement asks anew, an older question is dropped; the page holds the first answer already. */

import { byId, element, refill } from "./dom.js";

const WAIT_MS = 120;
const root = byId("try");
const words = JSON.parse(root.dataset.words);
const stops = JSON.parse(root.dataset.stops);
const budget = byId("budget");
const weights = [...byId("trial").querySelectorAll("input[name^=w_]")];
const held = new Set(["a", "b"]);
let waiting;
let asking;
let kept = byId("copy").disabled ? "" : byId("toml").textContent;

/** What the controls say beyond the run, as an address. */
function asked() {
  const address = new URLSearchParams();
  const millions = stops[Number(budget.value)];
  if (String(millions) !== budget.dataset.usual) address.set("budget", millions);
  if (weights.some((one) => one.value !== one.dataset.usual)) for (const one of weights) address.set(one.name, one.value);
  return address;
}

/** Set the controls as an address says. */
function follow(address) {
  const millions = Number(address.get("budget") ?? budget.dataset.usual);
  const nearest = stops.reduce((best, stop, at) => (Math.abs(stop - millions) < Math.abs(stops[best] - millions) ? at : best), 0);
  budget.value = String(nearest);
  for (const one of weights) one.value = address.get(one.name) ?? one.dataset.usual;
}

function write() {
  const address = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => held.has(name)));
  for (const [name, value] of asked()) address.set(name, value);
  const query = address.toString();
  if (`?${query}` !== (location.search || "?")) history.pushState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
  links();
}

/** The other language is the same page with the same choices. */
function links() {
  for (const link of document.querySelectorAll("a[data-lang][href]")) {
    const address = new URLSearchParams(location.search);
    address.set("lang", link.dataset.lang);
    link.href = `?${address}${location.hash}`;
  }
}

function moved(settled) {
  clearTimeout(waiting);
  waiting = setTimeout(ask, settled ? 0 : WAIT_MS);
  if (settled) write();
}

async function ask() {
  const address = asked();
  address.set("run", root.dataset.run);
  address.set("lang", root.dataset.lang);
  asking?.abort();
  const mine = asking = new AbortController();
  byId("busy").textContent = words.scenario_busy;
  try {
    const response = await fetch(`${root.dataset.answer}?${address}`, { headers: { Accept: "application/json" }, signal: mine.signal });
    const found = await response.json();
    if (mine !== asking) return;
    byId("sentence").classList.toggle("failed-note", !response.ok);
    if (response.ok) draw(found);
    else byId("sentence").textContent = found[root.dataset.lang === "en" ? "message_en" : "message_id"];
  } catch (error) {
    if (error.name !== "AbortError") byId("sentence").textContent = error.message;
  } finally {
    if (mine === asking) byId("busy").textContent = "";
  }
}

function draw(found) {
  byId("budget-shown").textContent = found.asked.budget;
  budget.setAttribute("aria-valuetext", found.asked.budget);
  for (const [name, { share }] of Object.entries(found.asked.weights)) byId(`w_${name}-shown`).textContent = share;
  byId("sentence").textContent = found.sentence;
  byId("proof").textContent = found.proof;
  refill(byId("try-rows").tBodies[0], found.rows.map(line));
  spots(new Set(found.bought));
  kept = found.toml;
  byId("toml").textContent = kept || words.scenario_keep_none;
  byId("copy").disabled = !kept;
  root.dataset.drawn = String(Number(root.dataset.drawn ?? 0) + 1);
}

function line(row) {
  const number = (label, text) => element("td", { class: "num", "data-label": words[label] }, text);
  return element("tr", { "data-id": row.id, class: row.bought ? "bought" : null },
    element("td", {}, row.bought ? `✓ ${words.scenario_bought}` : `– ${words.scenario_not_bought}`),
    element("th", { scope: "row" }, row.title, element("small", {}, `${row.strategy} · ${row.strategy_title}`)),
    element("td", { "data-label": words.column_pocket_long }, row.pocket),
    number("column_reached", row.families), number("column_cost", row.cost), number("scenario_standing", row.standing));
}

/** How many of the suggestions at each point are bought. */
function spots(bought) {
  for (const spot of byId("try-map").querySelectorAll(".spot")) {
    const ids = spot.dataset.ids.split(" ");
    const some = ids.filter((id) => bought.has(id)).length;
    spot.classList.toggle("some", some > 0);
    spot.querySelector("text").textContent = `${some}/${ids.length}`;
  }
}

async function copy() {
  try {
    await navigator.clipboard.writeText(kept);
    byId("copied").textContent = words.explore_copied;
  } catch {
    getSelection().selectAllChildren(byId("toml"));
  }
}

byId("trial").addEventListener("submit", (event) => event.preventDefault());
byId("trial").addEventListener("input", () => moved(false));
byId("trial").addEventListener("change", () => moved(true));
byId("reset").addEventListener("click", () => { follow(new URLSearchParams()); moved(true); });
byId("copy").addEventListener("click", copy);
addEventListener("popstate", () => { follow(new URLSearchParams(location.search)); ask(); });
spots(new Set([...byId("try-rows").querySelectorAll("tr.bought")].map((row) => row.dataset.id)));
links();
root.dataset.ready = "true";
