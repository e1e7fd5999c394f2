/** Keeps the bar of a running job up to date; when the job has ended, the page is loaded again to tell how. */

const EVERY_MS = 1000;
const LONGEST_WAIT_MS = 15000;

const panel = document.getElementById("job");
const bar = document.getElementById("job-bar");
const text = document.getElementById("job-text");

function show(job) {
  if (job.share === null) bar.removeAttribute("value");
  else bar.value = Math.round(job.share * 1000);
  if (text.textContent !== job.text) text.textContent = job.text;
}

async function look(wait) {
  try {
    const response = await fetch(panel.dataset.status, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    const job = await response.json();
    if (job.finished || job.state !== panel.dataset.state) {
      location.reload();
      return;
    }
    show(job);
    setTimeout(look, EVERY_MS, EVERY_MS);
  } catch {
    setTimeout(look, wait, Math.min(wait * 2, LONGEST_WAIT_MS));
  }
}

setTimeout(look, EVERY_MS, EVERY_MS);
