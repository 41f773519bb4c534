// The fleet page renews itself every 10 seconds, as often as the kiosks are asked.

const EVERY_MS = 10_000;

async function renew() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return; // the time of the last update stands on the page
  if (answer.redirected) return location.reload(); // the log-in has ended
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("live").replaceWith(page.getElementById("live"));
}

setInterval(renew, EVERY_MS);
