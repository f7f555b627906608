import { expect, test } from 'bun:test';
import { ModeTracker } from './modes.ts';

function restored(...pieces: (string | Uint8Array)[]): string {
  const modes = new ModeTracker();
  for (const piece of pieces) modes.scan(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
  return modes.restore();
}

test('what is switched on and off again leaves nothing behind; what is on first is told when it is off', () => {
  expect(restored('\x1b[?1049h\x1b[?2004htext\x1b[?2004l\x1b[?1049l')).toBe('');
  expect(restored('\x1b[?25l\x1b[?7l')).toBe('\x1b[?25l\x1b[?7l');
  expect(restored('\x1b[?25l\x1b[?25h')).toBe('');
  expect(restored('\x1b[?1000;1006h')).toBe('\x1b[?1000h\x1b[?1006h');
});

test('a reset of the terminal (RIS) forgets all of them, also when it is cut', () => {
  expect(restored('\x1b[?1049h\x1b[?1000h\x1bc')).toBe('');
  expect(restored('\x1b[?1049h\x1b', 'c\x1b[?2004h')).toBe('\x1b[?2004h');
});

test('cut at every byte, the same is seen', () => {
  const stream = 'ls\r\n\x1b[31mx\x1b[?1049;1h\x1b[?25l\xff\x1b[?1006h\x1b\x1b[?7';
  for (let at = 0; at <= stream.length; at++) expect([at, restored(stream.slice(0, at), stream.slice(at), 'l')]).toEqual([at, '\x1b[?1049h\x1b[?1h\x1b[?25l\x1b[?1006h\x1b[?7l']);
  expect(restored(...stream, 'l')).toBe('\x1b[?1049h\x1b[?1h\x1b[?25l\x1b[?1006h\x1b[?7l');
});

test('what only looks like one is none', () => {
  expect(restored('[?1049h', '\x1b[1049h', '\x1b[?h', '\x1b[?1049x', `\x1b[?${'1;'.repeat(100)}h`, '\x1b]0;\x1b')).toBe('');
});

test('S22 nothing that is sent fills the memory', () => {
  const modes = new ModeTracker();
  for (let i = 0; i < 100_000; i++) modes.scan(Buffer.from(`\x1b[?${i}h`));
  expect(modes.restore().length).toBeLessThan(3000);
});

test('on the screen of an editor, or not', () => {
  const modes = new ModeTracker();
  for (const [text, alternate] of [['\x1b[?1049h', true], ['\x1b[?1049l', false], ['\x1b[?47h', true], ['\x1bc', false]] as const) {
    modes.scan(Buffer.from(text));
    expect(modes.alternate).toBe(alternate);
  }
});

test('a copy goes its own way', () => {
  const modes = new ModeTracker();
  modes.scan(Buffer.from('\x1b[?1049h\x1b[?20'));
  const copy = new ModeTracker(modes);
  copy.scan(Buffer.from('04h\x1b[?1049l'));
  expect([copy.restore(), modes.restore()]).toEqual(['\x1b[?2004h', '\x1b[?1049h']);
});
