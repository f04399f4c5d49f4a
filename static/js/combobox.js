/* A text field that proposes: <input data-combobox data-url="…" data-target="id of a hidden input" data-submit>.
   The library comes on first focus; without it the field and its button work. */
const LIBRARY = new URL("../vendor/accessible-autocomplete/accessible-autocomplete.min.js", import.meta.url);
let loading;

function load() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = LIBRARY.href;
    script.onload = () => resolve(window.accessibleAutocomplete);
    script.onerror = () => { loading = undefined; reject(new Error("combobox")); };
    document.head.append(script);
  });
  return loading;
}

const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function searcher(url) {
  let request = 0, timer;
  return (query, populate) => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++request;
      const address = new URL(url, location.href);
      address.searchParams.set("q", query);
      try {
        const response = await fetch(address, { headers: { Accept: "application/json" } });
        const { results } = await response.json();
        if (mine === request) populate(results);
      } catch {
        if (mine === request) populate([]);
      }
    }, 150);
  };
}

function enhance(field, autocomplete) {
  if (!field.isConnected) return;
  const { id, name, dataset } = field;
  const described = field.getAttribute("aria-describedby");
  const target = dataset.target && document.getElementById(dataset.target);
  const form = field.form;
  const holder = document.createElement("div");
  const typed = field.value;
  field.replaceWith(holder);
  autocomplete({
    element: holder, id, name, defaultValue: typed, minLength: 2, confirmOnBlur: false, displayMenu: "overlay",
    source: searcher(dataset.url),
    templates: {
      inputValue: (found) => (typeof found === "string" ? found : found?.label ?? ""),
      suggestion: (found) => (typeof found === "string" ? escape(found)
        : `${escape(found.label)}${found.detail ? ` <small>${escape(found.detail)}</small>` : ""}`),
    },
    onConfirm: (found) => {
      if (!found || typeof found === "string") return;
      if (target) target.value = found.value;
      if ("submit" in dataset) setTimeout(() => form.requestSubmit());
    },
    tNoResults: () => "Aucun résultat",
    tStatusQueryTooShort: (least) => `Tapez au moins ${least} caractères`,
    tStatusNoResults: () => "Aucun résultat",
    tStatusResults: (count, option) => `${count} ${count > 1 ? "résultats" : "résultat"}. ${option}`,
    tStatusSelectedOption: (option, count, index) => `${option}, ${index + 1} sur ${count}`,
    tAssistiveHint: () => "Quand des résultats s’affichent, parcourez-les avec les flèches et choisissez avec Entrée.",
  });
  const input = document.getElementById(id);
  if (described) input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${described}`.trim());
  input.addEventListener("input", () => { if (target) target.value = ""; });
  input.focus();
}

// Delegated: a field may come later, with the answer that brings it.
document.addEventListener("focusin", ({ target }) => {
  if (!target.matches("input[data-combobox]") || "ready" in target.dataset) return;
  target.dataset.ready = "";
  load().then((library) => enhance(target, library), () => {});
});
if (document.activeElement?.matches("input[data-combobox]")) document.activeElement.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
