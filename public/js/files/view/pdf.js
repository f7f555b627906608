// PDF pages, drawn when they come near; the text over each can be selected.
import { getDocument, GlobalWorkerOptions, TextLayer } from 'pdfjs-dist';
import { make } from '../../dom.js';
import { fill } from '../../text.js';
import { number, words } from './words.js';

const box = document.getElementById('pdf');
/** Pixels of one page: a poster in a hostile file must not take all memory. */
const PIXELS = 16_000_000;
GlobalWorkerOptions.workerSrc = box.dataset.worker;

const say = (text) => box.replaceChildren(make('p', { class: 'view-note', role: 'alert' }, text));

try {
  const pdf = await getDocument({
    url: box.dataset.src, isEvalSupported: false, enableXfa: false, disableAutoFetch: true, disableStream: true, rangeChunkSize: 1 << 18,
    maxImageSize: 1 << 26, useSystemFonts: true, stopAtErrors: false,
  }).promise;
  await show(pdf);
} catch (error) {
  say(error?.name === 'PasswordException' ? words.locked : words.pdfFailed);
}

async function show(pdf) {
  const first = await pdf.getPage(1);
  const { width, height } = first.getViewport({ scale: 1 });
  const near = new IntersectionObserver((entries) => entries.forEach(look), { root: box, rootMargin: '100% 0px' });
  // Places of the size of the first page; each takes its own when it is drawn. All at once, so that the scrollbar is right.
  const places = Array.from({ length: Math.min(pdf.numPages, 5000) }, (_, i) => {
    const label = fill(words.page, { n: number(i + 1), total: number(pdf.numPages) });
    const place = make('section', { class: 'pdf-page', 'data-page': i + 1, 'aria-label': label });
    sized(place, width, height);
    return place;
  });
  box.replaceChildren(...places);
  for (const place of places) near.observe(place);

  function look({ target, isIntersecting }) {
    if (isIntersecting && !target.firstChild) void draw(target).catch(() => {});
    // Far away it is only its place again: 500 canvases would be gigabytes.
    if (!isIntersecting) target.replaceChildren();
  }

  async function draw(place) {
    const canvas = make('canvas', { 'aria-hidden': 'true' });
    place.append(canvas);
    const page = await pdf.getPage(Number(place.dataset.page));
    const natural = page.getViewport({ scale: 1 });
    sized(place, natural.width, natural.height);
    const shown = place.clientWidth / natural.width || 1;
    const dense = Math.min(devicePixelRatio || 1, 2);
    const most = Math.sqrt(PIXELS / (natural.width * natural.height));
    const viewport = page.getViewport({ scale: Math.min(shown * dense, most) });
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    await page.render({ canvas, viewport }).promise;
    if (!canvas.isConnected) return;
    const layer = make('div', { class: 'pdf-text' });
    const flat = page.getViewport({ scale: shown });
    layer.style.setProperty('--total-scale-factor', String(shown));
    place.append(layer);
    await new TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport: flat }).render();
    place.dataset.drawn = '';
  }
}

function sized(place, width, height) {
  place.style.setProperty('--pdf-width', `${width * 1.25}px`);
  place.style.setProperty('--pdf-ratio', `${width} / ${height}`);
}
