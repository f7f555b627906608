// Theme: switched at once, remembered by the server in the background. Without JavaScript the same forms post and come back.
import { on, setIcon } from './dom.js';
import { fill, text } from './text.js';

const THEMES = ['light', 'dark', 'system'];
const ICONS = { light: 'sun', dark: 'moon', system: 'monitor' };

export const currentTheme = () => document.documentElement.dataset.theme ?? 'system';

export function setTheme(theme) {
  if (!THEMES.includes(theme)) return;
  document.documentElement.dataset.theme = theme;
  show(theme);
  void fetch('/preferences', {
    method: 'POST',
    body: new URLSearchParams({ theme, next: '/' }),
    redirect: 'manual',
    keepalive: true,
  });
}

function show(theme) {
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  for (const button of document.querySelectorAll('[data-theme-form] [name=theme]')) {
    if (button.hasAttribute('aria-pressed')) {
      button.setAttribute('aria-pressed', String(button.value === theme));
      continue;
    }
    const label = fill(text.theme.switchTo, { now: text.theme[theme], next: text.theme[next] });
    button.value = next;
    button.title = label;
    button.setAttribute('aria-label', label);
    setIcon(button, ICONS[theme]);
  }
}

on('submit', '[data-theme-form]', (event) => {
  if (!event.submitter) return;
  event.preventDefault();
  setTheme(event.submitter.value);
});
