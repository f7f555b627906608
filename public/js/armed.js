// What reverts by itself unless it is kept: counts down, and is told by every page that changes something.
const box = () => document.getElementById('armed');
/** What it tells, but for the seconds that are left. */
const said = (banners) => [...banners.querySelectorAll('.banner')].map((one) => `${one.id} ${one.dataset.tone} ${one.querySelector('p')?.textContent}`).join('\n');
let stream = null;
let opening = false;
/** Looks at what is armed: the number of the last, and of the one whose answer is shown. */
let asked = 0;
let shown = 0;

async function refresh() {
  if (!box()) return;
  const mine = ++asked;
  let answer;
  try {
    answer = await fetch('/armed', { headers: { accept: 'text/html' }, redirect: 'manual', cache: 'no-store' });
  } catch {
    // Locked out, or the panel is away: the banner stays, and counts.
    return;
  }
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('armed');
  const old = box();
  // One that was asked for before another may come after it, and tells what is over.
  if (!fresh || !old || mine < shown) return;
  shown = mine;
  // What says the same stays, and counts anew: somebody may be about to press it.
  if (said(fresh) === said(old)) {
    const counts = fresh.querySelectorAll('[data-until]');
    for (const [i, one] of old.querySelectorAll('[data-until]').entries()) {
      one.dataset.serverNow = counts[i].dataset.serverNow;
      begun.delete(one);
    }
    return;
  }
  // Forms of a fragment lead to the page that is open.
  for (const field of fresh.querySelectorAll('input[name=next]')) field.value = location.pathname + location.search;
  const focused = old.contains(document.activeElement) ? document.activeElement.closest('form')?.getAttribute('action') : null;
  // What was unfolded of one that is still armed stays so.
  for (const details of old.querySelectorAll('.banner details[open]')) {
    const again = fresh.querySelector(`#${details.closest('.banner').id} details`);
    if (again) again.open = true;
  }
  old.replaceWith(document.adoptNode(fresh));
  if (focused) fresh.querySelector(`form[action="${focused}"] button`)?.focus();
  void follow();
}

/** Streams only while something is armed: a browser has few connections. */
async function follow() {
  const armed = () => box()?.hasAttribute('data-armed');
  if (armed() && !stream && !opening) {
    opening = true;
    const { subscribe } = await import('./sse.js');
    opening = false;
    // `open`: what happened while nobody listened, since the page was drawn or since the stream broke.
    stream = subscribe('/armed/stream', { open: refresh, changed: refresh });
  }
  if (!armed() && stream) {
    stream.close();
    stream = null;
  }
}

// The clock of the browser may be another than the panel's: what counts is how much was left when the page came.
const begun = new WeakMap();

function count() {
  for (const element of document.querySelectorAll('[data-until]')) {
    const { until, serverNow, left, over } = element.dataset;
    if (!begun.has(element)) begun.set(element, performance.now());
    const ms = Number(until) - Number(serverNow) - (performance.now() - begun.get(element));
    const words = ms > 0 ? left.replace('{n}', String(Math.ceil(ms / 1000))) : over;
    if (element.textContent !== words) element.textContent = words;
    if (ms < -1000 && Math.round(-ms / 250) % 8 === 0) void refresh();
  }
}

setInterval(count, 250);
// Whatever was changed here may have been armed.
document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  if (ctx.request?.method?.toUpperCase() !== 'GET') void refresh();
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !stream) void refresh();
});
void follow();
