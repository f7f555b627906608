/** What `bun test --reporter=junit` wrote, reduced to what the summary needs. */

export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  /** `file > group > test` of every failure */
  failures: string[];
  /** names of what was skipped; needs() puts the reason into the name */
  skips: string[];
}

export const nothing = (): Outcome => ({ passed: 0, failed: 0, skipped: 0, failures: [], skips: [] });

export function add(a: Outcome, b: Outcome): Outcome {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
    skips: [...a.skips, ...b.skips],
  };
}

export function failure(name: string): Outcome {
  return { ...nothing(), failed: 1, failures: [name] };
}

/**
 * Counts the test cases of a report and holds them against what was asked for. Bun 1.4.5 leaves a file that could not
 * be imported out of the report, and writes no report at all when a test calls process.exit(): both must not look like
 * success, so every file asked for has to appear, and an exit code other than 0 has to have a failure to show for it.
 *
 * Sample of a case:
 *   <testcase name="bad" classname="group &gt; x" time="0.0006" file="src/a.test.ts" line="5" assertions="1">
 *     <failure type="AssertionError" message="…">…</failure>
 *   </testcase>
 */
export function readReport(xml: string | null, files: string[], exitCode: number): Outcome {
  const outcome = nothing();
  const seen = new Set<string>();
  for (const match of (xml ?? '').matchAll(/<testcase\s([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const of = attributes(match[1] ?? '');
    const inside = match[2] ?? '';
    const name = [of.file, of.classname, of.name].filter(Boolean).join(' > ');
    seen.add(of.file ?? '');
    if (inside.includes('<failure') || inside.includes('<error')) {
      outcome.failed += 1;
      outcome.failures.push(name);
    } else if (inside.includes('<skipped')) {
      outcome.skipped += 1;
      outcome.skips.push(name);
    } else {
      outcome.passed += 1;
    }
  }
  for (const file of files.filter((file) => !seen.has(file))) {
    outcome.failed += 1;
    outcome.failures.push(`${file} (no test of this file was reported: it ended early or could not be loaded)`);
  }
  if (exitCode !== 0 && outcome.failed === 0) {
    outcome.failed = 1;
    outcome.failures.push(`${files.join(' ')} (ended with exit code ${exitCode})`);
  }
  return outcome;
}

function attributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map((pair) => [pair[1] ?? '', unescape(pair[2] ?? '')]);
  return Object.fromEntries(pairs);
}

function unescape(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return named[name] ?? whole;
    return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

/** The last line of a run, which scripts read: exactly `N passed, N failed`, and skips only when there are any. */
export function summaryLine(outcome: Outcome): string {
  const skipped = outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : '';
  return `${outcome.passed} passed, ${outcome.failed} failed${skipped}`;
}
