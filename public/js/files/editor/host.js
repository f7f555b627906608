// Where a CodeMirror view lives: a shadow root, because there its rules are adopted style sheets, which the panel's policy
// allows (style-mod makes a <style> element in a document, and that it refuses).
import { prefs } from './prefs.js';

/** Also for the hint that screen readers get: what describes an element lies in the same tree. */
export function shadowIn(parent) {
  const host = document.createElement('div');
  host.className = 'ed-host';
  parent.append(host);
  const root = host.attachShadow({ mode: 'open' });
  const hint = document.createElement('span');
  hint.id = 'ed-hint-inside';
  hint.hidden = true;
  hint.textContent = document.getElementById('ed-hint')?.textContent ?? '';
  const box = document.createElement('div');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':host, div.box { display: block; block-size: 100%; min-block-size: 0; } .cm-mergeView { block-size: 100%; overflow: auto; } .cm-mergeViewEditors { min-block-size: 100%; }');
  root.adoptedStyleSheets = [sheet];
  box.className = 'box';
  root.append(hint, box);
  host.style.setProperty('--ed-size', `${prefs.size}px`);
  // Seen from the page, everything typed in here comes from the host: single keys would be the page's commands.
  host.addEventListener('keydown', (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  });
  return { host, root, box };
}

export function setSize(size) {
  for (const host of document.querySelectorAll('.ed-host')) host.style.setProperty('--ed-size', `${size}px`);
}
