// The congestion page, live: one office by its stream, all offices by asking every 15 s.
import { clockText } from "./clock.js";
import { listen } from "./stream.js";
import { fill, waitText, wordsOf } from "./words.js";

const ASK_EVERY_MS = 15_000;
const STALE_MS = 2 * 60_000;
const HIDDEN_MS = 10 * 60_000;

const live = document.getElementById("live");
const words = wordsOf(live);
const say = (key, values) => fill(words[`pages.congestion.${key}`], values);
const count = (people) => fill(words["pages.ticket.people"], { count: people });

/** What is shown of one office, and how old it is by our own stopwatch. */
function sheet(section) {
  let asOf = new Date(section.dataset.asOf);
  let born = performance.now() - Number(section.dataset.age) * 1000;
  let shown = "fresh";

  const time = (seconds) => clockText(asOf, section.dataset.timezone, { seconds });

  function put(row, name, text) {
    const place = row.querySelector(`[data-${name}]`);
    if (place.textContent === text) return;
    place.textContent = text;
    place.classList.remove("changed");
    void place.offsetWidth; // lets the animation begin anew
    place.classList.add("changed");
  }

  function take(figures) {
    const news = new Date(figures.as_of);
    if (news < asOf) return;
    asOf = news;
    born = performance.now();
    for (const one of figures.procedures) {
      const row = section.querySelector(`[data-procedure="${CSS.escape(one.id)}"]`);
      if (row === null) continue;
      row.querySelector("[data-closed]").hidden = one.open;
      put(row, "last-called", one.last_called ?? say("none"));
      put(row, "next-up", one.next_up ?? say("none"));
      put(row, "waiting", count(one.waiting));
      put(row, "wait-minutes", waitText(words, one.wait_minutes));
      put(row, "on-hold", count(one.on_hold));
    }
    const total = section.querySelector("[data-total]");
    if (total) total.textContent = count(figures.procedures.reduce((sum, one) => sum + one.waiting, 0));
    document.querySelector(`[data-updated="${figures.office}"]`).textContent = time(true);
    watch();
  }

  function watch() {
    const age = performance.now() - born;
    const state = age >= HIDDEN_MS ? "too_old" : age >= STALE_MS ? "stale" : "fresh";
    section.classList.remove("fresh", "stale", "too_old");
    section.classList.add(state);
    if (state === shown) return;
    shown = state;
    const banner = section.querySelector("[data-banner]");
    banner.hidden = state === "fresh";
    if (state === "stale") banner.textContent = say("stale", { time: time(false) });
    if (state === "too_old") {
      banner.textContent = say("too_old");
      for (const place of section.querySelectorAll("td span, [data-total]")) place.textContent = say("hidden");
    }
  }

  setInterval(watch, 1000);
  return { take, watch };
}

const sheets = new Map(
  [...document.querySelectorAll("[data-figures]")].map((section) => [section.dataset.figures, sheet(section)]),
);

function follow() {
  if (live.dataset.office) {
    const take = (figures) => sheets.get(figures.office)?.take(figures);
    const address = `/api/public/v1/offices/${live.dataset.office}/stream`;
    return listen(address, { on: { figures: take }, retry: 2000 + Math.random() * 3000 });
  }
  // A browser keeps few lines open to one server: six streams would block the page.
  const timer = setInterval(ask, ASK_EVERY_MS);
  return () => clearInterval(timer);
}

async function ask() {
  const answer = await fetch("/api/public/v1/congestion").catch(() => null);
  if (!answer?.ok) return; // the age of what is shown speaks for itself
  for (const figures of (await answer.json()).offices) sheets.get(figures.office)?.take(figures);
}

let stop = follow();
const pause = document.querySelector("[data-pause]");
pause.hidden = false;
pause.addEventListener("click", () => {
  const paused = stop !== null;
  stop?.();
  stop = paused ? null : follow();
  if (!paused && !live.dataset.office) ask();
  pause.setAttribute("aria-pressed", String(paused));
  pause.textContent = say(paused ? "resume" : "pause");
});
