// Lines above the text: what was found, what went wrong, and what can be done about it.
import { icon, make } from '../../dom.js';

const box = document.getElementById('ed-notices');
const ICONS = { warn: 'warning', danger: 'alert', ok: 'check' };

/** `buttons`: `[text, run, primary?]` or `{ text, href }`. One line for each `about` of a file. */
export function notice(file, about, { tone = 'warn', text, buttons = [], stays = true }) {
  file.notices = file.notices.filter((one) => one.about !== about);
  file.notices.push({ about, tone, text, buttons, stays });
  if (file.active) show(file);
}

export function unnotice(file, about) {
  file.notices = file.notices.filter((one) => one.about !== about);
  if (file.active) show(file);
}

export function show(file) {
  box.replaceChildren(...(file?.notices ?? []).map((one) => line(file, one)));
}

function line(file, { about, tone, text, buttons }) {
  const element = make('div', { class: 'banner', 'data-tone': tone, 'data-about': about, role: tone === 'danger' ? 'alert' : null }, icon(ICONS[tone] ?? 'info'), make('p', {}, text));
  for (const button of buttons) {
    if (button.href) element.append(make('a', { class: 'btn sm', href: button.href }, button.text));
    else {
      const made = make('button', { class: button[2] ? 'btn primary sm' : 'btn sm', type: 'button' }, button[0]);
      made.addEventListener('click', button[1]);
      element.append(made);
    }
  }
  return element;
}
