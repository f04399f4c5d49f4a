/* The session screen looks again by itself: every 4 s it asks for the state key, and reloads when it changed.
   While someone is typing, it offers a link instead. */
const PERIOD = 4000;

function busy() {
  return document.activeElement?.matches("textarea, input, select") ?? false;
}

function offer(box) {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "La séance a avancé\u00a0: actualiser";
  box.replaceChildren(link);
}

function significant(state, box) {
  return "sessionCoarse" in box.dataset ? state.replace(/-\d+$/, "") : state;
}

for (const box of document.querySelectorAll("[data-session-url]")) {
  const first = significant(box.dataset.sessionState, box);
  const timer = setInterval(async () => {
    let answer;
    try {
      answer = await (await fetch(box.dataset.sessionUrl, { credentials: "same-origin" })).json();
    } catch {
      return;
    }
    if (significant(answer.state, box) === first) return;
    if (!busy()) return location.reload();
    clearInterval(timer);
    offer(box);
  }, PERIOD);
}
