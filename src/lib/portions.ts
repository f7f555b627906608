/** Between two portions: ten a second are as live as anyone can read. */
const PAUSE_MS = 100;
/** Whoever has not taken what they were told is asked again so soon. */
const SLOW_MS = 250;
/** Lines and letters of one portion: a page cannot draw more, and nobody reads them. */
const LINES_MOST = 200;
const LETTERS_MOST = 200_000;

export interface PortionReader<Line> {
  /** `left`: how many came before these that are left out, as there were too many. */
  lines(lines: Line[], left: number): void;
  /** Has it taken what it was told before? Until then nothing is kept for it but the newest lines. */
  ready(): boolean;
}

export interface Portions<Line> {
  take(lines: readonly Line[]): void;
  /** Counts lines that were left out elsewhere. */
  missed(n: number): void;
  /** Tells what there is, ready or not. */
  flush(): void;
  stop(): void;
}

/** Lines that come as fast as they like, for somebody who reads: what comes too fast is left out, the newest stay. */
export function createPortions<Line>(lettersOf: (line: Line) => number, reader: PortionReader<Line>): Portions<Line> {
  let waiting: Line[] = [];
  let letters = 0;
  let left = 0;
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (last = false) => {
    clearTimeout(timer);
    timer = undefined;
    if (over || waiting.length === 0) return;
    thin();
    if (!last && !reader.ready()) return void (timer = setTimeout(tell, SLOW_MS));
    const [lines, n] = [waiting, left];
    waiting = [];
    letters = left = 0;
    reader.lines(lines, n);
  };

  /** The last line stays, however long it is. */
  const thin = () => {
    let from = 0;
    while (waiting.length - from > LINES_MOST || (letters > LETTERS_MOST && waiting.length - from > 1)) letters -= lettersOf(waiting[from++]!);
    left += from;
    waiting = waiting.slice(from);
  };

  return {
    take(lines) {
      if (over) return;
      for (const line of lines) {
        waiting.push(line);
        letters += lettersOf(line);
      }
      if (waiting.length > 4 * LINES_MOST || letters > 4 * LETTERS_MOST) thin();
      if (waiting.length) timer ??= setTimeout(tell, PAUSE_MS);
    },
    missed: (n) => void (left += n),
    flush: () => tell(true),
    stop() {
      over = true;
      clearTimeout(timer);
    },
  };
}
