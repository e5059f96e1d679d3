// Keeps the counts of the bins fresh while somebody looks, and says politely when the open bin changed.
(() => {
  const EVERY = 20 * 1000;
  const bins = document.querySelector("[data-counts]");
  const said = document.querySelector("[data-counts-said]");
  if (!bins) return;

  const look = async () => {
    if (document.hidden) return;
    let counts;
    try {
      const answer = await fetch(bins.dataset.counts, { redirect: "error" });
      if (!answer.ok) return;
      counts = await answer.json();
    } catch {
      return; // the next look may work
    }
    bins.querySelectorAll("[data-bin]").forEach((each) => show(each, String(counts[each.dataset.bin])));
  };

  const show = (place, count) => {
    if (count === "undefined" || place.textContent === count) return;
    place.textContent = count;
    if (place.dataset.bin !== bins.dataset.open) return;
    said.textContent = bins.dataset.now.replace("{count}", count) + " ";
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = bins.dataset.show;
    said.append(link);
    said.hidden = false;
  };

  setInterval(look, Number(bins.dataset.every) || EVERY);
  document.addEventListener("visibilitychange", look);
})();
