// A list that is chosen from: its address follows the choices, which are kept until the tab is closed.
//
// Runs before the page is shown: one who comes back without choices gets those that were made last.
(() => {
  const KEPT = `chosen:${location.pathname}`;
  const attempt = (deed) => {
    try {
      return deed();
    } catch {
      return null; // storage may be forbidden
    }
  };
  const keep = (search) => {
    const chosen = new URLSearchParams([...new URLSearchParams(search)].filter(([, value]) => value)).toString();
    attempt(() => sessionStorage.setItem(KEPT, chosen));
    return chosen;
  };

  if (location.search) {
    keep(location.search);
  } else {
    const chosen = attempt(() => sessionStorage.getItem(KEPT));
    if (chosen) {
      location.replace(`?${chosen}`);
    }
  }

  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-forgets-choices]")) {
      keep("");
    }
  });
  // What came isn't the list when the session has ended or something has broken: the browser shows it.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { href, pathname, search } = new URL(detail.xhr.responseURL);
    if (detail.xhr.status !== 200 || pathname !== location.pathname) {
      detail.shouldSwap = false;
      location.assign(href);
      return;
    }
    const chosen = keep(search);
    history.replaceState(null, "", chosen ? `?${chosen}` : pathname);
  });
})();
