/* Autosave of a form: 2 s after typing, 10 s at most; what could not leave stays on this computer and leaves later.
   <form data-autosave data-autosave-url="…"> and {% save_state %}. Works on its own; without it the button saves. */
const QUIET = 2000, LONGEST = 10000, RETRY = 15000, ANNOUNCE = 60000;
const FAILED = "Non enregistré\u00a0: votre texte est gardé sur ce poste";
const LOGGED_OUT = "Vous êtes déconnecté\u00a0: votre texte est gardé sur ce poste";
const FOUND = "Un texte écrit sur ce poste n’a pas été enregistré";

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl || form.action;
    this.key = `ami-brouillon:${this.url}`;
    this.box = document.querySelector("[data-save-state]");
    this.dirty = false;
    this.changes = 0;
    this.announcedAt = 0;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submitted(event));
    this.box?.querySelector("[data-save-retry]")?.addEventListener("click", () => this.retry());
    window.addEventListener("online", () => this.dirty && this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.dirty && this.save(true));
    this.restore();
  }

  values() {
    const kept = [];
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "version") kept.push([name, value]);
    }
    return kept;
  }

  changed() {
    this.dirty = true;
    this.changes += 1;
    this.since ??= Date.now();
    this.keep();
    const wait = Math.min(QUIET, Math.max(0, this.since + LONGEST - Date.now()));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ version: this.version(), values: this.values() }));
    } catch { /* no room on this computer: the server remains */ }
  }

  version() {
    return this.form.elements.namedItem("version")?.value ?? "";
  }

  async save(leaving = false) {
    if (this.saving) return this.saving;
    clearTimeout(this.timer);
    this.saving = this.send(leaving).finally(() => { this.saving = null; });
    return this.saving;
  }

  async send(leaving) {
    const sent = this.changes;
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
    this.show("saving", "Enregistrement…");
    let answer;
    try {
      const response = await fetch(this.url, {
        method: "POST", body, credentials: "same-origin", keepalive: leaving,
        headers: { "X-Requested-With": "autosave", Accept: "application/json" },
      });
      if (response.redirected || response.status === 401 || response.status === 403) return this.fail(LOGGED_OUT);
      if (!response.ok && response.status !== 409) return this.fail(FAILED);
      answer = await response.json();
    } catch {
      return this.fail(FAILED);
    }
    if (answer.conflict) return this.fail(typeof answer.conflict === "string" ? answer.conflict : FAILED, false);
    this.saved(answer, sent);
    return true;
  }

  saved(answer, sent) {
    const version = this.form.elements.namedItem("version");
    if (version && answer.version !== undefined) version.value = answer.version;
    if (typeof answer.completeness === "string") {
      for (const place of document.querySelectorAll("[data-completeness]")) place.textContent = answer.completeness;
    }
    if (sent === this.changes) {
      this.dirty = false;
      this.since = null;
      localStorage.removeItem(this.key);
    } else {
      this.since = Date.now();
      this.timer = setTimeout(() => this.save(), QUIET);
    }
    this.show("saved", answer.saved_at_label);
    this.form.dispatchEvent(new CustomEvent("autosaved", { detail: answer }));
  }

  fail(text, again = true) {
    this.keep();
    this.show("failed", text);
    if (again) this.timer = setTimeout(() => this.save(), RETRY);
    return false;
  }

  async submitted(event) {
    if (this.letGo || !this.dirty) return;
    event.preventDefault();
    const button = event.submitter;
    await this.save();
    this.letGo = true;
    this.form.requestSubmit(button?.form === this.form ? button : undefined);
  }

  restore() {
    let stored;
    try { stored = JSON.parse(localStorage.getItem(this.key)); } catch { stored = null; }
    if (!stored) return;
    if (JSON.stringify(stored.values) === JSON.stringify(this.values())) return localStorage.removeItem(this.key);
    if (stored.version === this.version()) return this.take(stored.values);
    this.found = stored.values;
    this.show("failed", FOUND, "Le reprendre");
  }

  take(values) {
    const names = new Set(values.map(([name]) => name));
    for (const control of this.form.elements) {
      if (!control.name || control.type === "hidden" || control.type === "file") continue;
      const mine = values.filter(([name]) => name === control.name).map(([, value]) => value);
      if (control.type === "checkbox" || control.type === "radio") control.checked = mine.includes(control.value);
      else if (names.has(control.name) && "value" in control) control.value = mine[0];
    }
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  retry() {
    if (!this.found) return this.save();
    this.take(this.found);
    this.found = null;
  }

  show(state, text, verb = "Réessayer") {
    if (!this.box) return;
    this.box.dataset.state = state;
    this.box.querySelector("[data-save-text]").textContent = text;
    const button = this.box.querySelector("[data-save-retry]");
    button.textContent = verb;
    button.hidden = state !== "failed";
    const late = Date.now() - this.announcedAt > ANNOUNCE;
    if (state === "failed" || (state === "saved" && late)) {
      this.box.querySelector("[data-save-announce]").textContent = text;
      this.announcedAt = Date.now();
    }
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) form.autosave = new Autosave(form);
