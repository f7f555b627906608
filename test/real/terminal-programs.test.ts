import { afterAll, afterEach, beforeAll, expect } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import type { Screen } from '../support/screen.ts';
import { endHost, terminalsOf } from '../support/terminal-panel.ts';
import { until } from '../support/until.ts';

/** What people run in terminals, through the compiled panel and drawn as the page draws it. */
const it = needs('linux', 'editors');
let panel: RunningPanel;
let cookie = '';
let folder = '';
const open: string[] = [];
const shells = terminalsOf(() => panel, () => cookie);

if (it.ok) {
  beforeAll(async () => {
    panel = await runPanel([await executable()], { dataDir: mkdtempSync(join(tmpdir(), 'mantou-programs-')) });
    cookie = await setUp(panel);
    folder = mkdtempSync(join(tmpdir(), 'mantou-work-'));
  });
  afterEach(async () => {
    for (const id of open.splice(0)) await shells.kill(id);
  });
  afterAll(async () => {
    expect(panel.errorLog()).toBe('');
    expect(await panel.stop()).toBe(0);
    await endHost(panel.dataDir);
    for (const path of [panel.dataDir, folder]) rmSync(path, { recursive: true, force: true });
  });
}

async function shell(size = { cols: 80, rows: 24 }): Promise<Screen & { id: string }> {
  const id = await shells.open({ folder, cols: String(size.cols), rows: String(size.rows) });
  open.push(id);
  const screen = await shells.screen(id, size);
  screen.type(`exec bash --norc --noprofile\r`);
  screen.type(`PS1='$ '; clear; echo rea''dy\r`);
  // With its prompt: it reads what is typed from then on, and has said how.
  await screen.shows(/^ready\n\$$/m);
  return { ...screen, id };
}

const written = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null);
const alternate = (screen: Screen) => screen.terminal.buffer.active.type === 'alternate';

it('vim: types, saves, and has its screen back for who comes later, also when its beginning is forgotten', async () => {
  const screen = await shell({ cols: 100, rows: 30 });
  screen.type('vim -u NONE -N notes.txt\r');
  await screen.shows(/^~$/m);
  screen.type('i馒头 steamed\rsecond line\x1b');
  await screen.shows('second line');
  screen.type(':w\r');
  await until(() => written('notes.txt') === '馒头 steamed\nsecond line\n');
  await screen.shows(/notes\.txt.*written/);
  const before = screen.text();
  const later = await shells.screen(screen.id, { cols: 100, rows: 30 });
  await later.shows('second line');
  await until(() => later.text() === before);
  expect(alternate(later)).toBe(true);
  // More than is kept, all of it on vim's screen.
  screen.type(":call append(0, repeat([repeat('x', 95)], 40)) | for i in range(3000) | redraw! | endfor\r");
  await until(() => screen.seen.offset > (6 << 20));
  screen.type('\x0c:echo "drawn"\r');
  await screen.shows('drawn');
  const last = await shells.screen(screen.id, { cols: 100, rows: 30 });
  await last.shows(/^x{95}$/m);
  expect([last.seen.restarts[0]!.offset > 0, alternate(last)]).toEqual([true, true]);
  screen.type('\x0c');
  await until(() => last.text().replace(/\n.*$/, '') === screen.text().replace(/\n.*$/, ''));
  last.type(':q!\r');
  for (const one of [last, screen]) await one.shows(/^\$$/m);
  expect([alternate(last), alternate(screen)]).toEqual([false, false]);
});

it('less: pages through a file and searches it', async () => {
  writeFileSync(join(folder, 'long.txt'), Array.from({ length: 500 }, (_, i) => `row ${i + 1}`).join('\n'));
  const screen = await shell();
  screen.type('less long.txt\r');
  await screen.shows(/^row 1\n/);
  expect(alternate(screen)).toBe(true);
  screen.type(' ');
  await screen.shows('row 30');
  screen.type('/row 400\r');
  await screen.shows(/^row 400\n/);
  screen.type('q');
  await screen.shows(/^\$$/m);
  expect(alternate(screen)).toBe(false);
});

it('htop: draws, and takes the mouse', async () => {
  const screen = await shell({ cols: 120, rows: 40 });
  screen.type('htop\r');
  await screen.shows(/PID.*USER/);
  await screen.shows(/F10\s*Quit/i);
  await until(() => screen.terminal.modes.mouseTrackingMode !== 'none');
  screen.type('\x1b[21~');
  await screen.shows(/^\$$/m);
  expect(screen.terminal.modes.mouseTrackingMode).toBe('none');
});

it('tmux: splits, and goes on in its own server', async () => {
  const screen = await shell();
  const name = `mt${process.pid}`;
  screen.type(`tmux -L ${name} -f /dev/null new-session 'exec bash --norc --noprofile'\r`);
  await screen.shows(/\[0\] 0:/);
  screen.type('\x02%');
  await screen.shows(/│[^]*│/);
  screen.type('echo in the ri""ght; tty\r');
  await screen.shows(/│.*in the right/);
  screen.type('\x02d');
  await screen.shows('[detached');
  screen.type(`tmux -L ${name} attach\r`);
  await screen.shows(/│.*in the right/);
  screen.type('\x02:');
  await screen.shows(/^:$/m);
  screen.type('kill-server\r');
  await screen.shows(/^\$$/m);
});

it('vim takes a click', async () => {
  const screen = await shell();
  screen.type(`printf 'one two\\nthree four\\n' > click.txt; vim -u NONE -N --cmd 'set mouse=a ttymouse=sgr' click.txt\r`);
  await screen.shows('three four');
  await until(() => screen.terminal.modes.mouseTrackingMode !== 'none');
  // Button 0 at column 7, row 2, down and up (xterm, SGR 1006).
  screen.type('\x1b[<0;7;2M\x1b[<0;7;2m');
  screen.type('x:wq\r');
  await until(() => written('click.txt') === 'one two\nthree our\n');
});

it('bracketed paste: what is pasted waits for Enter', async () => {
  const screen = await shell();
  expect(screen.terminal.modes.bracketedPasteMode).toBe(true);
  screen.type('\x1b[200~echo first\necho sec""ond\n\x1b[201~');
  await screen.shows('echo sec""ond');
  await Bun.sleep(200);
  expect(screen.lines()).not.toContain('first');
  screen.type('\r');
  await screen.shows(/^first\nsecond$/m);
});

it('256 and true colours, and a terminal that says what it is', async () => {
  const screen = await shell();
  screen.type(`clear; printf '\\e[38;2;10;20;30mA\\e[48;5;196mB\\e[0m\\n'; echo $TERM $COLORTERM; tput colors\r`);
  await screen.shows('xterm-256color truecolor\n256');
  const line = screen.terminal.buffer.active.getLine(0)!;
  const [a, b] = [line.getCell(0)!, line.getCell(1)!];
  expect([a.getChars(), a.isFgRGB(), a.getFgColor(), b.getChars(), b.isBgPalette(), b.getBgColor()]).toEqual(['A', true, 0x0a141e, 'B', true, 196]);
});

it('the size that counts is the smallest of those who type, and the program knows it', async () => {
  const screen = await shell({ cols: 132, rows: 43 });
  screen.type('stty size\r');
  await screen.shows('43 132');
  const small = await shells.screen(screen.id, { cols: 60, rows: 20 });
  await until(() => screen.terminal.cols === 60 && screen.terminal.rows === 20);
  small.type('clear; stty size\r');
  await small.shows('20 60');
  small.size(0, 10_000);
  await until(() => screen.terminal.cols === 2);
  small.close();
  await until(() => screen.terminal.cols === 132);
  screen.type('clear; stty size; echo $COLUMNS $LINES\r');
  await screen.shows('43 132\n132 43');
});

it('UTF-8 in pieces, wide letters, and every byte there is', async () => {
  const screen = await shell();
  screen.type(`clear; for b in e9 a6 92 e5 a4 b4 f0 9f a5 9f; do printf "\\x$b"; sleep 0.03; done; echo; printf 'e\\u301|\\n'\r`);
  await screen.shows('馒头🥟');
  await screen.shows('e\u0301|');
  const line = screen.terminal.buffer.active.getLine(0)!;
  expect([line.getCell(0)!.getWidth(), line.getCell(2)!.getChars()]).toEqual([2, '头']);
  screen.type(`stty raw -echo; echo begin; for i in $(seq 0 255); do printf "\\x$(printf %x $i)"; done; echo fin""ish; stty sane\r`);
  await screen.saw('finish');
  const bytes = screen.seen.bytes;
  const from = bytes.indexOf('begin\n') + 6;
  expect(bytes.subarray(from, bytes.indexOf('finish')).equals(Buffer.from(Array.from({ length: 256 }, (_, i) => i)))).toBe(true);
});

it('Ctrl C is heard in a flood, and a stop and a start by hand hold it', async () => {
  const screen = await shell();
  screen.type('yes\r');
  await until(() => screen.seen.offset > 1 << 20);
  screen.type('\x03');
  // The kernel signals before it echoes: the shell's line end may come ahead of its ^C.
  await screen.shows(/\^C\n?\$$/);
  screen.type('echo qui""et\r');
  await screen.shows('quiet');
  screen.type('while sleep 0.05; do echo ti""ck; done\r');
  await screen.shows('tick');
  screen.type('\x13');
  // What was on its way comes still.
  let at = 0;
  await until(async () => {
    at = screen.seen.offset;
    await Bun.sleep(300);
    return screen.seen.offset === at;
  });
  screen.type('\x11');
  await until(() => screen.seen.offset > at + 20);
  screen.type('\x03');
});
