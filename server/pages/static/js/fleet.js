// The fleet page renews itself every 10 seconds, as often as the kiosks are asked.
import { operate } from "./operation.js";

const EVERY_MS = 10_000;

async function renew() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return; // the time of the last update stands on the page
  if (answer.redirected) return location.reload(); // the log-in has ended
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("live").replaceWith(page.getElementById("live"));
}

async function seen(event) {
  const call = event.target.closest("[data-seen]")?.dataset.seen;
  if (call === undefined) return;
  await operate(`help/${call}/seen`, {}); // who does not get through sees it still there
  await renew();
}

document.getElementById("main").addEventListener("click", seen);
setInterval(renew, EVERY_MS);
