/** The controls of a trial and the address: what differs from the run stands in the address, so that it can be sent. */

const form = document.getElementById("trial");
const ranges = () => [...form.querySelectorAll("input[type=range]")];
const deciles = () => [...form.querySelectorAll("input[name=decile]")];
const methods = () => [...form.querySelectorAll("input[name=methods]")];

/** What the controls say beyond the run, as an address; null where nothing that can be asked is chosen. */
export function asked() {
  const address = new URLSearchParams();
  const chosen = deciles().filter((box) => box.checked);
  if (!chosen.length) return null;
  if (deciles().some((box) => box.checked !== "usual" in box.dataset)) address.set("deciles", chosen.map((box) => box.value).join(","));
  for (const range of ranges()) if (!range.dataset.weight && range.value !== range.dataset.usual) address.set(range.name, range.value);
  const method = methods().find((radio) => radio.checked);
  if (method && !("usual" in method.dataset)) address.set("methods", method.value);
  const weights = ranges().filter((range) => range.dataset.weight);
  if (weights.every((range) => range.value === "0")) return null;
  if (weights.some((range) => range.value !== range.dataset.usual)) for (const range of weights) address.set(range.name, range.value);
  return address;
}

/** Set the controls as an address says. */
export function follow(address) {
  const listed = address.get("deciles")?.split(",");
  for (const box of deciles()) box.checked = listed ? listed.includes(box.value) : "usual" in box.dataset;
  for (const radio of methods()) radio.checked = address.has("methods") ? radio.value === address.get("methods") : "usual" in radio.dataset;
  for (const range of ranges()) range.value = address.get(range.name) ?? range.dataset.usual;
}

/** Keep the last box of the deciles and the last importance from going out: nothing would be left to ask. */
function keepOne(target) {
  if (target.name === "decile" && !deciles().some((box) => box.checked)) target.checked = true;
  if (target.dataset.weight && ranges().filter((range) => range.dataset.weight).every((range) => range.value === "0")) target.value = "1";
}

/** Tell of every movement; `settled` is true when a control was let go. */
export function attend(onMove) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => { keepOne(event.target); onMove(false); });
  form.addEventListener("change", () => onMove(true));
  document.getElementById("reset").addEventListener("click", (event) => {
    event.preventDefault();
    follow(new URLSearchParams());
    onMove(true);
  });
}
