// Passkeys: asks our server what the browser needs, lets the device sign, and posts the answer in an ordinary form.
// Without scripts or passkeys the buttons stay hidden, and nothing else changes.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withIds = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));

  const make = async (options) => {
    const made = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        user: { ...options.user, id: toBytes(options.user.id) },
        excludeCredentials: withIds(options.excludeCredentials),
      },
    });
    const answer = made.response;
    return write(made, {
      clientDataJSON: toText(answer.clientDataJSON),
      attestationObject: toText(answer.attestationObject),
      transports: answer.getTransports ? answer.getTransports() : [],
    });
  };

  const use = async (options) => {
    const used = await navigator.credentials.get({
      publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: withIds(options.allowCredentials) },
    });
    const answer = used.response;
    return write(used, {
      clientDataJSON: toText(answer.clientDataJSON),
      authenticatorData: toText(answer.authenticatorData),
      signature: toText(answer.signature),
      userHandle: answer.userHandle ? toText(answer.userHandle) : null,
    });
  };

  const write = (credential, response) =>
    JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response,
      authenticatorAttachment: credential.authenticatorAttachment || null,
      clientExtensionResults: {},
    });

  const start = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const told = form.querySelector("[data-told]");
    told.textContent = form.dataset.asking;
    try {
      const headers = { "X-CSRFToken": form.elements.csrf_token.value };
      const asked = await fetch(form.dataset.options, { method: "POST", headers, credentials: "same-origin" });
      if (asked.redirected) return window.location.assign(asked.url);
      if (!asked.ok) throw new Error();
      const options = await asked.json();
      form.elements.credential.value = await (form.dataset.passkey === "make" ? make(options) : use(options));
      form.submit();
    } catch {
      told.textContent = form.dataset.unused;
    }
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    // a passkey of this site is good under its own name only
    if (form.dataset.host !== window.location.hostname) continue;
    form.hidden = false;
    form.addEventListener("submit", start);
  }
})();
