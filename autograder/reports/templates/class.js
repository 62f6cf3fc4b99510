"use strict";
// What the page of a class does: it sorts, searches and filters the students that are in #data.
// Text goes into the page as text (`textContent`) alone, so nothing that a student wrote is markup.

const data = JSON.parse(document.getElementById("data").textContent);
const students = data.students;
const find = (selector) => document.querySelector(selector);
const search = find("#search"), check = find("#check"), end = find("#end"), sort = find("#sort");
const body = find("table.students tbody");
const more = find("#more");
const CHUNK = 60; // rows that are made at once; more follow when the reader comes near the last

let bin = -1; // the bar of the histogram that was chosen
let group = -1; // the mistake, or what waits for a person, that was chosen
let shown = []; // the places of the students in the table, in its order
let drawn = 0; // how many of them have a row already

// Making rows -----------------------------------------------------------------------------------

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Text with `words between backticks` set as code. */
function prose(text, className) {
  const made = element("span", className);
  text.split(/`([^`\n]+)`/).forEach((part, place) => {
    if (part) made.append(place % 2 ? element("code", "", part) : part);
  });
  return made;
}

function number(value) {
  return String(Math.round(100 * value) / 100);
}

function link(student, anchor) {
  const made = element("a", "name");
  student.name.split(/( )/).forEach((part) => {
    made.append(part === " " ? part : element("span", "", part));
  });
  made.href = encodeURIComponent(student.page) + (anchor ? "#" + encodeURIComponent(anchor) : "");
  made.title = student.name;
  made.dir = "auto";
  return made;
}

function strip(student) {
  const made = element("td", "strip");
  [...student.ends].forEach((letter, place) => {
    if (!(letter in data.kinds)) return;
    const [sign, look, word] = data.kinds[letter];
    const dot = element("a", "dot " + look, sign);
    const id = data.checks[place];
    dot.href = encodeURIComponent(student.page) + "#" + encodeURIComponent(id);
    dot.title = dot.ariaLabel = `${id}: ${word}`;
    dot.tabIndex = -1;
    made.append(dot);
  });
  return made;
}

function makeRow(student) {
  const row = element("tr");
  const name = element("th");
  name.scope = "row";
  name.append(link(student));
  if (student.note) name.append(prose(student.note, "quiet note"));
  const score = element("td", "right");
  score.append(element("strong", "", number(student.score)));
  score.append(element("span", "quiet", "/" + number(student.most)));
  if (student.mark !== undefined) {
    score.append(element("span", "mark", "mark " + number(student.mark)));
  }
  if (student.open) score.append(element("span", "unsettled", "not final"));
  const found = element("td", "found");
  found.append(prose(student.found));
  for (const sentence of student.said || []) found.append(prose(sentence, "quiet note"));
  row.append(name, score, strip(student), found);
  row.append(element("td", "right time", student.seconds.toFixed(1) + " s"));
  return row;
}

const rows = new Array(students.length);
const row = (place) => (rows[place] ??= makeRow(students[place]));

function draw(count) {
  const part = document.createDocumentFragment();
  for (const place of shown.slice(drawn, drawn + count)) part.append(row(place));
  drawn = Math.min(drawn + count, shown.length);
  body.append(part);
}

function drawMore(count = CHUNK) {
  draw(count);
  more.hidden = drawn === shown.length;
  more.textContent = `Show all ${shown.length.toLocaleString("en")} rows`;
}

// Sorting ---------------------------------------------------------------------------------------

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const byName = students.map((_, place) => place);
byName.sort((a, b) => collator.compare(students[a].name, students[b].name));
const nameRank = new Array(students.length);
byName.forEach((place, rank) => { nameRank[place] = rank; });

const KEYS = {
  name: (place) => nameRank[place],
  score: (place) => students[place].score,
  mark: (place) => students[place].mark ?? students[place].score,
  right: (place) => students[place].right,
  seconds: (place) => students[place].seconds,
};

function inOrder(places) {
  const down = sort.value.startsWith("-"), name = sort.value.replace("-", "");
  const turn = down ? -1 : 1;
  if (name === "found") {
    const compare = (a, b) => (students[a].found < students[b].found ? -1 : 1);
    return places.sort((a, b) =>
      students[a].found === students[b].found ? nameRank[a] - nameRank[b] : turn * compare(a, b));
  }
  const key = KEYS[name];
  return places.sort((a, b) => turn * (key(a) - key(b)) || nameRank[a] - nameRank[b]);
}

// Filtering -------------------------------------------------------------------------------------

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

for (const student of students) {
  const texts = [student.name, student.note, student.found, ...(student.said || [])];
  student.text = plain(texts.filter(Boolean).join("\n").replaceAll("`", ""));
  student.right = student.ends.split("R").length + student.ends.split("F").length - 2;
  const share = student.most ? student.score / student.most : 0;
  student.bin = Math.min(Math.floor(10 * share + 1e-9), 10);
}

function matching() {
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  const column = data.checks.indexOf(check.value);
  const members = group < 0 ? null : new Set(data.groups[group].map((member) => member[0]));
  const ended = (ends) => !end.value || (column < 0 ? ends.includes(end.value)
    : ends[column] === end.value);
  return byName.filter((place) => {
    const student = students[place];
    return words.every((word) => student.text.includes(word)) && ended(student.ends)
      && (bin < 0 || (student.bin === bin && student.most)) && (!members || members.has(place));
  });
}

function titleOf(place) {
  const summary = find(`details[data-group="${place}"] summary`);
  return [...summary.childNodes].slice(1).map((node) => node.textContent).join("").trim();
}

function sentence() {
  const total = students.length.toLocaleString("en");
  const count = shown.length.toLocaleString("en");
  const parts = [];
  if (search.value.trim()) parts.push(`“${search.value.trim()}”`);
  if (end.value) parts.push(`${check.value || "any check"} is ${data.kinds[end.value][2]}`);
  if (bin >= 0) parts.push(bin === 10 ? "all points" : `${10 * bin} to ${10 * bin + 10} %`);
  if (group >= 0) parts.push(titleOf(group));
  if (!parts.length) return students.length === 1 ? "1 student" : `${total} students`;
  return `${count} of ${total} students: ${parts.join("; ")}`;
}

/** Show who matches, in the order that was chosen, and remember both in the address. */
function update() {
  shown = inOrder(matching());
  drawn = 0;
  body.replaceChildren();
  drawMore();
  find("#shown").textContent = sentence();
  find("#clear").hidden = !filtered();
  mark();
  remember();
}

const filtered = () => Boolean(search.value.trim() || check.value || end.value || bin >= 0
  || group >= 0);

function mark() {
  const down = sort.value.startsWith("-"), name = sort.value.replace("-", "");
  for (const head of document.querySelectorAll("table.students th[data-key]")) {
    if (head.dataset.key !== name) head.removeAttribute("aria-sort");
    else head.ariaSort = down ? "descending" : "ascending";
  }
  for (const button of document.querySelectorAll("[data-bin]")) {
    button.ariaPressed = String(Number(button.dataset.bin) === bin);
  }
}

function clear() {
  search.value = check.value = end.value = "";
  bin = group = -1;
  update();
}

// The address: a page that is reloaded, or come back to, shows the same students ------------------

function remember() {
  const state = { q: search.value.trim(), check: check.value, end: end.value,
    bin: bin < 0 ? "" : bin, group: group < 0 ? "" : group,
    sort: sort.value === "name" ? "" : sort.value };
  const kept = new URLSearchParams(Object.entries(state).filter((entry) => entry[1] !== ""));
  const now = location.hash.slice(1);
  if (!String(kept) && now && !now.includes("=")) return; // a place on the page
  if (String(kept) !== now) history.replaceState(null, "", String(kept) ? "#" + kept : "#");
}

function recall() {
  const kept = new URLSearchParams(location.hash.slice(1));
  search.value = kept.get("q") || "";
  for (const [choice, name] of [[check, "check"], [end, "end"], [sort, "sort"]]) {
    const wanted = kept.get(name) || choice.options[0].value;
    if ([...choice.options].some((option) => option.value === wanted)) choice.value = wanted;
  }
  const within = (name, count) => {
    const wanted = kept.has(name) ? Number(kept.get(name)) : -1;
    return Number.isInteger(wanted) && wanted >= 0 && wanted < count ? wanted : -1;
  };
  bin = within("bin", 11);
  group = within("group", data.groups.length);
}
