// Says so when the browser cannot show a picture, a sound or a video.
import { make } from '../../dom.js';
import { words } from './words.js';

const box = document.querySelector('[data-media]');
const media = box.firstElementChild;
const failed = () => box.replaceChildren(make('p', { class: 'view-note', role: 'alert' }, words.cannotShow));

media.addEventListener('error', failed);
// It may have failed before this module came.
if (media.error || (media instanceof HTMLImageElement && media.complete && media.naturalWidth === 0)) failed();
