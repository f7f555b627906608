// The sheet of permissions: boxes and number say the same. Without JavaScript the server reads whichever was changed.
import { on } from '../dom.js';

const LETTERS = [['u', 6, 0o4000, 's'], ['g', 3, 0o2000, 's'], ['o', 0, 0o1000, 't']];

const boxes = (form) => [...form.querySelectorAll('input[data-bit]')];
const isOctal = (text) => /^[0-7]{1,4}$/.test(text);

/** "u+x,g-w" of bits switched on and off, as core/files/modes/mode.ts writes it. */
function symbolic(on, off) {
  const parts = (bits, act) =>
    LETTERS.flatMap(([who, shift, special, letter]) => {
      const three = (bits >> shift) & 7;
      const perms = (three & 4 ? 'r' : '') + (three & 2 ? 'w' : '') + (three & 1 ? 'x' : '') + (bits & special ? letter : '');
      return perms ? [`${who}${act}${perms}`] : [];
    });
  return [...parts(on, '+'), ...parts(off, '-')].join(',');
}

// A box: the number follows, or where entries still differ in other bits only what was touched.
on('change', 'form.modes input[data-bit]', (_event, box) => {
  box.removeAttribute('data-mixed');
  const form = box.form;
  const ticked = boxes(form).reduce((bits, one) => bits | (one.checked ? Number(one.dataset.bit) : 0), 0);
  const open = boxes(form).reduce((bits, one) => bits | ('mixed' in one.dataset ? Number(one.dataset.bit) : 0), 0);
  const common = Number.parseInt(form.elements.common.value, 8);
  const wasMixed = Number.parseInt(form.elements.mixed.value, 8);
  form.elements.mode.value = open
    ? symbolic(ticked & ~common, (common | (wasMixed & ~open)) & ~ticked)
    : ticked.toString(8).padStart(4, '0');
});

// The number: the boxes follow. A change such as g+w has no boxes of its own; they show what is there now.
on('input', 'form.modes input[name="mode"]', (_event, input) => {
  const form = input.form;
  const text = input.value.trim();
  const mixed = Number.parseInt(form.elements.mixed.value, 8);
  const bits = isOctal(text) ? Number.parseInt(text, 8) : Number.parseInt(form.elements.common.value, 8);
  for (const box of boxes(form)) {
    const bit = Number(box.dataset.bit);
    box.checked = (bits & bit) !== 0;
    box.toggleAttribute('data-mixed', !isOctal(text) && (mixed & bit) !== 0);
  }
});

// What happens next stands on the button; files inside seldom want the x of folders.
on('change', 'form.modes .mode-inside input[type="checkbox"]', (_event, box) => {
  const form = box.form;
  const button = form.querySelector('button[data-next]');
  const inside = form.querySelector('.mode-inside input[type="checkbox"]:checked') !== null;
  button.textContent = inside ? button.dataset.next : button.dataset.save;
  const files = form.elements.fileMode;
  const mode = form.elements.mode?.value.trim() ?? '';
  if (box.name === 'inside-mode' && box.checked && files.value === '' && isOctal(mode)) {
    files.value = (Number.parseInt(mode, 8) & 0o666).toString(8).padStart(4, '0');
  }
});
