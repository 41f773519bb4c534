// The staff console: one key per visitor, a list that keeps still, plain answers.
import { listen } from "./stream.js";
import { operate } from "./operation.js";
import { fill, wordsOf } from "./words.js";

const STILL_MS = 5000;
const RENEW_MS = 10_000;
const KEYS = { F9: "next", F2: "recall", F4: "absent", F6: "hold", F8: "finish" };
const AT_DESK = new Set(["recall", "absent", "hold", "finish", "undo", "appear"]);

const live = document.getElementById("live");
const { office, counter } = live.dataset;
const words = wordsOf(live);
const say = (key, values) => fill(words[`pages.staff.${key}`], values);
const desk = () => document.getElementById("desk");
const lists = () => document.getElementById("lists");
const number = document.getElementById("number");

let busy = false;
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

function request(action, ticket) {
  const body = ticket.version ? { version: Number(ticket.version) } : {};
  if (action === "next" || action === "open" || action === "close") return [`counters/${counter}/${action}`, {}];
  if (action === "call" || action === "resume") body.counter = counter;
  if (action === "hold") body.reason = words["pages.staff.hold_reason"];
  if (action === "verify") body.verified = ticket.verified === "true";
  return [`tickets/${ticket.ticket}/${action}`, body];
}

async function act(action, ticket = {}) {
  if (busy) return;
  const { current, currentLabel, version } = desk().dataset;
  if (AT_DESK.has(action)) {
    if (current === undefined) return tell(say(action === "undo" ? "said.nothing_to_undo" : "said.no_current"), "refused");
    ticket = { ticket: current, label: currentLabel, version };
  }
  busy = true;
  live.setAttribute("aria-busy", "true");
  // Who resumes a visitor must sit at an open counter; a call opens it by itself.
  if (action === "resume" && desk().dataset.open === undefined) await operate(`counters/${counter}/open`, {});
  const answer = await operate(...request(action, ticket));
  busy = false;
  live.removeAttribute("aria-busy");
  stillUntil = performance.now() + STILL_MS;
  tellAnswer(action, ticket, answer);
  await renew();
}

function tellAnswer(action, ticket, { status, body }) {
  const { label } = ticket;
  if (status >= 200 && status < 300) {
    const called = body.ticket?.label ?? label;
    if (action === "next" && !body.ticket) return tell(say("said.next_none"), "");
    return tell(say(`said.${action}`, { label: called }), "well");
  }
  tell(refusal(action, ticket, status, body), "refused");
}

function refusal(action, { label, state: seen, version }, status, body) {
  if (status === 0) return say("refused.offline");
  if (status === 401) return say("refused.login");
  if (status === 403) return say("refused.forbidden");
  if (status === 404) return say("refused.unknown");
  if (status === 409 && action === "undo") return say("said.nothing_to_undo");
  if (status === 409 && action === "recall" && body.state === "called") return say("refused.too_soon");
  const asSeen = seen === body.state && Number(version) === body.version;
  if (status === 409 && asSeen) return say("refused.busy");
  const state = words[`pages.state.${body.state}`];
  if (status === 409 && state && label) return say("refused.conflict", { label, state });
  if (status === 409) return say("refused.conflict_other");
  return say("refused.other", { title: body.detail ?? status });
}

/* Keeping up: the desk at once, the lists when no finger is on its way to them. */

async function renew() {
  const answer = await fetch(`/staff/panel?counter=${counter}`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.redirected || answer?.status === 401) return location.reload();
  if (!answer?.ok) return lineDown();
  document.getElementById("line").hidden = true;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  swap(desk(), next.getElementById("desk"));
  undoUntil = performance.now() + Number(desk().dataset.undo) * 1000;
  waitingLists = next.getElementById("lists");
  if (performance.now() < stillUntil) markGone(waitingLists);
  else showLists();
}

function showLists() {
  if (waitingLists === null || performance.now() < stillUntil) return;
  swap(lists(), waitingLists);
  waitingLists = null;
}

/** The list stays as it is, but who left it cannot be taken again, and who came back can. */
function markGone(next) {
  for (const row of lists().querySelectorAll("[data-row]")) {
    const there = next.querySelector(`[data-row="${CSS.escape(row.dataset.row)}"]`);
    row.classList.toggle("gone", there?.dataset.state !== row.dataset.state);
    const version = there?.querySelector("[data-version]")?.dataset.version;
    for (const button of row.querySelectorAll("[data-version]")) button.dataset.version = version ?? "";
  }
}

/** Replace an element; the button that had the focus has it again. */
function swap(old, next) {
  const held = old.contains(document.activeElement) ? document.activeElement.dataset : null;
  old.replaceWith(next);
  if (held?.do === undefined) return;
  const same = held.ticket ? `[data-do="${held.do}"][data-ticket="${held.ticket}"]` : `[data-do="${held.do}"]`;
  next.querySelector(same)?.focus({ preventScroll: true });
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

/** Rows that carry this number: `A045` exactly, or else every one that ends in `45`. */
function rowsOf(text) {
  const rows = [...lists().querySelectorAll("[data-row]:not(.gone)")].filter((row) => row.querySelector("[data-do]"));
  const exact = rows.filter((row) => row.dataset.label === text);
  if (exact.length || !/^\d+$/.test(text)) return exact;
  return rows.filter((row) => Number(row.dataset.label.replace(/^\D+/, "")) === Number(text));
}

function callNumber(event) {
  event.preventDefault();
  const text = number.value.trim().normalize("NFKC").toUpperCase();
  if (!text) return;
  const rows = rowsOf(text);
  if (rows.length === 0) return callUnseen(text);
  if (rows.length > 1) return tell(say("said.many_numbers", { labels: rows.map((row) => row.dataset.label).join(" ") }), "refused");
  number.value = "";
  number.blur();
  const button = rows[0].querySelector('[data-do="call"], [data-do="resume"]');
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
  } else if (KEYS[event.key] && !event.shiftKey) {
    event.preventDefault();
    if (!event.repeat) act(KEYS[event.key]);
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
  if (button) act(button.dataset.do, { ...button.dataset });
});
document.getElementById("any-number").addEventListener("submit", callNumber);
document.addEventListener("keydown", pressed);

/** News of others: many consoles hear the same, so each waits its own short while. */
function renewSoon() {
  clearTimeout(renewing);
  renewing = setTimeout(renew, 150 + Math.random() * 600);
}

listen(`/api/public/v1/offices/${office}/stream`, {
  on: { figures: renewSoon, call: renewSoon }, down: lineDown, retry: 1000,
});
setInterval(renew, RENEW_MS);
setInterval(tick, 250);
