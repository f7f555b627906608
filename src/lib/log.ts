export type Level = 'info' | 'warn' | 'error';

/** What the panel says about itself. Fields are JSON values; secrets never belong in them. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

const SECRET = /pass|secret|token|cookie|authorization|otp|recovery/i;

function plain(key: string, value: unknown): unknown {
  if (SECRET.test(key)) return '[redacted]';
  if (value instanceof Error) return value.stack ?? String(value);
  return value;
}

/**
 * One line per event: `2026-01-01T00:00:00.000Z error message {"field":…}`.
 * `write` gets the line with its newline; it must not throw.
 */
export function createLog(now: () => number, write: (level: Level, line: string) => void): Log {
  const say = (level: Level) => (message: string, fields?: Record<string, unknown>) => {
    const tail = fields ? ' ' + JSON.stringify(fields, (key, value) => plain(key, value)) : '';
    write(level, `${new Date(now()).toISOString()} ${level} ${message}${tail}\n`);
  };
  return { info: say('info'), warn: say('warn'), error: say('error') };
}
