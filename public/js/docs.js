// "Try it" of the API reference: sends a GET with the token typed into the page. The token stays in its field, which
// has no form and is gone with the page; cookies are left out, as the API does not take them.
import { on } from './dom.js';

const token = document.getElementById('docs-token');

on('submit', 'form[data-try]', (event, form) => {
  event.preventDefault();
  void send(form);
});

async function send(form) {
  const said = form.querySelector('[role=status]');
  const output = document.getElementById(form.dataset.try);
  output.hidden = true;
  if (!token.value.trim()) {
    said.textContent = said.dataset.missing;
    return token.focus();
  }
  // Whatever was typed, it goes to the API of this panel.
  const url = new URL(form.elements.path.value, location.origin);
  if (url.origin !== location.origin || !url.pathname.startsWith('/api/v1/')) url.href = `${location.origin}/api/v1/`;
  try {
    const headers = { authorization: `Bearer ${token.value.trim()}` };
    const started = performance.now();
    const answer = await fetch(url, { headers, credentials: 'omit', cache: 'no-store' });
    const text = await answer.text();
    said.textContent = `${answer.status} · ${Math.round(performance.now() - started)} ms · ${answer.headers.get('content-type') ?? ''}`;
    output.textContent = pretty(text);
    output.hidden = false;
  } catch {
    said.textContent = said.dataset.noAnswer;
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

// A link to a call opens it.
const openTarget = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
};
addEventListener('hashchange', openTarget);
openTarget();
