// Keeps what is typed in forms marked data-keeps-draft until the server has confirmed that it is saved.
//
// A draft lies in the browser's own storage, under the person's number and the form's address. It is offered
// back where the form is opened again, and goes when it is saved or thrown away, when its owner logs out, and
// after thirty days. A form marked data-unsaved shows what the server has been sent and hasn't saved.
// docs/decisions/0020 tells why.
(() => {
  const { person, saved = "" } = document.currentScript.dataset;
  const ALL = "draft:";
  const MINE = `${ALL}${person}:`;
  const THIRTY_DAYS = 30 * 24 * 60 * 60 * 1000;
  const NOT_TYPED = ["csrfmiddlewaretoken", "draft"];
  const ids = new WeakMap();
  const met = new WeakSet();
  // Of forms that are being sent: the draft's name and what it held.
  const sent = new WeakMap();

  // Storage may be full or forbidden; the form then works as it does without a script.
  const attempt = (deed) => {
    try {
      return deed();
    } catch {
      return null;
    }
  };
  const stored = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(ALL))) ?? [];
  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
  const remove = (key) => attempt(() => localStorage.removeItem(key));
  const removeAll = (belongs) => stored().filter(belongs).forEach(remove);

  const addressOf = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
  const keyOf = (form) => {
    if (!ids.has(form)) {
      ids.set(form, Math.random().toString(36).slice(2, 12));
    }
    return `${MINE}${addressOf(form)}:${ids.get(form)}`;
  };

  const isKept = (field) =>
    field.name && !NOT_TYPED.includes(field.name) && !["password", "file", "submit", "button"].includes(field.type);
  const fieldsOf = (form) => [...form.elements].filter(isKept);
  const isChoice = (field) => ["radio", "checkbox"].includes(field.type);

  // Name and value of everything that would be sent; hidden fields too, such as the number of the row seen.
  const valuesOf = (form) =>
    fieldsOf(form)
      .filter((field) => !isChoice(field) || field.checked)
      .map((field) => [field.name, field.value]);
  const tellsTheSame = (form, values) => {
    const typed = fieldsOf(form).filter((field) => field.type !== "hidden");
    const isTold = ([name, value]) => value && typed.some((field) => field.name === name);
    const told = (pairs) => JSON.stringify(pairs.filter(isTold));
    return told(values) === told(valuesOf(form));
  };
  const isTouched = (form) =>
    fieldsOf(form).some((field) => {
      if (field.type === "hidden") {
        return false;
      }
      if (isChoice(field)) {
        return field.checked !== field.defaultChecked;
      }
      if (field.options) {
        const chosen = [...field.options].filter((option) => option.defaultSelected);
        return field.value !== (chosen.at(-1) ?? field.options[0])?.value;
      }
      return field.value !== field.defaultValue;
    });

  const keep = (form) => {
    // What is typed while the form is being sent is a draft of its own: the server will say nothing of it.
    const underWay = sent.get(form);
    if (underWay?.key === keyOf(form)) {
      if (underWay.told !== JSON.stringify(valuesOf(form))) {
        ids.delete(form);
      } else if (underWay.isSaved) {
        return;
      }
    }
    if (isTouched(form) || "unsaved" in form.dataset) {
      const draft = { at: Date.now(), values: valuesOf(form) };
      attempt(() => localStorage.setItem(keyOf(form), JSON.stringify(draft)));
    } else {
      remove(keyOf(form));
    }
  };

  const fill = (form, values) => {
    for (const field of fieldsOf(form)) {
      const [mine] = values.filter(([name]) => name === field.name);
      if (isChoice(field)) {
        field.checked = values.some(([name, value]) => name === field.name && value === field.value);
      } else if (mine) {
        field.value = mine[1];
      }
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // "tisdag 14.32" within the week, else "3 maj 14.32".
  const whenOf = (at) => {
    const time = new Date(at);
    const isRecent = Date.now() - at < 6 * 24 * 60 * 60 * 1000;
    const language = document.documentElement.lang === "sv" ? "sv-SE" : "en-GB";
    const day = time.toLocaleDateString(language, isRecent ? { weekday: "long" } : { day: "numeric", month: "long" });
    return `${day} ${time.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" }).replace(":", ".")}`;
  };

  const offer = (form, key, draft) => {
    const piece = document.querySelector("[data-draft-offer]").content.cloneNode(true).firstElementChild;
    const time = piece.querySelector("time");
    time.dateTime = new Date(draft.at).toISOString();
    time.textContent = whenOf(draft.at);
    const finish = (deed) => {
      piece.remove();
      deed();
      (form.querySelector("textarea, input:not([type=hidden])") ?? form).focus();
    };
    piece.querySelector("[data-draft=restore]").addEventListener("click", () =>
      finish(() => {
        if (isTouched(form)) {
          // What has been typed since is a draft of its own, and is offered in turn.
          const own = keyOf(form);
          keep(form);
          ids.delete(form);
          offer(form, own, read(own));
        }
        fill(form, draft.values);
        keep(form);
        remove(key);
      }),
    );
    piece.querySelector("[data-draft=discard]").addEventListener("click", () => finish(() => remove(key)));
    form.before(piece);
  };

  const refused = performance.getEntriesByType("navigation")[0]?.responseStatus >= 400;
  const meet = (form) => {
    if (met.has(form)) {
      return; // htmx tells of the whole page too, once it has come
    }
    met.add(form);
    if (refused || "unsaved" in form.dataset) {
      form.dataset.unsaved = "";
    }
    for (const key of stored().filter((each) => each.startsWith(`${MINE}${addressOf(form)}:`))) {
      const draft = read(key);
      if (!draft || tellsTheSame(form, draft.values)) {
        remove(key);
      } else {
        offer(form, key, draft);
      }
    }
    keep(form);
  };
  const meetAll = (part) => {
    for (const form of part.querySelectorAll("form[data-keeps-draft]")) {
      meet(form);
    }
  };

  const formOf = (event) => event.target.closest?.("form[data-keeps-draft]");
  const keepTyped = (event) => {
    const form = formOf(event);
    if (form) {
      keep(form);
    }
  };
  document.addEventListener("input", keepTyped);
  document.addEventListener("change", keepTyped);

  document.addEventListener(
    "submit",
    (event) => {
      // The second is the admin's.
      if ("forgetsDrafts" in event.target.dataset || event.target.id === "logout-form") {
        removeAll((key) => key.startsWith(MINE));
      }
      const form = formOf(event);
      if (form) {
        // The server says of this number whether it has been saved.
        keep(form);
        const number = form.elements.draft ?? form.appendChild(document.createElement("input"));
        Object.assign(number, { type: "hidden", name: "draft", value: ids.get(form) });
        sent.set(form, { key: keyOf(form), told: JSON.stringify(valuesOf(form)) });
      }
    },
    true,
  );
  document.addEventListener("click", (event) => {
    const form = event.target.closest?.("[data-drops-draft]")?.closest("form[data-keeps-draft]");
    if (form) {
      remove(keyOf(form));
    }
  });

  // `numbers` of drafts, parted by spaces, that the server says it has saved (portal/drafts.py).
  const forgetSaved = (numbers) => {
    const confirmed = numbers.split(" ").filter(Boolean);
    removeAll((key) => key.startsWith(MINE) && confirmed.includes(key.slice(key.lastIndexOf(":") + 1)));
  };

  // Forms that come and go within the page.
  document.addEventListener("htmx:load", (event) => meetAll(event.detail.elt));
  const settle = ({ detail: { elt: form, xhr } }) => {
    const underWay = sent.get(form);
    const number = xhr.getResponseHeader("Draft-Saved");
    if (!underWay) {
      return;
    }
    if (number) {
      underWay.isSaved = true;
      forgetSaved(number);
      return;
    }
    // It wasn't saved: the newest that was typed is the form's draft, and goes along if it is sent again.
    sent.delete(form);
    if (underWay.key !== keyOf(form)) {
      remove(underWay.key);
      form.elements.draft.value = ids.get(form);
    }
  };
  for (const ending of ["htmx:beforeOnLoad", "htmx:sendError", "htmx:sendAbort", "htmx:timeout"]) {
    document.addEventListener(ending, settle);
  }

  forgetSaved(saved);
  removeAll((key) => !(Date.now() - read(key)?.at < THIRTY_DAYS));
  meetAll(document);
})();
