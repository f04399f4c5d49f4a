/* The grid as one notes: points of each criterion, total and count, at once. The server says the same after each save. */
const number = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 });

function refresh(form) {
  const rows = [...form.querySelectorAll("[data-criterion]")];
  let applicable = Number(form.dataset.gridApplicable);
  let total = 0, done = 0, noted = 0;
  for (const row of rows) {
    const chosen = row.querySelector("input:checked");
    const place = row.querySelector("[data-criterion-points]");
    if (!chosen) continue;
    if (Number.isNaN(Number(chosen.value))) {
      place.textContent = "sans avis";
      if ("gridAside" in form.dataset) applicable -= Number(row.dataset.points);
      done += 1;
      continue;
    }
    noted += 1;
    const points = (Number(row.dataset.points) * Number(chosen.value)) / Number(row.dataset.notes);
    total += points;
    done += 1;
    const counted = Number(row.dataset.points) > 0;
    place.textContent = counted ? `${number.format(points)} sur ${row.dataset.points}` : `${chosen.value} sur ${row.dataset.notes}`;
  }
  const bonus = noted ? Number(form.dataset.gridBonus) : 0;
  const shown = Math.max(0, Math.min((applicable ? (total * Number(form.dataset.gridScale)) / applicable : total) + bonus, Number(form.dataset.gridScale)));
  form.querySelector("[data-grid-total]").textContent = number.format(shown);
  form.querySelector("[data-grid-progress]").textContent = `${done}\u00a0${done > 1 ? "critères" : "critère"} sur ${rows.length}`;
}

for (const form of document.querySelectorAll("[data-grid]")) form.addEventListener("change", () => refresh(form));
