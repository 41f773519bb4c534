// One operation at the staff API: sent once, however often it has to be sent.

const TRIES = 3;
const BETWEEN_MS = 700;

/** A key of its own for every operation. `crypto.randomUUID` wants HTTPS; this does not. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

let unsure = null;

/**
 * Do it, and say what the server answered: `{status, body}`, status 0 if it cannot be
 * reached. Pressing again what got no answer repeats the same operation, not a second.
 */
export async function operate(path, body) {
  const wanted = path + JSON.stringify(body);
  const key = unsure?.wanted === wanted ? unsure.key : newKey();
  unsure = { wanted, key };
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const answer = await fetch(`/api/staff/v1/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify(body),
    }).catch(() => null);
    if (answer !== null && answer.status < 500) {
      unsure = null;
      return { status: answer.status, body: await answer.json().catch(() => ({})) };
    }
    if (attempt < TRIES) await new Promise((done) => setTimeout(done, BETWEEN_MS));
  }
  return { status: 0, body: {} };
}
