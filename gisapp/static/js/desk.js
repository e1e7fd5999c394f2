// The desk form: questions that a kind of update does not ask are put away, and mistakes are shown first.
const form = document.querySelector("[data-desk]");
const blocks = [...form.querySelectorAll("[data-answers]")];

function follow() {
  const kind = form.querySelector("input[name=kind]:checked")?.value;
  for (const block of blocks) {
    block.hidden = kind === "leave";
    block.disabled = kind === "leave";
  }
}

form.addEventListener("change", (event) => {
  if (event.target.name === "kind") follow();
});
follow();
document.getElementById("wrong")?.focus();
