// Archives of images: sent as they are, with how far they are; a path on the machine is completed while it is typed.
import { make, on } from '../dom.js';

const ASK_MS = 120;
let timer;
let asked = 0;

on('input', '[data-complete]', (_event, input) => {
  clearTimeout(timer);
  timer = setTimeout(() => complete(input), ASK_MS);
});

async function complete(input) {
  const mine = ++asked;
  const answer = await fetch(`/files/names/complete?path=${encodeURIComponent(input.value)}`, { headers: { accept: 'application/json' } }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const { items } = await answer.json();
  input.list?.replaceChildren(...items.map((path) => make('option', { value: path })));
}

on('submit', '#load-upload', (event, form) => {
  event.preventDefault();
  const [file] = form.elements.archive.files;
  if (file && !form.dataset.busy) send(form, file);
});

/** XMLHttpRequest: `fetch` does not say how much of a body has gone. */
function send(form, file) {
  const request = new XMLHttpRequest();
  const [gauge, error] = [form.querySelector('#load-progress'), form.querySelector('#load-error')];
  const button = form.querySelector('button[type=submit]');
  const leaving = (event) => event.preventDefault();
  const say = (text, value) => {
    gauge.querySelector('[role=status]').textContent = text;
    if (value === null) gauge.querySelector('progress').removeAttribute('value');
    else gauge.querySelector('progress').value = value;
  };
  const busy = (is) => {
    form.toggleAttribute('data-busy', is);
    button.disabled = is;
    gauge.hidden = !is;
    if (is) addEventListener('beforeunload', leaving);
    else removeEventListener('beforeunload', leaving);
  };
  const fail = (text) => {
    busy(false);
    error.textContent = text || form.dataset.failed;
    error.hidden = false;
  };
  error.hidden = true;
  busy(true);
  say(form.dataset.uploading, 0);
  request.open('POST', `/images/load?name=${encodeURIComponent(file.name.slice(0, 255))}`);
  request.setRequestHeader('content-type', 'application/x-tar');
  request.responseType = 'json';
  request.upload.addEventListener('progress', ({ loaded, total }) => say(form.dataset.uploading, total ? loaded / total : 0));
  request.upload.addEventListener('load', () => say(form.dataset.unpacking, null));
  request.addEventListener('error', () => fail());
  request.addEventListener('load', () => {
    if (request.status !== 200) return fail(request.response?.message);
    busy(false);
    location.assign(`/tasks/${request.response.task}`);
  });
  request.send(file);
}
