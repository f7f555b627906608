// Checksums of a file: they come while the dialog is open, and what is pasted beside them is held against them.
import { whenThere } from '../dom.js';
import { subscribe } from '../sse.js';

function follow(form) {
  const status = form.querySelector('[data-status]');
  const bar = form.querySelector('progress');
  const stream = subscribe(form.dataset.checksums, {
    progress({ value, text }) {
      bar.value = value;
      status.textContent = text;
    },
    end(found) {
      for (const input of form.querySelectorAll('[data-algorithm]')) input.value = found[input.dataset.algorithm];
      status.textContent = found.text;
      bar.remove();
      compare(form);
      over();
    },
    fault({ text }) {
      status.textContent = text;
      bar.remove();
      over();
    },
  });
  const watch = new MutationObserver(() => form.isConnected || over());
  const over = () => {
    watch.disconnect();
    stream.close();
  };
  watch.observe(document.body, { childList: true, subtree: true });
  form.querySelector('[data-compare]').addEventListener('input', () => compare(form));
}

/** People paste "SHA256 (file) = …", "… *file" or spaced pairs: the longest run of hexadecimal digits is meant. */
function pasted(text) {
  const plain = text.trim().toLowerCase();
  const spaced = plain.replace(/[\s:]/g, '');
  if (/^[0-9a-f]+$/.test(spaced)) return spaced;
  return (plain.match(/[0-9a-f]{32,}/g) ?? []).sort((a, b) => b.length - a.length)[0] ?? plain;
}

function compare(form) {
  const verdict = form.querySelector('[data-verdict]');
  const wanted = pasted(form.querySelector('[data-compare]').value);
  const inputs = [...form.querySelectorAll('[data-algorithm]')];
  verdict.hidden = !wanted || !inputs[0].value;
  if (verdict.hidden) return;
  const same = inputs.find((input) => input.value === wanted);
  verdict.dataset.tone = same ? 'ok' : 'danger';
  verdict.textContent = same ? form.getAttribute(`data-matches-${same.dataset.algorithm}`) : form.dataset.differs;
}

whenThere('checksums', follow);
