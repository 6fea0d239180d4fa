"use strict";

// The page's script. It knows articles by their numbers: `data-part` is the article,
// `data-report` what is said of it, `data-look` the chain of an element, whose styles the
// tables have.
const { styles, themes, parts, words } = JSON.parse(document.getElementById("data").textContent);
const main = document.querySelector("main");
const message = document.getElementById("message");
const chosen = Number(main.dataset.chosen);
const LIMIT = 20000;

const phones = [...document.querySelectorAll("[data-part]")].map((phone) => {
  const article = phone.querySelector("[data-holds=article]");
  const dressed = [...article.querySelectorAll("[data-look]")];
  return { phone, article, dressed, worn: `${chosen} light` };
});
const reports = [...document.querySelectorAll("[data-report]")];
const state = { part: 0, theme: chosen, width: 375, mode: "light" };

// A picture is in the page once; where it stands again, the script shows it.
for (const image of document.querySelectorAll("img[data-address]:not([src])"))
  for (const first of document.querySelectorAll("img[data-address][src]"))
    if (first.dataset.address === image.dataset.address) {
      image.src = first.src;
      break;
    }

let saying;

function say(text, failed = false) {
  message.classList.toggle("failed", failed);
  // Said again, the same words would not be read out.
  message.textContent = "";
  clearTimeout(saying);
  saying = setTimeout(() => { message.textContent = text; }, 50);
}

// A box that is there for its style alone is not in the file of a theme that has none for it.
function isNoBox(element, style) {
  return style !== null && styles[style] === "" && ["SECTION", "SPAN"].includes(element.tagName);
}

function wear(element, style) {
  if (isNoBox(element, style)) element.setAttribute("style", "display:contents");
  else if (style === null || styles[style] === "") element.removeAttribute("style");
  else element.setAttribute("style", styles[style]);
}

function dress({ dressed, worn }, theme, mode) {
  if (worn === `${theme} ${mode}`) return;
  const table = themes[theme][mode];
  for (const element of dressed) wear(element, table[element.dataset.look]);
}

function measure(report, id, value, used, verdict) {
  const measure = report.querySelector(`[data-measure=${id}]`);
  measure.querySelector(".value").textContent = value;
  measure.querySelector(".bar > span").style.width = `${Math.round(Math.min(used, 1) * 100)}%`;
  for (const one of ["good", "warning", "error"]) measure.classList.toggle(one, one === verdict);
}

function show() {
  const { part, theme, width, mode } = state;
  phones.forEach(({ phone }, index) => phone.classList.toggle("shown", index === part));
  reports.forEach((report, index) => report.classList.toggle("shown", index === part));
  main.dataset.width = width;
  main.dataset.mode = mode;
  dress(phones[part], theme, mode);
  phones[part].worn = `${theme} ${mode}`;
  reach(phones[part].article);
  const { characters, visible } = parts[part];
  const length = characters[theme];
  const ratio = length / Math.max(visible, 1);
  const number = (value) => value.toLocaleString("en-US");
  measure(reports[part], "characters", `${number(length)} / ${number(LIMIT - 1)}`,
    length / (LIMIT - 1), length < LIMIT ? "good" : "error");
  measure(reports[part], "ratio", ratio.toFixed(2), ratio / 4, ratio > 4 ? "warning" : "good");
  for (const button of document.querySelectorAll("[data-copies]"))
    button.disabled = !holder(button.dataset.copies);
}

// What is wider than the column is moved by keys, too.
function reach(article) {
  for (const element of article.querySelectorAll("[style*=overflow]")) {
    const moves = element.scrollWidth > element.clientWidth
      && ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    if (moves) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
}

function holder(kind) {
  const within = [phones[state.part].phone, reports[state.part]];
  return within.map((it) => it.querySelector(`[data-holds=${kind}]`)).find(Boolean);
}

// Elements as they are in the file, in the theme chosen and in light.
function bare(nodes) {
  // In a document of its own, where no picture is loaded.
  const root = document.implementation.createHTMLDocument("").body;
  for (const node of nodes) root.append(root.ownerDocument.importNode(node, true));
  const table = themes[state.theme].light;
  for (const element of root.querySelectorAll("[data-look]")) {
    const style = table[element.dataset.look];
    if (isNoBox(element, style)) {
      element.replaceWith(...element.childNodes);
      continue;
    }
    wear(element, style);
    element.removeAttribute("data-look");
  }
  for (const element of root.querySelectorAll("[tabindex]")) element.removeAttribute("tabindex");
  for (const image of root.querySelectorAll("img[data-address]")) {
    image.setAttribute("src", image.dataset.address);
    image.removeAttribute("data-address");
    if ("sized" in image.dataset)
      for (const name of ["width", "height", "data-sized"]) image.removeAttribute(name);
  }
  return root.innerHTML;
}

function content(kind) {
  const element = holder(kind);
  if (kind !== "article") return { plain: element.textContent };
  return { html: bare(element.childNodes), plain: element.innerText };
}

// What is selected of an article, within the elements around it.
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const article = phones[state.part].article;
  let around = range.commonAncestorContainer;
  if (!article.contains(around)) return null;
  let nodes = [...range.cloneContents().childNodes];
  for (; around !== article; around = around.parentNode) {
    if (around.nodeType !== Node.ELEMENT_NODE) continue;
    const shell = around.cloneNode(false);
    shell.append(...nodes);
    nodes = [shell];
  }
  return { html: bare(nodes), plain: selection.toString() };
}

// What the next event of copying is given, else what is selected.
let waiting = null;

document.addEventListener("copy", (event) => {
  const given = waiting?.content ?? selected();
  if (!given || !event.clipboardData) return;
  event.clipboardData.setData("text/plain", given.plain);
  if (given.html !== undefined) event.clipboardData.setData("text/html", given.html);
  event.preventDefault();
  if (waiting) waiting.taken = true;
});

function copyByEvent(kind) {
  const range = document.createRange();
  range.selectNodeContents(holder(kind));
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  waiting = { content: content(kind), taken: false };
  let done = false;
  try {
    done = document.execCommand("copy") && waiting.taken;
  } catch {
    // Refused: what is wanted stays selected.
  }
  waiting = null;
  if (done) selection.removeAllRanges();
  return done;
}

async function copy(kind) {
  if (navigator.clipboard?.write && window.ClipboardItem) {
    try {
      // Safari wants promises that are made while the click is being handled.
      const made = Promise.resolve().then(() => content(kind));
      const blob = (name, type) => made.then((it) => new Blob([it[name]], { type }));
      const types = { "text/plain": blob("plain", "text/plain") };
      if (kind === "article") types["text/html"] = blob("html", "text/html");
      await navigator.clipboard.write([new ClipboardItem(types)]);
      return true;
    } catch {
      // Without a permission, or without promises in items, the older way may still work.
    }
  }
  return copyByEvent(kind);
}

for (const button of document.querySelectorAll("[data-copies]"))
  button.addEventListener("click", async () => {
    const kind = button.dataset.copies;
    if (await copy(kind)) say(words[`copied_${kind}`]);
    else say(words.failed, true);
  });

for (const input of document.querySelectorAll("input[type=radio]"))
  input.addEventListener("change", () => {
    state[input.name] = input.name === "mode" ? input.value : Number(input.value);
    show();
    if (input.name !== "theme") return;
    const hint = `${words.theme_hint} theme = ${JSON.stringify(themes[state.theme].name)}`;
    say(state.theme === chosen ? "" : hint);
  });

// Paper is white.
addEventListener("beforeprint", () => {
  dress(phones[state.part], state.theme, "light");
  phones[state.part].worn = `${state.theme} light`;
  main.dataset.mode = "light";
});
addEventListener("afterprint", show);

show();
