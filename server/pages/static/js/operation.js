// One operation at the staff API: sent once, however often it has to be sent.

const TRIES = 3;
const BETWEEN_MS = 700;
const PATIENCE_MS = 5000;
const AGAIN_MS = 30_000;

/** A key of its own for every operation. `crypto.randomUUID` wants HTTPS; this does not. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Fetch, but for no longer than that: a server that hangs is one that does not answer. */
export async function within(address, options = {}, ms = PATIENCE_MS) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ms);
  try {
    const answer = await fetch(address, { ...options, signal: patience.signal });
    return { status: answer.status, ok: answer.ok, redirected: answer.redirected, text: await answer.text() };
  } catch {
    return { status: 0, ok: false, redirected: false, text: "", late: patience.signal.aborted };
  } finally {
    clearTimeout(timer);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

let unsure = null;

/**
 * Do it, and say what the server answered: `{status, body}`; status 0 if it cannot be
 * reached, with `late` if it did not answer in 5 seconds. Pressing again what got no
 * answer repeats the same operation under the same key (`again`): nothing happens twice.
 */
export async function operate(path, body) {
  const wanted = path + JSON.stringify(body);
  const began = performance.now();
  const again = unsure?.wanted === wanted && began - unsure.at < AGAIN_MS;
  const key = again ? unsure.key : newKey();
  unsure = { wanted, key, at: began };
  let late = false;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const left = PATIENCE_MS - (performance.now() - began);
    if (left <= 0) break;
    const answer = await within(`/api/staff/v1/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify(body),
    }, left);
    if (answer.status !== 0 && answer.status < 500) {
      unsure = null;
      return { status: answer.status, body: parsed(answer.text), again };
    }
    late = answer.late === true;
    if (late) break;
    if (attempt < TRIES) await new Promise((done) => setTimeout(done, BETWEEN_MS));
  }
  return { status: 0, body: {}, late };
}
