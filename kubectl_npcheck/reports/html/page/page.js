/* The page as a whole: its tables, its appearance, and how it is printed. */
const lists = Array.from(document.querySelectorAll("table[data-list]"), (table) => new List(table));
listenForJumps(lists);

const theme = document.querySelector(".theme");
const dark = window.matchMedia("(prefers-color-scheme: dark)");
function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : dark.matches;
}
function showTheme() {
  theme.setAttribute("aria-pressed", String(isDark()));
}
theme.hidden = false;
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  showTheme();
});
dark.addEventListener("change", showTheme);
showTheme();

let folded = [];
window.addEventListener("beforeprint", () => {
  for (const list of lists) list.showAll(true);
  folded = Array.from(document.querySelectorAll("details:not([open])"));
  for (const item of folded) item.open = true;
});
window.addEventListener("afterprint", () => {
  for (const item of folded) item.open = false;
  for (const list of lists) list.showAll(false);
});
