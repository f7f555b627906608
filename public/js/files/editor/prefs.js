// Wrapping, vim keys, size of the text, the folders beside it.
import { keptPrefs } from '../../prefs.js';

export const SIZES = { least: 10, most: 24 };

export const { prefs, setPref } = keptPrefs('mantou-editor', { wrap: false, vim: false, size: 12.5, tree: false });
