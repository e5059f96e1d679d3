// Single keys for the desk. They can be switched off, and mean nothing in fields (WCAG 2.1.4).
// An element says by data-key which key it answers to; a line of the worklist is a row with data-line.
(() => {
  const help = document.getElementById("keys");
  if (!help) return;

  const lines = () => [...document.querySelectorAll("[data-line]")];
  const current = () => document.activeElement.closest("[data-line]");
  const box = (line) => line.querySelector("input[type=checkbox]");

  const move = (step) => {
    const all = lines();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
    const target = next.querySelector("th a") || box(next);
    if (!target) return;
    target.focus({ focusVisible: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const tick = () => {
    const line = current();
    if (!line || !box(line)) return;
    box(line).checked = !box(line).checked;
    box(line).dispatchEvent(new Event("change", { bubbles: true }));
  };

  const act = (key) => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (!target) return;
    if (target.form && target.form.id === "bulk") {
      const line = current();
      if (!document.querySelector("[data-line] input:checked") && line && box(line)) box(line).checked = true;
      target.click();
      return;
    }
    const details = target.closest("details");
    if (details && target.tagName === "SUMMARY") {
      details.open = true;
      const field = details.querySelector("select, textarea, input:not([type=hidden])");
      (field || target).focus({ focusVisible: true });
      return;
    }
    target.focus({ focusVisible: true });
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: tick,
    "/": () => {
      const search = document.querySelector("[role=search] input:not([type=hidden])");
      if (search) search.focus();
    },
    "?": () => (help.open ? help.close() : help.showModal()),
    a: () => act("a"),
    h: () => act("h"),
    r: () => act("r"),
  };

  const isField = (target) => target.isContentEditable || target.closest("textarea, select, input:not([type=checkbox])");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (isField(event.target) || !Object.hasOwn(keys, event.key)) return;
    if (help.open && event.key !== "?") return;
    event.preventDefault();
    keys[event.key]();
  });
})();
