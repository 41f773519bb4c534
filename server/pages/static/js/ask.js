// A question before an operation: for which reason, or where to. Digits choose, Enter
// sends what was typed, Esc leaves all as it was.

/** What was ticked or written beside the choices. */
function besides(form) {
  const found = {};
  for (const field of form.elements) {
    if (field.type === "checkbox") found[field.name] = field.checked;
    else if (field.name === "note") found.note = field.value.trim();
  }
  return found;
}

/**
 * Ask what `action` must know, under that title. `offered` limits the choices to those
 * whose action it lists. Answers the members to add to the order, or null.
 */
export function ask(action, title, offered = null) {
  const dialog = document.getElementById(`ask-${action}`);
  const form = dialog.querySelector("form");
  const choices = [...dialog.querySelectorAll("[data-order]")];
  const order = (choice) => JSON.parse(choice.dataset.order);
  form.reset();
  dialog.querySelector("[data-title]").textContent = title;
  for (const choice of choices) {
    choice.closest("li").hidden = offered !== null && !offered.includes(order(choice).action);
  }
  return new Promise((answer) => {
    const over = new AbortController();
    const when = (what, take) => dialog.addEventListener(what, take, { signal: over.signal });

    function end(found) {
      over.abort();
      dialog.close();
      answer(found);
    }

    when("click", (event) => {
      const choice = event.target.closest("[data-order]");
      if (choice) end({ ...besides(form), ...order(choice) });
      else if (event.target.closest("[data-leave]")) end(null);
    });
    when("submit", (event) => {
      event.preventDefault();
      const reason = form.elements.reason?.value.trim();
      if (reason) end({ ...besides(form), reason });
      else form.elements.reason?.focus();
    });
    when("cancel", (event) => { event.preventDefault(); end(null); });
    when("keydown", (event) => {
      event.stopPropagation(); // the console's own keys rest meanwhile
      if (/^F\d+$/.test(event.key)) event.preventDefault();
      if (event.target.matches('input[type="text"]') || !/^[1-9]$/.test(event.key)) return;
      const choice = choices[Number(event.key) - 1];
      if (choice && !choice.closest("li").hidden) end({ ...besides(form), ...order(choice) });
    });
    dialog.showModal();
  });
}
