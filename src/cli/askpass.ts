import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { askingHop, readTicket, takeOnce, wanted } from '../platform/ssh/askpass.ts';

/**
 * What ssh(1) runs as SSH_ASKPASS: says the secret that is kept for the host, once; everything else that is asked, and a
 * secret that was wrong, a person types into the terminal.
 *
 * @param folder of the handover
 * @returns the exit code: 1 when nobody answered
 */
export async function askpass(folder: string, prompt: string, kind: string | undefined): Promise<number> {
  const ticket = readTicket(folder);
  const alias = askingHop(parentCommand());
  const known = ticket && alias !== null ? ticket[alias] : undefined;
  const what = known && kind === undefined ? wanted(prompt, known) : null;
  const secret = what && known![what];
  if (secret && takeOnce(folder, alias!, what)) return say(secret);
  const shown = known?.keyPath && what === 'passphrase' ? `Enter passphrase for the key of ${known.label}: ` : printable(prompt);
  // ssh(1): "none" is a notice, such as that a security key waits to be touched.
  const typed = await ask(shown, kind === 'none');
  return typed === null ? 1 : say(typed);
}

function say(answer: string): number {
  writeSync(1, `${answer}\n`);
  return 0;
}

function parentCommand(): string {
  try {
    return readFileSync(`/proc/${process.ppid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Prompts may be the words of a server: nothing in them moves the cursor. */
const printable = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 500);

/** Asks on the terminal of ssh, without showing what is typed. @returns null when there is none, or it was left */
async function ask(prompt: string, notice: boolean): Promise<string | null> {
  let fd: number;
  try {
    fd = openSync('/dev/tty', 'r+');
  } catch {
    return null;
  }
  if (notice) {
    writeSync(fd, `${prompt}\r\n`);
    closeSync(fd);
    return '';
  }
  const tty = new ReadStream(fd);
  // Before it asks: whoever is quick must not see what they type.
  tty.setRawMode(true);
  writeSync(fd, prompt);
  try {
    return await readLine(tty);
  } finally {
    tty.setRawMode(false);
    writeSync(fd, '\r\n');
    tty.destroy();
  }
}

const [CTRL_C, CTRL_D, CTRL_H, CTRL_U, DELETE] = ['\x03', '\x04', '\b', '\x15', '\x7f'];

function readLine(tty: ReadStream): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const decoder = new TextDecoder();
  let letters: string[] = [];
  const take = (letter: string) => {
    if (letter === '\r' || letter === '\n') return resolve(letters.join(''));
    if (letter === CTRL_D && letters.length === 0) return resolve(null);
    if (letter === CTRL_C) {
      // As at ssh's own prompt: the connection is given up.
      process.kill(process.ppid, 'SIGINT');
      return resolve(null);
    }
    if (letter === CTRL_U) letters = [];
    else if (letter === DELETE || letter === CTRL_H) letters.pop();
    else if (letters.length < 1000) letters.push(letter);
  };
  tty.on('data', (bytes: Buffer) => {
    for (const letter of decoder.decode(bytes, { stream: true })) take(letter);
  });
  tty.on('error', () => resolve(null));
  tty.on('end', () => resolve(null));
  return promise;
}
