"use strict";
// Shows the kiosk's screen and its paper, and turns clicks into touches.

const picture = document.getElementById("screen");
const paper = document.getElementById("paper");
const state = document.getElementById("state");
const ring = document.getElementById("ring");
let shown = -1;
let sheet = "";

async function look() {
  try {
    const scene = await (await fetch("/screen.json", { cache: "no-store" })).json();
    state.textContent = `${scene.screen} · ${scene.language}`;
    document.body.dataset.screen = scene.screen;
    document.body.dataset.language = scene.language;
    document.getElementById("lamp").classList.toggle("lit", scene.lamp === true);
    if (scene.revision !== shown) {
      shown = scene.revision;
      picture.src = `/screen.png?revision=${shown}`;
    }
    if (scene.paper && scene.paper !== sheet) {
      const first = sheet === "";
      sheet = scene.paper;
      paper.src = `/paper.png?sheet=${encodeURIComponent(sheet)}`;
      paper.alt = "出てきた番号札 / the ticket that came out";
      paper.hidden = false;
      document.getElementById("no-paper").hidden = true;
      if (!first || scene.screen === "done") {
        paper.classList.remove("fresh");
        void paper.offsetWidth;
        paper.classList.add("fresh");
      }
    }
  } catch {
    state.textContent = "発券機につながりません。 The kiosk does not answer.";
  }
  setTimeout(look, 150);
}

picture.addEventListener("click", async (event) => {
  const box = picture.getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width;
  const y = (event.clientY - box.top) / box.height;
  ring.style.left = `${event.clientX - box.left + 14}px`;
  ring.style.top = `${event.clientY - box.top + 14}px`;
  ring.classList.remove("on");
  void ring.offsetWidth;
  ring.classList.add("on");
  await fetch("/touch", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ x, y }),
  });
});

document.getElementById("call").addEventListener("click", () =>
  fetch("/button", { method: "POST" }));

async function links() {
  const list = await (await fetch("/links.json")).json();
  const nav = document.getElementById("links");
  for (const { text, href } of list) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = text;
    link.target = "_blank";
    link.rel = "noopener";
    nav.append(link);
  }
}

look();
links();
