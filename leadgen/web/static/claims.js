// Holds on to the claims that this page shows as the reader's own, while the page is open.
// Without it a claim lapses after a quarter of an hour.
(() => {
  const EVERY = 5 * 60 * 1000;
  const keeper = document.querySelector("[data-renew]");
  const said = document.querySelector("[data-claims-said]");
  if (!keeper) return;

  const renew = async () => {
    const mine = [...document.querySelectorAll("[data-claim]")];
    if (!mine.length) return;
    const form = new FormData();
    form.append("csrf_token", keeper.dataset.token);
    mine.forEach((each) => form.append("claim", each.dataset.claim));
    let held;
    try {
      const answer = await fetch(keeper.dataset.renew, { method: "POST", body: form, redirect: "error" });
      if (!answer.ok) return;
      held = (await answer.json()).held;
    } catch {
      return; // the next time may work; the claim lapses by itself
    }
    mine.filter((each) => !held.includes(each.dataset.claim)).forEach(lose);
  };

  const lose = (each) => {
    each.removeAttribute("data-claim");
    each.textContent = keeper.dataset.lost;
    said.textContent = keeper.dataset.lostOne;
  };

  setInterval(renew, Number(keeper.dataset.every) || EVERY);
})();
