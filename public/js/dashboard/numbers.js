// The page's numbers: its language, the server's time zone.
import { createFormat } from './format.js';
import { state, words } from './state.js';

export const fmt = createFormat(document.documentElement.lang, state.timezone, words);
