// The folder stays true by itself: the panel tells when something in it changed through it, and a page that was not
// looked at for a while looks again.
import { subscribe } from '../sse.js';
import { folderOf } from './rows.js';
import { onShown, refresh } from './navigate.js';

const STALE_MS = 30_000;
let source = null;
let watched = null;
let opened = false;
let lookedAt = performance.now();

const url = () => `/files/changes?${new URLSearchParams({ path: folderOf(), of: document.getElementById('contents')?.dataset.listed ?? '' })}`;

async function look() {
  lookedAt = performance.now();
  if (!document.getElementById('contents') || document.hidden) return;
  await refresh();
}

function watch() {
  if (watched === folderOf()) return;
  watched = folderOf();
  opened = false;
  if (!watched) return void source?.close();
  if (source) return source.url(url);
  source = subscribe(url, {
    // What happened while nobody listened; the first time the panel tells, as it knows what the page shows.
    open() {
      if (opened) void look();
      opened = true;
    },
    changed: () => void look(),
  });
}

export function startLive() {
  watch();
  onShown((reason) => {
    lookedAt = performance.now();
    if (reason === 'folder') watch();
  });
  document.addEventListener('files-changed', () => void look());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && performance.now() - lookedAt > STALE_MS) void look();
  });
}
