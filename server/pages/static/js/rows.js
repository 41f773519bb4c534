// The lists of the console: finding a row, moving among rows, keeping still.

const lists = () => document.getElementById("lists");
const buttonsOf = (row) => [...row.querySelectorAll("[data-do]")];
const usable = () => [...lists().querySelectorAll("[data-row]:not(.gone)")].filter((row) => buttonsOf(row).length);

/** Rows that carry this number: `A045` exactly, or else every one that ends in `45`. */
export function rowsOf(text) {
  const rows = usable();
  const exact = rows.filter((row) => row.dataset.label === text);
  if (exact.length || !/^\d+$/.test(text)) return exact;
  return rows.filter((row) => Number(row.dataset.label.replace(/^\D+/, "")) === Number(text));
}

/** Up and down from row to row, left and right among its buttons; false at an end. */
export function move(key) {
  const rows = usable();
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  if (key === "ArrowDown" || key === "ArrowUp") {
    const next = key === "ArrowDown" ? at + 1 : at - 1;
    if (at < 0 && key === "ArrowUp") return false;
    return focus(buttonsOf(rows[next] ?? document.createElement("li"))[0]);
  }
  if (at < 0) return false;
  const buttons = buttonsOf(rows[at]);
  return focus(buttons[buttons.indexOf(document.activeElement) + (key === "ArrowRight" ? 1 : -1)]);
}

function focus(button) {
  button?.focus();
  return button !== undefined;
}

/** The list stays as it is, but who left it cannot be taken again, and who came back can. */
export function markGone(next) {
  for (const row of lists().querySelectorAll("[data-row]")) {
    const there = next.querySelector(`[data-row="${CSS.escape(row.dataset.row)}"]`);
    row.classList.toggle("gone", there?.dataset.state !== row.dataset.state);
    markNext(row, there);
    const version = there?.querySelector("[data-version]")?.dataset.version;
    for (const button of row.querySelectorAll("[data-version]")) button.dataset.version = version ?? "";
  }
}

/** Who is called next moves at once, though the rows keep still. */
function markNext(row, there) {
  row.classList.toggle("next-up", there?.classList.contains("next-up") === true);
  row.querySelector(".tag.next")?.remove();
  const mark = there?.querySelector(".tag.next");
  if (mark) row.querySelector(".marks").prepend(mark.cloneNode(true));
}

/** Replace an element; the button that had the focus has it again. */
export function swap(old, next) {
  const held = old.contains(document.activeElement) ? document.activeElement.dataset : null;
  old.replaceWith(next);
  if (held?.do === undefined) return;
  const same = held.ticket ? `[data-do="${held.do}"][data-ticket="${held.ticket}"]` : `[data-do="${held.do}"]`;
  next.querySelector(same)?.focus({ preventScroll: true });
}
