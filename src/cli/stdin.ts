import { UsageError } from '../config/option.ts';

/** More than any password; what comes after is not read. */
const MOST = 4096;

/**
 * The first line of standard input without its end. Nothing else on the line is touched: blanks belong to the password.
 * @throws UsageError when there is none
 */
export async function readPasswordLine(input: AsyncIterable<Uint8Array> = Bun.stdin.stream()): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  try {
    for await (const chunk of input) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes('\n') || text.length > MOST) break;
    }
  } catch {
    throw new UsageError('--password-stdin: the password is not UTF-8 text');
  }
  const line = text.split('\n')[0]!.replace(/\r$/, '');
  if (line.length > MOST) throw new UsageError(`--password-stdin: the password is longer than ${MOST} characters`);
  if (line === '') throw new UsageError('--password-stdin: standard input is empty; give the password as its first line');
  return line;
}
