// The player of a recording: its controls and its keys.
import { on, setIcon } from '../../dom.js';
import { fill } from '../../text.js';
import { createPlayer } from './player.js';
import { createScreen } from './screen.js';
import { createSource } from './source.js';
import { stamp } from './stamp.js';

/** While the slider is dragged, every place is not drawn. */
const DRAG_MS = 80;
/** Drawing that takes no longer needs no word. */
const WORD_MS = 300;
const STEPS = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -30, PageUp: 30, Home: -Infinity, End: Infinity };

const words = JSON.parse(document.getElementById('play-words').textContent);
const part = (id) => document.getElementById(`play-${id}`);
const [toggle, slider, time, speed, skip, over, stage] = ['toggle', 'at', 'time', 'speed', 'skip', 'over', 'stage'].map(part);
const root = document.getElementById('play');
const { src, at } = root.dataset;

async function ask(path) {
  const answer = await fetch(`${src}/${path}`);
  // Signed out meanwhile: the page leads there.
  if (answer.redirected) location.reload();
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

function say(sentence) {
  over.textContent = sentence;
  over.hidden = sentence === '';
}

async function begin() {
  say(words.loading);
  const index = await (await ask('index')).json();
  say('');
  const screen = createScreen(root, part('screen'));
  const source = createSource(async (from) => (await ask(`part?from=${from}`)).arrayBuffer(), index.bytes);
  const player = createPlayer({ screen, source, index, on: { change: draw, fault: () => say(words.failed) } });
  const { state } = player;
  slider.max = String(state.total);
  for (const control of [toggle, slider]) control.disabled = false;
  let wordTimer;
  let dragging = false;

  function draw() {
    const texts = { at: stamp(state.at), total: stamp(state.total) };
    if (!dragging) slider.value = String(state.at);
    slider.setAttribute('aria-valuetext', fill(words.positionOf, texts));
    time.textContent = `${texts.at} / ${texts.total}`;
    const label = state.playing ? words.pause : words.play;
    if (toggle.title !== label) {
      toggle.title = label;
      toggle.setAttribute('aria-label', label);
      setIcon(toggle, state.playing ? 'pause' : 'play');
    }
    if (state.seeking) wordTimer ??= setTimeout(() => say(words.seeking), WORD_MS);
    else if (wordTimer) {
      clearTimeout(wordTimer);
      wordTimer = undefined;
      say('');
    }
  }

  const step = (event) => {
    const by = STEPS[event.key];
    if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) return false;
    event.preventDefault();
    void player.seek(state.at + by);
    return true;
  };
  let dragTimer;
  slider.addEventListener('input', () => {
    dragging = true;
    clearTimeout(dragTimer);
    dragTimer = setTimeout(() => {
      dragging = false;
      void player.seek(Number(slider.value));
    }, DRAG_MS);
  });
  slider.addEventListener('keydown', step);
  stage.addEventListener('keydown', (event) => {
    if (step(event) || event.key !== ' ') return;
    event.preventDefault();
    player.toggle();
  });
  toggle.addEventListener('click', () => player.toggle());
  speed.addEventListener('change', () => (state.speed = Number(speed.value)));
  skip.addEventListener('change', () => (state.skipIdle = skip.checked));
  // What the browser kept of these over a reload counts.
  state.speed = Number(speed.value);
  state.skipIdle = skip.checked;
  on('click', '[data-seek]', (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    player.pause();
    void player.seek(Number(link.dataset.seek));
    stage.scrollIntoView({ block: 'nearest' });
    stage.focus({ preventScroll: true });
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', screen.restyle);
  new MutationObserver(screen.restyle).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  if (index.points.length === 1 && index.seconds === 0) say(words.nothing);
  await player.seek(Number(at));
}

begin().catch(() => say(words.failed));
