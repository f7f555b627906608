import type { Exec } from '../../exec.ts';
import type { ServiceLine } from '../../services.ts';

const READ_MS = 10_000;
const TEXT_MOST = 4000;

/**
 * The last lines of a unit, also those that are longer than journalctl tells unasked; null: the account of the panel may not read them, or there is no journal.
 * @param latest also what was said only just now: journald reads it from a pipe, in its own time. `--sync` waits until it has.
 */
export async function journalOf(exec: Exec, unit: string, lines: number, latest = false): Promise<ServiceLine[] | null> {
  const journalctl = exec.which('journalctl');
  if (!journalctl) return null;
  if (latest) await exec.run([journalctl, '--sync'], { timeout: READ_MS });
  const { code, stdout, stderr, ended } = await exec.run([journalctl, `--unit=${unit}`, `--lines=${lines}`, '--no-pager', '--quiet', '--all', '--output=json'], { timeout: READ_MS, cap: 4 << 20 });
  if (ended || code !== 0 || /insufficient permissions/.test(stderr)) return null;
  const read = parseJournal(stdout);
  // Without the right to read it, it is silent with --quiet.
  return read.length === 0 && process.getuid?.() !== 0 ? null : read;
}

/**
 * journalctl(1), `--output=json`: an object a line; a message that is no text is a list of bytes.
 *
 *     {"MESSAGE":"hi","PRIORITY":"6","SYSLOG_IDENTIFIER":"sh","__REALTIME_TIMESTAMP":"1795930044968201",…}
 */
export function parseJournal(text: string): ServiceLine[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    try {
      const row = JSON.parse(line) as Record<string, unknown>;
      return [{
        at: Math.floor(Number(row.__REALTIME_TIMESTAMP) / 1000) || 0, priority: Number(row.PRIORITY ?? 6),
        from: String(row.SYSLOG_IDENTIFIER ?? row._COMM ?? ''), text: messageOf(row.MESSAGE).slice(0, TEXT_MOST),
      }];
    } catch {
      // Cut off by the bound on output.
      return [];
    }
  });
}

function messageOf(message: unknown): string {
  if (typeof message === 'string') return message;
  return Array.isArray(message) && message.every((byte) => typeof byte === 'number') ? new TextDecoder().decode(Uint8Array.from(message)) : '';
}
