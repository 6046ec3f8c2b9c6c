// Keys of the pages: "/" goes to the search, "g" to the review, and what a button names presses it.
"use strict";

// A page that came without a reload is read from what it tells, or from its content on.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target !== document.body) return;
  const told = document.querySelector("[role=alert], [role=status]");
  (told || document.querySelector("main")).focus({ preventScroll: true });
});

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select");
  // A key that is held down decides one question, not the next ones too.
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (field) {
    if (event.key === "Escape") field.blur();
    return;
  }
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (pressed) {
    event.preventDefault();
    pressed.click();
  } else if (event.key === "/") {
    event.preventDefault();
    const search = document.querySelector("[data-search]");
    if (search) search.focus();
    else window.location.assign("/");
  } else if (event.key === "g") {
    window.location.assign("/review");
  }
});
