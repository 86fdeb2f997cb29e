// What the console does beyond plain pages. Every page works without this file.
"use strict";

// Theme: runs before the body is parsed, so the page never flashes in the wrong one.
const root = document.documentElement;
const remembered = (() => {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // Storage is blocked: follow the system.
  }
})();
if (remembered) root.dataset.theme = remembered;

function flipTheme() {
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // Not remembered, still changed for this page.
  }
}

function announce(text) {
  const live = document.getElementById("announce");
  if (live) live.textContent = text;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = "value" in source ? source.value : source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard on a plain-HTTP host: leave the text selected for the keyboard.
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    announce("Selected. Press Ctrl+C to copy.");
    return;
  }
  const before = button.textContent;
  button.textContent = "Copied";
  announce("Copied to the clipboard");
  setTimeout(() => { button.textContent = before; }, 1500);
}

// A form with data-confirm asks first; without script the server's own page does.
function confirmThen(form, submitter) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("p").textContent = form.dataset.confirm;
  const yes = dialog.querySelector("[value=yes]");
  yes.textContent = submitter.textContent.trim();
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    form.dataset.agreed = "yes";
    form.requestSubmit(submitter);
  };
  dialog.returnValue = "";
  dialog.showModal();
}

// Live progress: the element names the address of its own newer self. When the newer one no longer
// polls, the work has ended and the whole page (buttons, tables) is fetched anew.
async function poll(element) {
  const url = element.dataset.pollUrl;
  let next = null;
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    next = parsed.body.firstElementChild;
  } catch {
    // The server is busy or restarting: keep what is shown and ask again.
  }
  if (next && !next.dataset.pollUrl) {
    location.reload();
    return;
  }
  const held = element.contains(document.activeElement) || element.querySelector("details[open]");
  if (next && !held) {
    element.replaceWith(next);
    element = next;
  }
  setTimeout(poll, 1000, element);
}

// The expression builder: what is typed is tested as the button would. Nothing is saved.
let turn = 0;
async function test(form) {
  const mine = ++turn;
  const fields = new URLSearchParams(new FormData(form));
  fields.set("step", "test");
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const faults = page.querySelectorAll(".for .error, .fault, #person-error");
    for (const fault of faults) fault.removeAttribute("id");
    const next = faults.length ? faults : page.getElementById("tested").childNodes;
    if (mine === turn) document.getElementById("tested").replaceChildren(...next);
  } catch {
    // The server is busy: the button still works.
  }
}

let typing = 0;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-test]");
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(test, 400, form);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-theme-toggle], [data-shortcuts]");
  if (button) {
    if (button.dataset.copy) copy(button);
    else if ("themeToggle" in button.dataset) flipTheme();
    else document.getElementById("shortcuts").showModal();
  }
  for (const open of document.querySelectorAll("details.account[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !form.dataset.agreed) {
    event.preventDefault();
    confirmThen(form, event.submitter);
  }
});

// Choosing from a filter's list applies it at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[role=search] select")) event.target.form.requestSubmit();
});

let pending = "";
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const open of document.querySelectorAll("details.account[open]")) open.open = false;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, dialog")) return;
  if (event.key === "/") {
    const search = document.querySelector("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  } else if (event.key === "?") {
    document.getElementById("shortcuts")?.showModal();
  } else if (event.key === "t") {
    flipTheme();
  } else if (pending === "g") {
    document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
  }
  pending = event.key === "g" ? "g" : "";
});

document.addEventListener("DOMContentLoaded", () => {
  for (const hidden of document.querySelectorAll("[data-script]")) hidden.hidden = false;
  // Browsers that cannot show a closed menu beside the page get an open one.
  if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 900px)").matches) {
    for (const menu of document.querySelectorAll("details.menu")) menu.open = true;
  }
  const live = document.querySelector("[data-poll-url]");
  if (live) setTimeout(poll, 1000, live);
});
