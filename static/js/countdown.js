/* Time left, refreshed each minute without a live region. Counts from the server's clock, not from this computer's. */
const PARIS = new Intl.DateTimeFormat("en", { timeZone: "Europe/Paris", timeZoneName: "longOffset" });
const DAY = 86400000;

function wall(instant) {
  const name = PARIS.formatToParts(instant).find((part) => part.type === "timeZoneName").value;
  const [, sign, hours, minutes] = name.match(/([+-])(\d\d):(\d\d)/) ?? [null, "+", "0", "0"];
  return instant + (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60000;
}

function left(until, now) {
  const gap = until - now;
  if (gap >= 2 * DAY) return `${Math.max(2, Math.floor((wall(until) - wall(now)) / DAY))}\u00a0jours`;
  const hours = Math.floor(gap / 3600000), minutes = Math.floor(gap / 60000) % 60;
  if (hours) return `${hours}\u00a0h\u00a0${String(minutes).padStart(2, "0")}\u00a0min`;
  return minutes ? `${minutes}\u00a0min` : "moins d’une minute";
}

const loaded = performance.now();
for (const shown of document.querySelectorAll("time[data-countdown]")) {
  const until = Date.parse(shown.dateTime), served = Date.parse(shown.dataset.now);
  const refresh = () => {
    const now = served + performance.now() - loaded;
    if (now > until) return location.reload();
    shown.textContent = [shown.dataset.title, left(until, now)].filter(Boolean).join(" ");
  };
  setInterval(() => document.hidden || refresh(), 60000);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
}
