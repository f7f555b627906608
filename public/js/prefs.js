// What a person likes, kept in this browser.

/** @returns `prefs` as they are now, and `setPref(name, value)` */
export function keptPrefs(key, defaults) {
  const prefs = { ...defaults, ...read(key) };
  const setPref = (name, value) => {
    prefs[name] = value;
    try {
      localStorage.setItem(key, JSON.stringify(prefs));
    } catch {
      // Storage is full or forbidden: it holds for this page.
    }
  };
  return { prefs, setPref };
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}');
  } catch {
    return {};
  }
}
