// A line to the server that comes back by itself.

// The server says something at least this often; a silent line is taken for a dead one.
const SILENCE_MS = 45_000; // unless the page knows that it speaks more often

/**
 * Listen to a stream of server-sent events.
 * `on` maps event names to functions of the parsed data; `up` and `down` say how the line
 * is. After a break, or `silent` milliseconds without a word, it is opened again every
 * `retry` milliseconds.
 * Returns a function that ends it.
 */
export function listen(address, { on, up = () => {}, down = () => {}, retry = 3000, silent = SILENCE_MS }) {
  let source = null;
  let timer = 0;
  let silence = 0;

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(broken, silent);
  }

  function broken() {
    end();
    down();
    timer = setTimeout(open, retry);
  }

  function open() {
    source = new EventSource(address);
    heard();
    source.onopen = () => { heard(); up(); };
    source.onerror = broken;
    source.addEventListener("alive", heard);
    for (const [name, take] of Object.entries(on)) {
      source.addEventListener(name, (event) => { heard(); take(JSON.parse(event.data)); });
    }
  }

  function end() {
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
    source = null;
  }

  open();
  return end;
}
