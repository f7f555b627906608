import { existsSync } from 'node:fs';
import { converse, type Conversation, type Exec } from '../../exec.ts';
import type { SignInSource, SignInTry } from '../../sign-ins.ts';
import { createSshdCounter, readJournalLine, readSshdLine, readSyslogLine } from './sshd.ts';

const NAMES = ['-t', 'sshd', '-t', 'sshd-session', '-t', 'sshd-auth'];
/** Debian's name for it, and Fedora's. */
const FILES = ['/var/log/auth.log', '/var/log/secure'];
const LINE_MOST = 64 << 10;
const LATELY_LINES = '500';
const READ_MS = 10_000;

type Reader = (line: string, now: number) => { at: number; message: string } | null;

interface Log {
  argv: [string, ...string[]];
  read: Reader;
}

/** sshd's sign-ins: by the journal where there is one, else by the file that syslog writes. */
export function createSshdSource(exec: Exec, isRoot = () => process.getuid?.() === 0): SignInSource {
  const journalctl = () => (existsSync('/run/systemd/journal/socket') ? exec.which('journalctl') : undefined);
  const file = () => FILES.find((path) => existsSync(path));

  function log(): Log | null {
    const journal = journalctl();
    if (journal) return { argv: [journal, '--follow', '--lines=0', '--no-pager', '--output=json', ...NAMES], read: (line) => readJournalLine(line) };
    const [tail, path] = [exec.which('tail'), file()];
    // By its name: logs are turned over at night.
    return tail && path ? { argv: [tail, '-F', '-n', '0', '--', path], read: (line, now) => syslog(line, now) } : null;
  }

  return {
    service: 'sshd',
    refusal: async () => (!isRoot() ? 'notRoot' : log() ? null : 'noService'),
    async lately() {
      const journal = journalctl();
      if (!journal) return [];
      const argv = [journal, '--no-pager', '--output=json', '--since=-30days', '--grep=^Accepted ', `--lines=${LATELY_LINES}`, ...NAMES] as [string, ...string[]];
      const { stdout } = await exec.run(argv, { timeout: READ_MS });
      return [...new Set(stdout.split('\n').flatMap((line) => readSshdLine(readJournalLine(line)?.message ?? '')?.address ?? []))];
    },
    follow(onTry, onEnd) {
      const found = log();
      if (!found) {
        onEnd('no log');
        return () => {};
      }
      const talk = converse(found.argv);
      let stopped = false;
      void listen(talk, found.read, onTry).finally(async () => {
        await talk.exited;
        if (!stopped) onEnd(talk.complaints().trim());
      });
      return () => {
        stopped = true;
        talk.end();
      };
    },
  };
}

const syslog: Reader = (line, now) => {
  const message = readSyslogLine(line);
  return message === null ? null : { at: now, message };
};

async function listen(talk: Conversation, read: Reader, onTry: (one: SignInTry) => void) {
  const count = createSshdCounter();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of talk.stdout) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop()!.slice(-LINE_MOST);
      for (const line of lines) {
        const entry = read(line, Date.now());
        const one = entry && count(entry.message);
        if (one) onTry({ service: 'sshd', ...one, at: entry.at, text: entry.message.slice(0, 400) });
      }
    }
  } catch {
    // Its end is told by the process.
  }
}
