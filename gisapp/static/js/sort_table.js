/** Tables that sort: each head becomes a button; withheld and empty cells stay last, whichever way. */

function keyOf(row, column) {
  const cell = row.cells[column];
  if (column === 0) return cell.textContent.trim();
  if (cell.dataset.sort !== undefined) return Number(cell.dataset.sort);
  const words = row.classList.contains("withheld") ? "" : cell.textContent.trim();
  return words === "" || words === "–" ? null : words;
}

function compare(a, b) {
  return typeof a === "string" || typeof b === "string" ? String(a).localeCompare(String(b)) : a - b;
}

function sort(table, column, down) {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row, column) }));
  rows.sort((a, b) => {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
    return down ? compare(b.key, a.key) : compare(a.key, b.key);
  });
  body.append(...rows.map((one) => one.row));
}

function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = head.dataset.words;
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const down = now === "none" ? column > 0 : now === "ascending";
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(table, column, down);
    });
  });
}

for (const table of document.querySelectorAll("table.sortable")) makeSortable(table);
