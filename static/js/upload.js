/* Sending a file with its progress: <form data-upload enctype="multipart/form-data">. Without it: a plain file field. */
const size = (octets) => `${(octets / 1e6).toFixed(1).replace(".", ",")}\u00a0Mo`;

function panel(form) {
  const box = document.createElement("div");
  box.className = "upload-progress";
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", "Envoi du fichier");
  const amounts = document.createElement("p");
  amounts.className = "secondary num";
  const cancel = document.createElement("button");
  cancel.type = "button";
  cancel.className = "btn btn-outline btn-compact";
  cancel.textContent = "Annuler";
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  box.append(bar, amounts, cancel, said);
  form.append(box);
  return { box, bar, amounts, cancel, said };
}

function arrive(request, form) {
  const here = new URL(form.action, location.href);
  const there = new URL(request.responseURL || here);
  if (request.status < 400 && there.href.split("#")[0] !== here.href.split("#")[0]) return location.assign(there);
  const page = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
  if (page) {
    document.querySelector("main").replaceWith(document.importNode(page, true));
    document.querySelector("[data-error-summary]")?.focus();
  } else location.assign(there);
}

function send(form, submitter) {
  const { box, bar, amounts, cancel, said } = panel(form);
  const request = new XMLHttpRequest();
  const body = new FormData(form, submitter);
  request.upload.onprogress = (event) => {
    if (!event.lengthComputable) return;
    bar.value = (100 * event.loaded) / event.total;
    amounts.textContent = `${size(event.loaded)} sur ${size(event.total)}`;
  };
  request.onload = () => arrive(request, form);
  request.onerror = () => {
    bar.remove();
    cancel.remove();
    said.className = "err";
    said.textContent = "L’envoi n’a pas abouti. Vérifiez la connexion, puis recommencez.";
  };
  cancel.onclick = () => { request.abort(); box.remove(); form.querySelector("input[type=file]").focus(); };
  request.open("POST", form.action);
  request.send(body);
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    if (![...form.querySelectorAll("input[type=file]")].some((input) => input.files.length)) return;
    event.preventDefault();
    form.querySelector(".upload-progress")?.remove();
    send(form, event.submitter);
  });
}
