// A window on a file of any size. Parts of it lie side by side in a box that scrolls; what comes near is fetched, what
// is far is dropped. The slider beside it is as long as the file: positions are bytes, so that 10 GB open at once.
import { fill } from '../../text.js';
import { bytes, number, words } from './words.js';

/** Parts that are kept: some on each side of what is seen. */
const MOST = 7;
/** Screens ahead that are fetched. */
const AHEAD = 1.5;

/**
 * `feed.load(at, toward)` gives `{ from, to, size, rows }`: lines from a byte on ('forward'), before it ('back'), or
 * around it ('near'). Rows are elements with data-at. `feed.parts` says how many to keep.
 */
export function createWindow(box, feed) {
  const bar = document.getElementById('window-bar');
  const status = document.getElementById('window-status');
  const said = document.getElementById('window-said');
  const field = document.getElementById('window-at');
  let size = Number(box.dataset.size);
  let parts = [...box.querySelectorAll('.win-part')].map((element) => ({ element, from: Number(element.dataset.from), to: Number(element.dataset.to) }));
  // What is asked for later makes what was asked for earlier void.
  let turn = 0;
  let filling = false;
  let dragging = false;

  const say = (text) => {
    said.textContent = text ?? '';
  };

  function part(loaded) {
    const element = document.createElement('div');
    element.className = 'win-part';
    element.append(...loaded.rows);
    size = Math.max(loaded.size, loaded.to);
    bar.max = String(Math.max(1, size));
    return { element, from: loaded.from, to: loaded.to };
  }

  function replace(loaded) {
    turn += 1;
    parts = [part(loaded)];
    box.replaceChildren(parts[0].element);
    box.scrollTop = 0;
  }

  /** Fetches what lies around what is seen, until there is enough of it. */
  async function fillUp() {
    if (filling) return;
    filling = true;
    try {
      for (let guard = 0; guard < 40 && (await extend()); guard++);
    } catch {
      say(words.failed);
    }
    filling = false;
    place();
  }

  async function extend() {
    const mine = turn;
    const ahead = box.clientHeight * AHEAD;
    const last = parts.at(-1);
    const first = parts[0];
    if (!first) return false;
    if (last.to < size && box.scrollHeight - box.scrollTop - box.clientHeight < ahead) {
      const loaded = await feed.load(last.to, 'forward');
      if (mine !== turn) return true;
      if (loaded.to <= last.to) {
        size = Math.min(size, loaded.size);
        return false;
      }
      const next = part(loaded);
      parts.push(next);
      box.append(next.element);
      if (parts.length > MOST) drop('first');
      return true;
    }
    if (first.from > 0 && box.scrollTop < ahead) {
      const loaded = await feed.load(first.from, 'back');
      if (mine !== turn) return true;
      if (loaded.to <= loaded.from) return false;
      const before = part(loaded);
      parts.unshift(before);
      keepPlace(() => box.prepend(before.element));
      if (parts.length > MOST) drop('last');
      return true;
    }
    return false;
  }

  function drop(which) {
    const gone = which === 'first' ? parts.shift() : parts.pop();
    if (which === 'first') keepPlace(() => gone.element.remove());
    else gone.element.remove();
  }

  /** What is seen stays where it is, whatever comes or goes above it. */
  function keepPlace(change) {
    const before = box.scrollHeight;
    const top = box.scrollTop;
    change();
    box.scrollTop = top + box.scrollHeight - before;
  }

  /** The first row that is seen, and the byte where it begins. */
  function seen() {
    // A row of which less than that is left is not seen: places are rounded to pixels.
    const top = box.getBoundingClientRect().top + 2;
    const holder = parts.find(({ element }) => element.getBoundingClientRect().bottom > top);
    const rows = holder?.element.children ?? [];
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].getBoundingClientRect().bottom > top) high = middle;
      else low = middle + 1;
    }
    return rows[low];
  }

  function place() {
    const row = seen();
    const at = row ? Number(row.dataset.at) : 0;
    // At the very end the slider is at its end too, though the first row that is seen is not.
    const atEnd = parts.at(-1)?.to >= size && box.scrollHeight - box.scrollTop - box.clientHeight < 2;
    const shown = atEnd && box.scrollTop > 0 ? size : at;
    if (!dragging) bar.value = String(shown);
    if (field) field.value = String(at);
    const percent = new Intl.NumberFormat(words.lang, { style: 'percent', maximumFractionDigits: 1 }).format(size ? shown / size : 0);
    const text = fill(words.status, { at: number(at), size: number(size), percent });
    status.textContent = text;
    bar.setAttribute('aria-valuetext', text);
  }

  async function go(at) {
    turn += 1;
    const mine = turn;
    try {
      const loaded = await feed.load(Math.min(at, size), 'near');
      if (mine !== turn) return;
      replace(loaded);
      const replaced = turn;
      if (at >= loaded.to) box.scrollTop = box.scrollHeight;
      else if (at > 0) lift(at);
      await fillUp();
      // Somebody may have gone elsewhere meanwhile.
      if (at >= loaded.to && replaced === turn) {
        box.scrollTop = box.scrollHeight;
        place();
      }
    } catch {
      say(words.failed);
    }
  }

  /** Scrolls to the row that holds this byte. */
  function lift(at) {
    const rows = [...parts[0].element.children];
    const row = rows.findLast((each) => Number(each.dataset.at) <= at);
    if (row) box.scrollTop += row.getBoundingClientRect().top - box.getBoundingClientRect().top;
  }

  let asked = false;
  box.addEventListener(
    'scroll',
    () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        place();
        void fillUp();
      });
    },
    { passive: true },
  );
  let slide;
  bar.addEventListener('input', () => {
    dragging = true;
    clearTimeout(slide);
    slide = setTimeout(() => {
      void go(Number(bar.value)).then(() => {
        dragging = false;
      });
    }, 60);
  });
  bar.addEventListener('change', () => {
    dragging = false;
  });
  box.addEventListener('keydown', (event) => {
    if (event.target !== box || !['Home', 'End'].includes(event.key) || event.shiftKey) return;
    event.preventDefault();
    void go(event.key === 'Home' ? 0 : size);
  });
  addEventListener('resize', () => void fillUp());

  return {
    go, say, fillUp, replace,
    size: () => size,
    at: () => Number(seen()?.dataset.at ?? 0),
    /** Shows a row of what was just put in, in the middle. */
    reveal(row) {
      row.scrollIntoView({ block: 'center' });
      void fillUp();
    },
  };
}
