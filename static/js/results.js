/* What a financing plan adds up to follows what one types: the server, asked by the autosave, sends each result again.
   Places are [id] named by the answer's `results`; without it they are as the page was last sent. */
const form = document.querySelector("form[data-autosave]");

form?.addEventListener("autosaved", (event) => {
  for (const [id, html] of Object.entries(event.detail.results ?? {})) {
    const place = document.getElementById(id);
    if (place && place.innerHTML !== html) place.innerHTML = html;
  }
});
