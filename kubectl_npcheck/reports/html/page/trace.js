/* Pictures: where the pointer or the focus is, the lines of that policy or of those pods stand out. */
function trace(event) {
  const item = event.target.closest(".picture li");
  for (const svg of document.querySelectorAll(".lines.traced")) {
    if (!item || !svg.parentElement.contains(item)) svg.classList.remove("traced");
  }
  if (!item) return;
  const side = item.parentElement.classList.contains("left") ? "l" : "r";
  const at = String(Array.from(item.parentElement.children).indexOf(item));
  const lines = item.closest(".picture").querySelector(".lines");
  lines.classList.add("traced");
  for (const path of lines.querySelectorAll("path")) path.classList.toggle("on", path.dataset[side] === at);
}
document.addEventListener("pointerover", trace);
document.addEventListener("focusin", trace);
