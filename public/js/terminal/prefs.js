// Size of the letters, copying what is selected, asking before a paste, a light screen, lines for a screen reader.
import { keptPrefs } from '../prefs.js';

export const SIZES = { least: 8, most: 28 };

export const { prefs, setPref } = keptPrefs('mantou-terminal', { size: 13, copyOnSelect: false, bell: false, paper: false, pasteAsks: true, reader: false });
