// Verification page: the SHA-256 of a chosen or dropped file, computed here and compared with those of the page.
// The file never leaves the browser; without script (or without HTTPS) the field below does the same with a typed value.

const section = document.querySelector("[data-verify]");
const zone = section?.querySelector("[data-verify-drop]");
const result = section?.querySelector("[data-verify-result]");

const issued = () =>
  [...document.querySelectorAll("[data-fingerprint]")].map((code) => ({
    fingerprint: code.dataset.fingerprint,
    version: code.dataset.version,
  }));

async function fingerprintOf(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function verdict(fingerprint) {
  const match = issued().find((version) => version.fingerprint === fingerprint);
  if (!match) {
    return "Ce fichier n’est pas le document émis : son empreinte ne correspond à aucune version.";
  }
  return match.version === section.dataset.current
    ? `Ce fichier est le document émis (version ${match.version}, la plus récente).`
    : `Ce fichier est la version ${match.version}, remplacée par la version ${section.dataset.current}.`;
}

async function check(file) {
  if (!file) return;
  result.textContent = "Calcul de l’empreinte…";
  const fingerprint = await fingerprintOf(file);
  section.querySelector("input[name=empreinte]").value = fingerprint;
  result.textContent = verdict(fingerprint);
}

if (zone && globalThis.crypto?.subtle) {
  zone.hidden = false;
  zone.querySelector("input[type=file]").addEventListener("change", (event) => check(event.target.files[0]));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    check(event.dataTransfer.files[0]);
  });
}
