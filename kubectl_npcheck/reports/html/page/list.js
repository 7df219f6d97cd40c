"use strict";
/* A table that can be sorted and narrowed. Its rows are its only data; a page of them is shown. */
const PAGE = 100;
const words = new Intl.Collator("en", { numeric: true });

class List {
  constructor(table) {
    this.table = table;
    this.rows = Array.from(table.querySelectorAll("tbody > tr"));
    this.kept = this.rows;
    this.at = 0;
    this.size = PAGE;
    this.body = table.tBodies[0];
    this.pager = document.querySelector(`nav[data-of="${table.id}"]`);
    this.controls = document.querySelector(`form[data-of="${table.id}"]`);
    this.texts = new Map();
    for (const body of Array.from(table.tBodies).slice(1)) body.remove();
    this.makeHeads();
    this.makePager();
    if (this.controls) this.listen();
    this.narrow();
  }

  makeHeads() {
    for (const head of this.table.querySelectorAll("th[data-sort]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => this.sort(head));
      head.replaceChildren(button);
      head.setAttribute("aria-sort", head.dataset.sorted || "none");
    }
  }

  sort(head) {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of this.table.querySelectorAll("th[data-sort]")) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const column = head.cellIndex;
    const key = (row) => row.cells[column].dataset.k ?? row.cells[column].textContent;
    const keyed = this.rows.map((row) => [key(row), row]);
    const sign = down ? -1 : 1;
    keyed.sort((a, b) => sign * words.compare(a[0], b[0]));
    this.rows = keyed.map((pair) => pair[1]);
    this.narrow();
  }

  listen() {
    this.controls.addEventListener("submit", (event) => event.preventDefault());
    this.controls.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.narrow(), 120);
    });
    const unfold = this.controls.querySelector("[data-unfold]");
    if (unfold) unfold.addEventListener("click", () => this.unfold(unfold));
  }

  unfold(button) {
    this.unfolded = !this.unfolded;
    button.setAttribute("aria-pressed", String(this.unfolded));
    for (const row of this.rows) for (const item of row.querySelectorAll("details")) item.open = this.unfolded;
  }

  text(row) {
    let text = this.texts.get(row);
    if (text === undefined) this.texts.set(row, (text = row.textContent.toLowerCase()));
    return text;
  }

  tests() {
    if (!this.controls) return [];
    const tests = [];
    for (const word of this.controls.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean)) {
      tests.push((row) => this.text(row).includes(word));
    }
    for (const field of this.controls.querySelectorAll("[data-facet]")) {
      const wanted = field.type === "checkbox" && !field.checked ? "" : field.value;
      if (wanted) tests.push((row) => row.querySelector(`.${field.dataset.facet}`)?.textContent === wanted);
    }
    return tests;
  }

  narrow() {
    const tests = this.tests();
    this.kept = tests.length ? this.rows.filter((row) => tests.every((test) => test(row))) : this.rows;
    this.at = 0;
    this.show();
  }

  clear() {
    if (this.controls) this.controls.reset();
    this.narrow();
  }

  show() {
    const count = this.kept.length;
    const paged = count > 2 * PAGE && this.size !== Infinity;
    const end = paged ? Math.min(this.at + PAGE, count) : count;
    this.body.replaceChildren(...this.kept.slice(this.at, end));
    if (this.pager) {
      this.pager.hidden = !paged;
      this.range.textContent = `${this.at + 1} to ${end} of ${count}`;
      this.before.disabled = this.at === 0;
      this.after.disabled = end === count;
    }
    const status = this.controls?.querySelector("[role=status]");
    if (status) status.textContent = count === this.rows.length ? `${count} in all` : `${count} of ${this.rows.length}`;
  }

  makePager() {
    if (!this.pager) return;
    this.pager.setAttribute("aria-label", `Pages of ${this.table.caption.textContent}`);
    const button = (label, step) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
      made.addEventListener("click", () => {
        this.at += step;
        this.show();
        this.table.scrollIntoView();
      });
      return made;
    };
    this.before = button("Previous", -PAGE);
    this.after = button("Next", PAGE);
    this.range = document.createElement("span");
    this.pager.replaceChildren(this.before, this.range, this.after);
  }

  reveal(row) {
    if (!this.kept.includes(row)) this.clear();
    const index = this.kept.indexOf(row);
    if (!row.isConnected) {
      this.at = Math.floor(index / PAGE) * PAGE;
      this.show();
    }
  }

  showAll(all) {
    this.size = all ? Infinity : PAGE;
    if (all) this.at = 0;
    this.show();
  }
}
