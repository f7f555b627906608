import { withoutEscapes } from '../../../lib/escape-sequences.ts';
import { hideValues } from '../../../lib/hide-values.ts';

/** What has no line end is said all the same when it is this long: dots of progress. */
const LINE_MOST = 8192;

/** What a builder says, as a log takes it: whole lines, without colours, and without these values. */
export function createBuildLog(log: (text: string) => void, secrets: readonly string[]): { write(text: string): void; end(): void } {
  let rest = '';
  // The builder puts colours around each piece of standard error, not around lines.
  const say = (text: string) => log(hideValues(withoutEscapes(text.replace(/\r(?!\n)/g, '\n')), secrets));
  return {
    write(text) {
      rest += text;
      const end = rest.lastIndexOf('\n') + 1;
      if (end) say(rest.slice(0, end));
      rest = rest.slice(end);
      if (rest.length > LINE_MOST) this.end();
    },
    end() {
      if (rest) say(rest);
      rest = '';
    },
  };
}
