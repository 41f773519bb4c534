// A visitor's own ticket, live: each event fetches the page anew and swaps its content.
import { clockText, serverClock } from "./clock.js";
import { listen } from "./stream.js";
import { fill, wordsOf } from "./words.js";

const BUZZ = [400, 200, 400, 200, 800];

let live = document.getElementById("live");
const address = live.dataset.address;
const words = wordsOf(live);
const now = serverClock(live.dataset.now);
let lastHeard = now();
let stop = null;

async function renew() {
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer === null || answer.status >= 500) return down();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.getElementById("live");
  if (next === null) return location.reload(); // no longer a ticket: let the server say so
  lastHeard = now();
  swap(next, page.title);
}

function swap(next, title) {
  const before = live.dataset.state;
  // The live region stays the same element, or a screen reader would not read it.
  const said = live.querySelector("[data-said]");
  const newWords = next.querySelector("[data-said]").textContent;
  next.querySelector("[data-said]").replaceWith(said);
  live.replaceWith(next);
  live = next;
  document.title = title;
  if (said.textContent !== newWords) said.textContent = newWords;
  if (live.dataset.state === "called" && before !== "called") {
    navigator.vibrate?.(BUZZ);
    window.scrollTo({ top: 0 });
  }
  if ("ended" in live.dataset) stop?.();
}

function down() {
  const banner = live.querySelector("[data-stale]");
  const time = clockText(lastHeard, live.dataset.timezone);
  banner.textContent = fill(words["pages.ticket.stale"], { time });
  banner.hidden = false;
}

if (!("ended" in live.dataset)) {
  stop = listen(`${address}/stream`, { on: { ticket: renew }, down });
}
