// The waiting-room board: calls and figures by the stream, last good data when it breaks.
import { chime } from "./chime.js";
import { clockText, serverClock } from "./clock.js";
import { listen } from "./stream.js";
import { fill, pick, waitText, wordsOf } from "./words.js";

const HIGHLIGHT_MS = 12_000;
const KEEP_MS = 60_000;
const EARLIER = 4;
const EARLIER_MOST = 7;
const PROCEDURES = 6;
const TURN_MS = 8000;
const STALE_MS = 30_000; // figures come every 15 seconds
const LOOK_AGAIN_MS = 10 * 60_000;

const live = document.getElementById("live");
const { office, timezone, language } = live.dataset;
const words = wordsOf(live);
const say = (key, values) => fill(words[`pages.board.${key}`], values);
let now = serverClock(live.dataset.now);
const find = (name) => live.querySelector(`[data-${name}]`);

let connected = true;
let callsHeard = 0;
let asOf = new Date(live.dataset.asOf);
let calls = callsIn(live);

function callsIn(page) {
  const marks = page.querySelector("[data-calls]").content.children;
  return [...marks].map(({ dataset }) => ({
    label: dataset.label, counter: dataset.counter, at: new Date(dataset.at), over: "over" in dataset,
  }));
}

function drawCalls() {
  const at = now();
  const fresh = (call) => at - call.at < HIGHLIGHT_MS;
  const current = calls.find((call) => !call.over);
  const others = calls.filter((call) => call !== current);
  const kept = others.filter((call, index) => index < EARLIER || at - call.at < KEEP_MS);
  const earlier = kept.slice(0, EARLIER_MOST);
  find("current").hidden = current === undefined;
  find("nobody").hidden = current !== undefined;
  live.querySelector(".now").classList.toggle("fresh-call", current !== undefined && fresh(current));
  put(find("label"), current?.label ?? "");
  put(find("counter"), current === undefined ? "" : say("at_counter", { counter: current.counter }));
  live.querySelector(".earlier").classList.toggle("many", earlier.length > EARLIER);
  find("earlier").replaceChildren(...earlier.map((call) => line(call, fresh(call))));
}

function line(call, fresh) {
  const row = document.createElement("li");
  row.classList.toggle("fresh-call", fresh);
  for (const [kind, text] of [["label", call.label], ["counter", say("at_counter", { counter: call.counter })]]) {
    const part = document.createElement("span");
    part.className = kind;
    part.textContent = text;
    row.append(part);
  }
  return row;
}

// Untouched text is not written again, or a screen reader would read it every second.
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function takeCall(call) {
  callsHeard += 1;
  const others = calls.filter((one) => one.label !== call.label);
  if (call.kind === "undo") {
    calls = others;
    return drawCalls();
  }
  calls = [{ label: call.label, counter: call.number, at: now() }, ...others];
  drawCalls();
  sound.ring();
}

/** Whoever was called has been seen to or is not there: in the list, but not called. */
function takeOver(done) {
  callsHeard += 1;
  calls = calls.map((call) => (call.label === done.label ? { ...call, over: true } : call));
  drawCalls();
}

/** What was called while the line was down, or before it was up; and the right time. */
async function lookAgain() {
  const heard = callsHeard;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return; // the line says for itself how old all this is
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  if (heard !== callsHeard) return lookAgain(); // what came meanwhile may be newer
  const before = calls[0]?.label;
  now = serverClock(page.dataset.now);
  calls = callsIn(page);
  drawCalls();
  if (calls.length > 0 && calls[0].label !== before && now() - calls[0].at < HIGHLIGHT_MS) sound.ring();
}

function takeFigures(figures) {
  asOf = new Date(figures.as_of);
  const rows = figures.procedures.map((one) => {
    const row = document.createElement("li");
    const closed = !one.open && one.waiting === 0;
    const range = closed ? words["pages.congestion.closed"] : waitText(words, one.wait_minutes);
    const people = say("people", { count: one.waiting });
    for (const [kind, text] of [["name", pick(one.name, language)], ["range", range], ["people", people]]) {
      const part = document.createElement("span");
      part.className = kind;
      part.textContent = text;
      row.append(part, " ");
    }
    return row;
  });
  find("waiting").replaceChildren(...rows);
  turn();
  drawLine();
}

/** More procedures than fit take turns. */
function turn() {
  const rows = [...find("waiting").children];
  const pages = Math.max(1, Math.ceil(rows.length / PROCEDURES));
  const page = Math.floor(performance.now() / TURN_MS) % pages;
  rows.forEach((row, index) => { row.hidden = Math.floor(index / PROCEDURES) !== page; });
}

function drawLine() {
  const down = !connected || now() - asOf >= STALE_MS;
  const time = clockText(asOf, timezone);
  find("line").classList.toggle("down", down);
  put(find("line"), down ? `⚠ ${say("stale", { time })}` : `${words["pages.site.updated"]} ${time}`);
}

function tick() {
  put(find("clock"), clockText(now(), timezone, { seconds: false }));
  drawCalls();
  drawLine();
  turn();
}

function heard(on) {
  find("sound").hidden = false;
  find("sound").classList.toggle("off", !on);
  put(find("sound-text"), say(on ? "sound_on" : "sound_off"));
  find("start").hidden = on;
}

const sound = chime(heard);
for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, sound.start);

listen(`/api/public/v1/offices/${office}/stream`, {
  on: { figures: takeFigures, call: takeCall, over: takeOver },
  up: () => { connected = true; drawLine(); lookAgain(); },
  down: () => { connected = false; drawLine(); },
  retry: 1000,
  silent: STALE_MS,
});
setInterval(tick, 1000);
setInterval(lookAgain, LOOK_AGAIN_MS);
tick();
