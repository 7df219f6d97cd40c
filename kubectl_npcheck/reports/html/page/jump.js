/* Links into the page: what they lead to may be folded, filtered away or on another page. */
function jump(lists, id) {
  let target = document.getElementById(id);
  for (const list of lists) {
    const row = list.rows.find((item) => item.id === id);
    if (row) {
      list.reveal(row);
      target = row;
    }
  }
  if (!target) return;
  for (let item = target; item; item = item.parentElement) if (item.tagName === "DETAILS") item.open = true;
  const inner = target.querySelector("details, summary");
  if (target.tagName === "TR" && inner) inner.open = true;
  target.scrollIntoView({ block: "start" });
  const focus = target.querySelector("summary, a, button") || target;
  if (!focus.matches("a, button, summary")) focus.tabIndex = -1;
  focus.focus({ preventScroll: true });
}

function listenForJumps(lists) {
  const byId = new Map(lists.map((list) => [list.table.id, list]));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    const id = link.getAttribute("href").slice(1);
    if (link.dataset.ns !== undefined) {
      const list = byId.get("findings-table");
      list.controls.reset();
      for (const field of list.controls.querySelectorAll("select")) field.value = link.dataset[field.dataset.facet] || "";
      list.narrow();
    }
    if (/^[frpk]\d+$/.test(id)) {
      event.preventDefault();
      history.replaceState(null, "", `#${id}`);
      jump(lists, id);
    }
  });
  if (/^#[frpk]\d+$/.test(location.hash)) {
    // After the browser has done its own part, which takes the focus away again.
    window.addEventListener("load", () => setTimeout(() => jump(lists, location.hash.slice(1))));
  }
}
