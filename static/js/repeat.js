/* Rows of a table: added and removed in the page; the autosave keeps them. Without it the two buttons go through the server. */
const CONTROLS = "input, select, textarea";

export function enhance(table) {
  const code = table.dataset.repeat, most = Number(table.dataset.most);
  const add = table.querySelector("[data-repeat-add]"), said = table.querySelector("[data-repeat-said]");
  const rows = () => [...table.querySelectorAll("[data-repeat-row]")];

  const clear = (row) => {
    row.querySelectorAll(".field-error").forEach((error) => error.remove());
    for (const control of row.querySelectorAll(CONTROLS)) {
      control.value = "";
      control.classList.remove("is-invalid");
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
    }
  };

  const renumber = () => {
    rows().forEach((row, n) => {
      row.setAttribute("aria-label", `Ligne ${n + 1}`);
      row.querySelector(".repeat-number").textContent = `Ligne ${n + 1}`;
      const remove = row.querySelector("[data-repeat-remove]");
      remove.value = `${code}:${n + 1}`;
      remove.setAttribute("aria-label", `Retirer la ligne ${n + 1}`);
      for (const control of row.querySelectorAll(CONTROLS)) {
        control.name = control.name.replace(/^(.*)-\d+-([^-]*)$/, `$1-${n}-$2`);
        const label = row.querySelector(`label[for="${CSS.escape(control.id)}"]`);
        control.id = `id_${control.name}`;
        if (label) label.htmlFor = control.id;
      }
    });
    add.disabled = rows().length >= most;
  };

  const changed = (text) => {
    renumber();
    said.textContent = text;
    table.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
  };

  table.addEventListener("click", (event) => {
    const remove = event.target.closest("[data-repeat-remove]");
    if (!remove && !event.target.closest("[data-repeat-add]")) return;
    event.preventDefault();
    if (!remove) {
      const last = rows().at(-1), row = last.cloneNode(true);
      clear(row);
      last.after(row);
      changed(`Ligne ${rows().length} ajoutée`);
      return row.querySelector(CONTROLS).focus();
    }
    const row = remove.closest("[data-repeat-row]"), number = rows().indexOf(row) + 1;
    if (rows().length === 1) clear(row); else row.remove();
    changed(`Ligne ${number} retirée`);
    (rows()[number - 1] ?? rows().at(-1)).querySelector(CONTROLS).focus();
  });
}

for (const table of document.querySelectorAll("[data-repeat]")) enhance(table);
