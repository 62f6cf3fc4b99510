// What the reader does --------------------------------------------------------------------------

function toStudents() {
  find("#students").scrollIntoView();
}

for (const control of [check, end, sort]) control.addEventListener("change", update);
search.addEventListener("input", update);
find(".toolbar").addEventListener("submit", (event) => event.preventDefault());
find("#clear").addEventListener("click", clear);

for (const head of document.querySelectorAll("table.students th[data-key]")) {
  const key = head.dataset.key;
  const first = key === "name" || key === "found" ? key : "-" + key;
  const second = first === key ? "-" + key : key;
  head.firstChild.addEventListener("click", () => {
    sort.value = sort.value === first ? second : first;
    update();
  });
}

for (const button of document.querySelectorAll("[data-bin]")) {
  button.addEventListener("click", () => {
    const chosen = Number(button.dataset.bin);
    bin = bin === chosen ? -1 : chosen;
    update();
  });
}

for (const button of document.querySelectorAll("[data-end]")) {
  button.addEventListener("click", () => {
    check.value = button.dataset.check;
    end.value = button.dataset.end;
    update();
    toStudents();
  });
}

/** The names in a group, made when it is opened. */
function fill(details) {
  const list = details.querySelector(".names");
  if (list.children.length) return;
  const title = details.querySelector("summary code");
  for (const [place, text] of data.groups[details.dataset.group]) {
    const item = element("li");
    const anchor = title && data.checks.includes(title.textContent) ? title.textContent : "";
    item.append(link(students[place], anchor));
    if (text) item.append(" ", prose(text, "quiet"));
    list.append(item);
  }
  const long = (member) => member.length > 1 && member[1].length > 30;
  list.classList.toggle("said", data.groups[details.dataset.group].some(long));
}

for (const details of document.querySelectorAll("details.group")) {
  details.addEventListener("toggle", () => fill(details));
  details.querySelector(".only").addEventListener("click", () => {
    group = Number(details.dataset.group);
    update();
    toStudents();
  });
}

for (const table of document.querySelectorAll("table[data-sortable]")) {
  const heads = [...table.tHead.rows[0].cells], lines = table.tBodies[0];
  heads.forEach((head, column) => head.firstChild.addEventListener("click", () => {
    const down = head.ariaSort === "ascending";
    const value = (line) => Number(line.cells[column].dataset.value);
    for (const other of heads) other.removeAttribute("aria-sort");
    head.ariaSort = down ? "descending" : "ascending";
    lines.append(...[...lines.rows].sort((a, b) => (down ? -1 : 1) * (value(a) - value(b))));
  }));
}

function step(by) {
  const here = shown.indexOf(rows.indexOf(document.activeElement?.closest("table.students tr")));
  const next = Math.max(0, Math.min(here < 0 ? 0 : here + by, shown.length - 1));
  if (next >= drawn) drawMore();
  if (shown.length) row(shown[next]).querySelector("a").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    clear();
    search.blur();
  } else if (event.target === search && event.key === "Enter") {
    step(0);
  } else if (!event.target.matches("input, select, textarea")) {
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (event.key === "/") {
      event.preventDefault();
      search.focus();
    }
  }
});

more.addEventListener("click", () => drawMore(shown.length));
addEventListener("beforeprint", () => drawMore(shown.length));
const near = new IntersectionObserver((entries) => {
  if (!entries[0].isIntersecting) return;
  drawMore();
  near.unobserve(more); // observed anew, it says again whether it is still near
  near.observe(more);
}, { rootMargin: "1500px" });
near.observe(more);
addEventListener("hashchange", () => {
  if (location.hash.includes("=") || !location.hash) { recall(); update(); }
});

recall();
update();
