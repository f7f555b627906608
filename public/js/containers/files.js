// Files of a container: uploads, one after the other, and how many are selected.
import { on } from '../dom.js';
import { question } from '../question.js';
import { toast } from '../toast.js';
import { fill } from '../text.js';

const upload = document.getElementById('upload');
const contents = document.getElementById('contents');
const dialog = document.getElementById('replace-dialog');

function count() {
  const place = document.querySelector('[data-selected]');
  if (place) place.textContent = fill(place.dataset.many, { n: document.querySelectorAll('#files tbody .pick input:checked').length });
}
on('change', '.pick input', count);
// The folder was drawn anew: the words came without a number, and what was ticked may have gone.
document.addEventListener('htmx:after:swap', count);

/** @returns { status, body } of what the panel answered; status 0: nothing came */
function send(file, replace, tell) {
  const { promise, resolve } = Promise.withResolvers();
  const query = new URLSearchParams({ folder: upload.dataset.folder, name: file.name, ...(replace ? { replace: 'on' } : {}) });
  // fetch tells nobody how far a request is.
  const request = new XMLHttpRequest();
  request.open('PUT', `${upload.dataset.to}?${query}`);
  request.responseType = 'json';
  request.upload.addEventListener('progress', ({ loaded, total }) => tell(total ? loaded / total : 1));
  request.addEventListener('loadend', () => resolve({ status: request.status, body: request.response }));
  request.send(file);
  return promise;
}

async function ask(name) {
  const heading = dialog.querySelector('h2');
  heading.textContent = fill(heading.dataset.ask, { name });
  return (await question(dialog)) === 'replace';
}

const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' });

async function one(file) {
  const words = toast({ tone: 'ok', title: fill(upload.dataset.uploading, { name: file.name, percent: percent.format(0) }) });
  // It stays as long as the file is on its way.
  words.dataset.watched = '';
  const text = words.querySelector('p');
  const tell = (share) => (text.textContent = fill(upload.dataset.uploading, { name: file.name, percent: percent.format(share) }));
  let answer = await send(file, false, tell);
  if (answer.status === 409 && (await ask(file.name))) answer = await send(file, true, tell);
  else if (answer.status === 409) answer = { status: 200, body: null, kept: true };
  words.remove();
  if (answer.status === 200) return !answer.kept;
  toast({ tone: 'danger', title: fill(upload.dataset.failed, { name: file.name, why: answer.body?.error ?? upload.dataset.silent }) });
  return false;
}

let busy = Promise.resolve();
let waiting = 0;
let done = 0;

function add(files) {
  for (const file of files) {
    waiting++;
    busy = busy.then(() => one(file)).then((went) => {
      if (went) done++;
      if (--waiting === 0 && done > 0) refresh();
    });
  }
}

/** Shows the folder as it is now; what failed stays said. */
function refresh() {
  toast({ tone: 'ok', title: fill(upload.dataset.uploaded, { n: done }) });
  done = 0;
  document.body.dispatchEvent(new CustomEvent('container-files-changed'));
}

if (upload) {
  const field = upload.querySelector('input');
  field.addEventListener('change', () => {
    add(field.files);
    field.value = '';
  });
  const carries = (event) => event.dataTransfer?.types.includes('Files');
  contents.addEventListener('dragover', (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    contents.classList.add('drop-on');
  });
  for (const type of ['dragleave', 'drop']) contents.addEventListener(type, () => contents.classList.remove('drop-on'));
  contents.addEventListener('drop', (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    // A folder has no bytes of its own.
    add([...event.dataTransfer.items].filter((item) => item.webkitGetAsEntry?.()?.isDirectory !== true).map((item) => item.getAsFile()).filter(Boolean));
  });
  addEventListener('beforeunload', (event) => waiting > 0 && event.preventDefault());
}
