// Relative times stay true while the page is open. The same steps as `relative` in src/i18n/format.ts: change both.
import { fill, text } from './text.js';

const lang = document.documentElement.lang;
const day = new Intl.DateTimeFormat(lang, { month: 'short', day: 'numeric' });
const dayAndYear = new Intl.DateTimeFormat(lang, { year: 'numeric', month: 'short', day: 'numeric' });

export function relative(date, now = new Date()) {
  const minutes = Math.floor(Math.abs(now - date) / 60_000);
  const past = date <= now;
  if (minutes < 1) return past ? text.time.now : text.time.soon;
  if (minutes < 60) return fill(past ? text.time.minutesAgo : text.time.inMinutes, { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return fill(past ? text.time.hoursAgo : text.time.inHours, { n: hours });
  return (date.getFullYear() === now.getFullYear() ? day : dayAndYear).format(date);
}

function refresh() {
  const now = new Date();
  for (const element of document.querySelectorAll('time[data-relative]')) {
    const words = relative(new Date(element.dateTime), now);
    if (element.textContent !== words) element.textContent = words;
  }
}

setInterval(() => {
  if (!document.hidden) refresh();
}, 30_000);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) refresh();
});
