/** Try thresholds: every movement of a control asks anew, an older question is dropped, and the last answer is drawn. */

import * as api from "./api.js";
import { Areas } from "./data.js";
import { byId, element } from "./dom.js";
import { asked, attend, follow } from "./explore_controls.js";
import { drawAnswer, drawAsked, drawChosen, drawPockets, drawRows } from "./explore_view.js";
import { speak } from "./format.js";
import { drawLegend } from "./legend.js";
import { AreaLayer, makeMap } from "./map.js";
import * as state from "./state.js";

const L = window.L;
const POCKET = "#2b2e6b";
const WAIT_MS = 120;
const LINE = { pane: "pockets", fill: false, interactive: false, lineJoin: "round" };

class Explorer {
  constructor(root) {
    this.root = root;
    this.lang = root.dataset.lang;
  }

  async start() {
    state.begin({ area: state.readAddress().area ?? null });
    follow(new URLSearchParams(location.search));
    attend((settled) => this.moved(settled));
    addEventListener("popstate", () => { follow(new URLSearchParams(location.search)); this.ask(); });
    state.listen((now) => this.choose(now.area));
    byId("shown").addEventListener("change", () => this.colour());
    byId("only-changed").addEventListener("change", (event) => drawRows(this.answer, event.target.checked));
    byId("copy").addEventListener("click", () => this.copy());
    const [shapes, outlines] = await Promise.all([api.areaShapes("desa"), api.pocketShapes(), this.ask(location.search)]);
    this.map = makeMap(byId("map"), { texts: this.answer.texts, bounds: JSON.parse(this.root.dataset.bounds) });
    new ResizeObserver(() => this.map.invalidateSize({ animate: false, pan: false })).observe(byId("map"));
    this.layer = new AreaLayer(this.map, shapes, this.areas());
    L.geoJSON(outlines, { style: { ...LINE, color: "#5d6b72", weight: 1.8, dashArray: "2 4", className: "pocket-now" } }).addTo(this.map);
    this.marks = L.layerGroup().addTo(this.map);
    this.draw();
  }

  areas() {
    return new Areas("desa", this.answer.areas, []);
  }

  /** A control moved: ask after a moment; the address takes a step in its history when the control is let go. */
  moved(settled) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), settled ? 0 : WAIT_MS);
    if (settled) this.write(asked());
  }

  write(address) {
    if (!address) return;
    const query = address.toString();
    if (`?${query}` !== (location.search || "?")) history.pushState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    this.links();
  }

  links() {
    for (const link of document.querySelectorAll("[data-lang][href]")) {
      const address = new URLSearchParams(location.search);
      address.set("lang", link.dataset.lang);
      link.href = `?${address}${location.hash}`;
    }
  }

  /** Ask for the answer; one that comes after a newer question was asked is thrown away. */
  async ask(search) {
    const address = search === undefined ? asked() : new URLSearchParams(search);
    if (!address) return;
    address.set("lang", this.lang);
    this.asking?.abort();
    const asking = this.asking = new AbortController();
    if (this.answer) byId("busy").textContent = this.answer.texts.explore_busy;
    try {
      const answer = await fetched(`${this.root.dataset.answer}?${address}`, asking.signal);
      if (asking !== this.asking) return;
      this.answer = answer;
      this.refused(null);
      if (this.map) this.draw();
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!this.answer) throw error;
      this.refused(error.message);
    } finally {
      if (asking === this.asking) byId("busy").textContent = "";
    }
  }

  refused(message) {
    byId("sentence").classList.toggle("failed-note", Boolean(message));
    if (message) byId("sentence").textContent = message;
  }

  draw() {
    const { answer } = this;
    drawAsked(answer.asked);
    drawAnswer(answer);
    drawPockets(answer);
    drawRows(answer, byId("only-changed").checked);
    this.layer.areas = this.areas();
    this.colour();
    this.outline();
    this.choose(state.get().area);
    this.links();
    this.root.dataset.drawn = String(Number(this.root.dataset.drawn ?? 0) + 1);
  }

  colour() {
    const name = byId("shown").value;
    const unit = name === "headcount_ratio" ? "0..1" : "";
    const title = byId("shown").selectedOptions[0].textContent;
    this.layer.colour(this.answer.classes[name], { name, unit }, { withheld: this.answer.texts.withheld_short });
    drawLegend(this.answer.classes[name], { note: title, source: this.answer.asked.title }, this.answer.texts);
  }

  /** Outlines of the trial, and a sign on every desa that comes in or drops out. */
  outline() {
    this.marks.clearLayers();
    const shapes = { ...this.answer.outlines, features: this.answer.outlines.features.filter((one) => one.geometry) };
    this.marks.addLayer(L.geoJSON(shapes, { style: { ...LINE, color: "#ffffff", weight: 6 } }));
    this.marks.addLayer(L.geoJSON(shapes, { style: { ...LINE, color: POCKET, weight: 2.6, className: "pocket-then" } }));
    this.answer.areas.place.forEach((place, at) => {
      const box = ["in", "out"].includes(place) ? this.layer.bounds([this.answer.areas.code[at]]) : null;
      if (!box?.isValid()) return;
      const sign = element("span", { class: `sign sign-${place}` }, place === "in" ? "+" : "−");
      this.marks.addLayer(L.marker(box.getCenter(), { pane: "pins", interactive: false, keyboard: false, icon: L.divIcon({ html: sign, className: `mark-${place}`, iconSize: [20, 20], iconAnchor: [10, 10] }) }));
    });
  }

  choose(code) {
    if (!this.layer) return;
    this.layer.choose(code);
    drawChosen(this.answer, code);
    const box = code ? this.layer.bounds([code]) : null;
    if (box?.isValid() && !this.map.getBounds().contains(box)) this.map.panTo(box.getCenter());
    this.links();
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.answer.toml);
      byId("copied").textContent = this.answer.texts.explore_copied;
    } catch {
      getSelection().selectAllChildren(byId("toml"));
    }
  }
}

async function fetched(url, signal) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, signal });
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem[document.documentElement.lang === "en" ? "message_en" : "message_id"] ?? `HTTP ${response.status}`);
}

async function begin() {
  const root = byId("explore");
  speak(root.dataset.lang);
  const note = byId("loading");
  try {
    await new Explorer(root).start();
    root.classList.remove("loading");
    root.dataset.ready = "true";
    note.hidden = true;
  } catch (error) {
    note.textContent = error.message;
    root.classList.replace("loading", "failed");
  }
}

begin();
