// Every office at once is a long way down a phone: there they start folded. Not a module,
// so that it runs before the first paint and nothing jumps.
if (matchMedia("(max-width: 47.99em)").matches) {
  for (const office of document.querySelectorAll("details.office")) office.open = false;
}
