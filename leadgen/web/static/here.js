// Shows the button that asks the device where it is, and sends what it tells, rounded to about half a mile.
(() => {
  const box = document.querySelector("[data-here]");
  const form = document.getElementById("here");
  if (!box || !form || !navigator.geolocation) return;
  const button = box.querySelector("button");
  const said = box.querySelector("[data-here-said]");

  const send = ({ coords }) => {
    form.elements.latitude.value = coords.latitude.toFixed(2);
    form.elements.longitude.value = coords.longitude.toFixed(2);
    form.submit();
  };
  const giveUp = () => {
    button.disabled = false;
    said.textContent = said.dataset.refused;
  };

  box.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    said.textContent = said.dataset.asking;
    navigator.geolocation.getCurrentPosition(send, giveUp, { timeout: 15000, maximumAge: 600000 });
  });
  // back from the next page, the button can be used again
  addEventListener("pageshow", () => (button.disabled = false));
})();
