// The staff console: one key per visitor, a list that keeps still, plain answers.
import { ask } from "./ask.js";
import { chime } from "./chime.js";
import { operate, within } from "./operation.js";
import { markGone, move, rowsOf, swap } from "./rows.js";
import { listen } from "./stream.js";
import { fill, wordsOf } from "./words.js";

const STILL_MS = 5000;
const RENEW_MS = 10_000;
const BUSY_MS = 300;
const SILENT_MS = 10_000; // the server speaks every 5 seconds
const KEYS = {
  F9: "next", F2: "recall", F3: "appear", F4: "absent", F6: "hold", F7: "transfer", F8: "finish", Delete: "cancel",
};
const OF_COUNTER = new Set(["next", "open", "close"]);
const ASKED = new Set(["hold", "transfer", "cancel", "more"]);
const SEATED = new Set(["next", "open"]); // refused while a colleague has a visitor there

const live = document.getElementById("live");
const { office, counter } = live.dataset;
const words = wordsOf(live);
const say = (key, values) => fill(words[`pages.staff.${key}`], values);
const desk = () => document.getElementById("desk");
const lists = () => document.getElementById("lists");
const number = document.getElementById("number");
const help = () => document.getElementById("help");
const sound = chime(() => {});

let underWay = null;
let renewing = 0;
let stillUntil = 0;
let waitingLists = null;
let undoUntil = performance.now() + Number(desk().dataset.undo) * 1000;

function tell(text, kind) {
  const said = document.getElementById("said");
  said.className = `said ${kind}`;
  said.textContent = text;
}

/* What an operation asks of the server: its path and body. */

function request(action, ticket, order) {
  if (OF_COUNTER.has(action)) return [`counters/${counter}/${action}`, { by_hand: true }];
  const body = ticket.version ? { version: Number(ticket.version), ...order } : { ...order };
  if (action === "call" || action === "resume") body.counter = counter;
  if (action === "verify") body.verified = ticket.verified === "true";
  return [`tickets/${ticket.ticket}/${action}`, body];
}

/** Who is at the desk, if anybody: what an operation without a row is about. */
function atDesk() {
  const { current, currentLabel, version, state } = desk().dataset;
  return current === undefined ? null : { ticket: current, label: currentLabel, version, state };
}

/** One after the other; but a second "next" before the first is done is a slip. */
async function act(action, ticket = {}) {
  if (action === "next" && underWay?.action === "next") return tell(say("said.slip"), "refused");
  while (underWay !== null) await underWay.over;
  underWay = { action, over: perform(action, ticket) };
  await underWay.over;
  underWay = null;
}

async function perform(action, ticket) {
  if (action === "seen") return seen(ticket.call);
  if (ticket.ticket === undefined && !OF_COUNTER.has(action)) {
    ticket = atDesk();
    if (ticket === null) return tell(say(action === "undo" ? "said.nothing_to_undo" : "said.no_current"), "refused");
  }
  return decide(action, ticket);
}

async function decide(action, ticket) {
  let order = {};
  if (ASKED.has(action)) {
    const title = say(`ask.${action}_title`, { label: ticket.label });
    order = await ask(action, title, action === "more" ? ticket.can.split(" ") : null);
    if (order === null) return;
    const { action: instead, ...rest } = order;
    if (ASKED.has(instead)) return decide(instead, ticket);
    if (instead) return send(instead, ticket, {});
    order = rest;
  }
  return send(action, ticket, order);
}

async function send(action, ticket, order) {
  const before = atDesk();
  let answer = await busily(() => ordered(action, ticket, order));
  if (answer.status === 409 && answer.body.taken_by && SEATED.has(action)) {
    const { user } = answer.body.taken_by;
    const label = before?.label ?? "";
    if ((await ask("take_over", say("ask.take_over_title", { user, label }))) === null) return tell(say("said.left_alone", { user }), "");
    answer = await busily(() => operate(`counters/${counter}/${action}`, { by_hand: true, take_over: true }));
  }
  stillUntil = performance.now() + STILL_MS;
  tellAnswer(action, ticket, before, answer);
  await lookAgain(answer);
}

/** Who was told to press again must not have to wait for a server that hangs. */
async function lookAgain({ status }) {
  const renewed = renew();
  if (status !== 0) await renewed;
}

async function ordered(action, ticket, order) {
  // Who resumes a visitor must sit at an open counter; a call opens it by itself.
  if (action === "resume" && desk().querySelector('[data-do="open"]')) {
    const opened = await operate(`counters/${counter}/open`, { by_hand: true });
    if (opened.status === 0) return opened;
  }
  return operate(...request(action, ticket, order));
}

/** Whoever waits longer than a moment sees that something is under way. */
async function busily(work) {
  live.setAttribute("aria-busy", "true");
  const timer = setTimeout(() => tell(say("said.busy"), "busy"), BUSY_MS);
  const answer = await work();
  clearTimeout(timer);
  live.removeAttribute("aria-busy");
  return answer;
}

async function seen(call) {
  const answer = await busily(() => operate(`help/${call}/seen`, {}));
  if (answer.status === 200) tell(words["pages.help.said"], "well");
  else tell(refusal("seen", {}, answer), "refused");
  await lookAgain(answer);
}

function tellAnswer(action, ticket, before, answer) {
  const { status, body } = answer;
  const { label } = ticket;
  if (status >= 200 && status < 300) {
    const called = body.ticket?.label ?? label;
    if (action === "next" && !body.ticket) return tell(say("said.next_none"), "");
    if (action === "next" && !answer.again && body.ticket.id === before?.ticket) return tell(say("said.slip"), "refused");
    return tell(say(`said.${action}`, { label: called }), "well");
  }
  tell(refusal(action, ticket, answer), "refused");
}

function refusal(action, { label, state: shown, version }, { status, body, late }) {
  if (status === 0) return say(late ? "refused.no_answer" : "refused.offline");
  if (status === 401) return say("refused.login");
  if (status === 403) return say("refused.forbidden");
  if (status === 404) return say("refused.unknown");
  if (status !== 409) return say("refused.other", { title: body.detail ?? status });
  if (action === "undo") return say("said.nothing_to_undo");
  if (action === "recall" && body.state === "called") return say("refused.too_soon");
  const asSeen = shown === body.state && Number(version) === body.version;
  if (asSeen && (action === "call" || action === "resume")) return say("refused.busy");
  if (asSeen && label) return say("refused.not_now", { label });
  const state = words[`pages.state.${body.state}`];
  return state && label ? say("refused.conflict", { label, state }) : say("refused.conflict_other");
}

/* Keeping up: the desk at once, the lists when no finger is on its way to them. */

async function renew() {
  const answer = await within(`/staff/panel?counter=${counter}`, { headers: { Accept: "text/html" } });
  if (answer.redirected || answer.status === 401) return location.reload();
  if (!answer.ok) return lineDown();
  document.getElementById("line").hidden = true;
  const next = new DOMParser().parseFromString(answer.text, "text/html");
  showHelp(next.getElementById("help"));
  swap(desk(), next.getElementById("desk"));
  undoUntil = performance.now() + Number(desk().dataset.undo) * 1000;
  tick();
  waitingLists = next.getElementById("lists");
  if (performance.now() < stillUntil) markGone(waitingLists);
  else showLists();
}

/** A call that is new rings; one that is there already is not said again. */
function showHelp(next) {
  const known = help().dataset.calls.split(" ");
  if (next.dataset.calls === help().dataset.calls) return;
  if (next.dataset.calls.split(" ").some((call) => !known.includes(call))) sound.ring();
  swap(help(), next);
}

function showLists() {
  if (waitingLists === null || performance.now() < stillUntil) return;
  swap(lists(), waitingLists);
  waitingLists = null;
}

function lineDown() {
  const line = document.getElementById("line");
  const time = desk().querySelector("time").textContent;
  line.textContent = say("stale", { time });
  line.hidden = false;
}

function tick() {
  const seconds = Math.ceil((undoUntil - performance.now()) / 1000);
  const button = desk().querySelector(".undo");
  button.classList.toggle("live", seconds > 0);
  button.querySelector("[data-undo-text]").textContent = seconds > 0 ? say("undo_seconds", { seconds }) : say("undo");
  showLists();
}

/* Fingers and keys. */

function callNumber(event) {
  event.preventDefault();
  const text = number.value.trim().normalize("NFKC").toUpperCase();
  if (!text) return;
  const rows = rowsOf(text);
  if (rows.length === 0) return callUnseen(text);
  if (rows.length > 1) return tell(say("said.many_numbers", { labels: rows.map((row) => row.dataset.label).join(" ") }), "refused");
  const button = rows[0].querySelector('[data-do="call"], [data-do="resume"]');
  if (button === null) return callUnseen(rows[0].dataset.label);
  number.value = "";
  number.blur();
  act(button.dataset.do, { ...button.dataset });
}

/** A number that is not in the lists shown: perhaps far behind, or of another counter. */
async function callUnseen(text) {
  const states = ["waiting", "absent", "on_hold"].map((state) => `state=${state}`).join("&");
  const answer = await fetch(`/api/staff/v1/offices/${office}/tickets?${states}`).catch(() => null);
  const found = answer?.ok ? (await answer.json()).tickets.find((one) => one.label === text) : undefined;
  if (found === undefined) return tell(say("said.no_number", { label: text }), "refused");
  number.value = "";
  number.blur();
  act("call", { ticket: found.id, label: found.label, version: found.version, state: found.state });
}

function pressed(event) {
  if (event.isComposing || event.altKey || event.metaKey) return;
  const writing = event.target === number;
  if (event.ctrlKey) {
    if (event.key.toLowerCase() !== "z" || (writing && number.value)) return;
    event.preventDefault();
    act("undo");
  } else if (KEYS[event.key] && !event.shiftKey && !(writing && event.key === "Delete")) {
    event.preventDefault();
    if (!event.repeat) act(KEYS[event.key]);
  } else if (event.key === " " && event.target === document.body) {
    event.preventDefault();
    if (!event.repeat) act("next");
  } else if (!writing && event.key.startsWith("Arrow")) {
    if (move(event.key)) event.preventDefault();
  } else if (!writing && /^[0-9/]$/.test(event.key)) {
    event.preventDefault();
    number.focus();
    if (event.key !== "/") number.value += event.key;
  } else if (writing && event.key === "Escape") {
    number.value = "";
    number.blur();
  }
}

live.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (event.detail > 1 && button?.dataset.do === "next") return tell(say("said.slip"), "refused"); // a double click
  if (button) act(button.dataset.do, { ...button.dataset });
});
document.getElementById("any-number").addEventListener("submit", callNumber);
document.addEventListener("keydown", pressed);

/** News of others: many consoles hear the same, so each waits its own short while. */
function renewSoon() {
  clearTimeout(renewing);
  renewing = setTimeout(renew, 150 + Math.random() * 600);
}

listen(`/api/staff/v1/offices/${office}/stream`, {
  on: { figures: renewSoon, call: renewSoon, help: renewSoon }, down: lineDown, retry: 1000, silent: SILENT_MS,
});
for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, sound.start);
setInterval(renew, RENEW_MS);
setInterval(tick, 250);
