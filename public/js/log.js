// The page of a task: its log goes on from the byte where the page ends, so that neither a reload nor a lost
// connection shows a line twice or leaves one out.
import { subscribe } from './sse.js';

/** Letters kept on the page; the download has the rest. */
const MOST = 1_000_000;
/** Colours and cursor moves of terminals (ECMA-48 control sequences) mean nothing here. */
const CONTROLS = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;

const log = document.getElementById('task-log');
const follow = document.getElementById('follow');
const ask = () => document.body.dispatchEvent(new CustomEvent('task-changed'));

const toEnd = () => {
  if (!follow || follow.checked) log.scrollTop = log.scrollHeight;
};

log.textContent = log.textContent.replace(CONTROLS, '');
toEnd();

if (log.dataset.running !== undefined) {
  let offset = Number(log.dataset.offset);
  follow.closest('[hidden]').hidden = false;
  follow.addEventListener('change', toEnd);
  // Scrolling up to read stops the following; back at the end it goes on.
  log.addEventListener('scroll', () => {
    follow.checked = log.scrollHeight - log.scrollTop - log.clientHeight < 8;
  });
  const stream = subscribe(() => `/tasks/${log.dataset.task}/stream?offset=${offset}`, {
    output({ text, next }) {
      offset = next;
      log.append(text.replace(CONTROLS, ''));
      while (log.childNodes.length > 1 && log.textContent.length > MOST) log.firstChild.remove();
      toEnd();
    },
    state: ask,
    end() {
      stream.close();
      ask();
      document.getElementById('cancel-task')?.remove();
    },
  });
}
