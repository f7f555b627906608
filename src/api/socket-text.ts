import { frameLetter } from '../core/terminal/remote.ts';
import type { Messages } from '../i18n/en.ts';

type Text = keyof Messages['terminalDocs']['socket']['frames'];

/** Which way each frame of a terminal's WebSocket goes. A size means another thing each way. */
const FROM: readonly Text[] = ['attached', 'restart', 'output', 'deflated', 'size', 'presence', 'exit', 'ping'];
const TO: readonly Text[] = ['input', 'ack', 'room', 'ping'];

/** OpenAPI has no words for a WebSocket: its frames are told in prose. */
export function socketText(t: Messages): string[] {
  const { lead, flow, closes, from, to, frames } = t.terminalDocs.socket;
  const lines = (texts: readonly Text[]) => texts.map((text) => `- ${frameLetter(text === 'room' ? 'size' : text)}: ${frames[text]}`).join('\n');
  return [lead, `${from}:\n\n${lines(FROM)}`, `${to}:\n\n${lines(TO)}`, flow, closes];
}
