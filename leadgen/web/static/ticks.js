// Counts the ticked lines, and ticks or unticks all lines of the page at once.
(() => {
  const form = document.getElementById("bulk");
  if (!form) return;
  const boxes = [...document.querySelectorAll('[data-line] input[name="key"]')];
  const every = document.querySelector("[data-tick-all]");
  const words = form.querySelector("[data-ticked]");

  const count = () => {
    const ticked = boxes.filter((each) => each.checked).length;
    words.textContent = form.elements.all.checked ? words.dataset.all : words.dataset.some.replace("{number}", ticked);
    if (every) {
      every.checked = ticked === boxes.length;
      every.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  };

  if (every) {
    every.closest("[hidden]").hidden = false;
    every.addEventListener("change", () => {
      boxes.forEach((each) => (each.checked = every.checked));
      count();
    });
  }
  boxes.forEach((each) => each.addEventListener("change", count));
  form.elements.all.addEventListener("change", count);
  addEventListener("pageshow", count);
  count();
})();
