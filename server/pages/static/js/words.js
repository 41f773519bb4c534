// The server's words, filled in here; the same wording as `language/wording.py`.

const SOON = 5;
const LONG = 120;

export const wordsOf = (element) => JSON.parse(element.dataset.words);

/** `{count}人` and {count: 3} become `3人`. */
export function fill(template, values = {}) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A range of minutes, or null, as words. */
export function waitText(words, wait) {
  const say = (name, values) => fill(words[`common.wait.${name}`], values);
  if (wait === null) return say("unknown");
  const { low, high } = wait;
  if (high <= SOON) return say("soon");
  if (low >= LONG) return say("long", { hours: LONG / 60 });
  if (low === 0) return say("within", { high });
  if (low === high) return say("about", { minutes: low });
  return say("range", { low, high });
}

/** The name in that language, else in Japanese, else the first. */
export const pick = (names, language) => names[language] || names.ja || Object.values(names)[0] || "";
