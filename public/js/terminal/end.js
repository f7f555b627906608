// Ending a terminal: asked first, what runs in it ends with it.
import { fill } from '../text.js';
import { ask } from './ask.js';
import { send } from './server.js';
import { words } from './words.js';

export async function endTerminal(id, name) {
  if (await ask('tt-kill', { title: fill(words.killAsk, { name }) })) await send(`/terminal/${id}/kill`);
}
