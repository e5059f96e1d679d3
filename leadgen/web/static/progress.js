// Shows how far a job is without loading the page, and loads its report once it is done.
(() => {
  const EVERY = 1500;
  const panel = document.querySelector("[data-progress]");
  if (!panel) return;
  const bar = panel.querySelector("progress");
  const words = panel.querySelector("[data-progress-words]");
  const said = panel.querySelector("[data-progress-said]");

  const look = async () => {
    if (document.hidden) return;
    let told;
    try {
      const answer = await fetch(panel.dataset.progress, { redirect: "error" });
      if (!answer.ok) return;
      told = await answer.json();
    } catch {
      return; // the next look may work
    }
    const ended = told.done + told.skipped;
    bar.max = told.total || 1;
    bar.value = ended;
    words.textContent = panel.dataset.words
      .replace("{ended}", ended)
      .replace("{total}", told.total)
      .replace("{done}", told.done)
      .replace("{skipped}", told.skipped);
    if (told.state === "done") {
      said.textContent = said.dataset.done;
      location.reload();
    }
  };

  setInterval(look, EVERY);
})();
