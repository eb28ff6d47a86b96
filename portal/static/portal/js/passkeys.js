// Passkeys: wakes the page's button, which asks the browser for one, and says in words when that fails.
(() => {
  const place = document.querySelector("[data-passkey]");
  const button = place.querySelector("button");

  const tell = (name) => {
    for (const trouble of place.querySelectorAll("[data-trouble]")) {
      trouble.hidden = trouble.dataset.trouble !== name;
    }
  };

  place.querySelector("[data-scriptless]").remove();
  if (!window.PublicKeyCredential) {
    tell("unsupported");
    return;
  }

  const known = [...place.querySelectorAll("[data-trouble]")].map((trouble) => trouble.dataset.trouble);
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault(); // it is told on the page, not in the console
    const { name } = event.detail.exception;
    tell(known.includes(name) ? name : "other");
  });
  button.addEventListener("click", () => tell(""));

  const ids = { credential: place.dataset.credential, data: "passkey-options" };
  for (const role of ["login", "authenticate", "signup"]) {
    ids[role] = button.id;
  }
  window.allauth.webauthn.forms[place.dataset.passkey]({ ids });
  button.hidden = false;
})();
