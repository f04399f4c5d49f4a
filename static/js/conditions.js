/* Questions that hang on an answer appear at once: the server, asked by the autosave, says which questions apply.
   <form data-autosave data-conditions>; fields are the direct children of [data-fields], named div_id_<code>. */
import { enhance } from "./repeat.js";

const form = document.querySelector("form[data-conditions]");
const fields = form?.querySelector("[data-fields]");

const plural = (count, one, several) => (count > 1 ? `${count} ${several}` : `Une ${one}`);

async function follow(shown) {
  const field = form.elements.namedItem("affichees");
  if (field.value === shown) return;
  const response = await fetch(form.getAttribute("action") || location.href, { credentials: "same-origin" });
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const before = new Map([...fields.children].map((element) => [element.id, element]));
  const after = [...page.querySelectorAll("[data-fields] > *")];
  const kept = new Set(after.map((element) => element.id));
  for (const [id, element] of before) if (!kept.has(id)) element.remove();
  let place = null, added = 0;
  for (const element of after) {
    let here = before.get(element.id);
    if (!here) {
      here = document.importNode(element, true);
      place ? place.after(here) : fields.prepend(here);
      here.querySelectorAll("[data-repeat]").forEach(enhance);
      added += 1;
    }
    place = here;
  }
  field.value = page.querySelector('input[name="affichees"]').value;
  const announce = document.querySelector("[data-save-announce]");
  if (announce) announce.textContent = added ? plural(added, "question de plus dans cette section", "questions de plus dans cette section") : "Une question ne vous concerne plus";
}

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, [type=radio], [type=checkbox]")) form.autosave?.save();
  });
  form.addEventListener("autosaved", (event) => follow(event.detail.shown));
}
