/* Characters written, under each control that has data-counter: seen at once, said when typing stops. */
const group = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");

for (const control of document.querySelectorAll("[data-counter]")) {
  const shown = document.querySelector(`[data-counter-for="${control.id}"]`);
  if (!shown) continue;
  const most = Number(control.dataset.counter);
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  shown.after(said);
  let timer;
  control.addEventListener("input", () => {
    const length = [...control.value].length;
    const text = `${group(length)}\u00a0${length < 2 ? "caractère" : "caractères"} sur ${group(most)}`;
    shown.textContent = text;
    shown.classList.toggle("over", length > most);
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = length > most ? `${text}, trop long` : text; }, 1200);
  });
}
