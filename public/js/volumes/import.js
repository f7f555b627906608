// Adds a backup from a file of this computer: sent as it is, with a bar; a path of the server goes as the form does.
const form = document.getElementById('import');
const words = JSON.parse(form.dataset.words);
const file = document.getElementById('import-file');
const fault = form.querySelector('[data-fault]');
const progress = form.querySelector('[data-progress]');
form.querySelector('[data-send]').hidden = false;

function say(text) {
  fault.textContent = text;
  fault.hidden = !text;
}

// Only XMLHttpRequest tells how much of a body has gone.
function send(chosen) {
  const request = new XMLHttpRequest();
  const bar = progress.querySelector('progress');
  const figure = progress.querySelector('[data-figure]');
  const query = new URLSearchParams({ name: form.elements.name.value, from: chosen.name.slice(0, 255) });
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = total ? loaded / total : 0;
    figure.textContent = `${words.sending} ${Math.floor((total ? loaded / total : 0) * 100)} %`;
  });
  request.addEventListener('loadend', () => {
    progress.hidden = true;
    if (request.status === 200) return location.assign('/volumes/-/backups');
    if (request.status === 401) return location.reload();
    form.querySelector('[type=submit]').disabled = false;
    let said = '';
    try {
      said = JSON.parse(request.responseText).error;
    } catch {
      // No answer of the panel's own.
    }
    say(said || words.failed);
  });
  progress.hidden = false;
  form.querySelector('[type=submit]').disabled = true;
  request.open('PUT', `/volumes/-/backups/upload?${query}`);
  request.setRequestHeader('content-type', 'application/octet-stream');
  request.send(chosen);
}

form.addEventListener('submit', (event) => {
  say('');
  const [chosen] = file.files;
  if (!chosen && form.elements.path.value.trim()) return;
  event.preventDefault();
  event.stopPropagation();
  if (chosen) send(chosen);
  else say(words.nothing);
});
