/**
 * OpenMetrics text, version 1.0.0 (github.com/prometheus/OpenMetrics, specification/OpenMetrics.md): families with their
 * type, unit and help, samples with escaped labels, and `# EOF` at the end, without which a scraper takes it for cut off.
 */
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export interface Sample {
  labels?: Readonly<Record<string, string>>;
  value: number;
}

export interface Family {
  /** Ends with its unit, if it has one; a counter's `_total` is added to its samples. */
  name: string;
  type: 'gauge' | 'counter' | 'info';
  unit?: string;
  help: string;
  samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Backslash, quote and line feed; other control characters are allowed and useless. */
const escape = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** @throws Error for a name that breaks the rules: a mistake in the table, not in the data. */
export function openMetrics(families: readonly Family[]): string {
  return `${families.filter((family) => family.samples.length).map(familyText).join('')}# EOF\n`;
}

function familyText({ name, type, unit, help, samples }: Family): string {
  if (!NAME.test(name) || /_(total|created|bucket|count|sum|info)$/.test(name)) throw new Error(`${name} is no name of a family`);
  if (unit && !name.endsWith(`_${unit}`)) throw new Error(`${name} must end with its unit ${unit}`);
  const suffix = type === 'counter' ? '_total' : type === 'info' ? '_info' : '';
  const head = [`# TYPE ${name} ${type}`, ...(unit ? [`# UNIT ${name} ${unit}`] : []), `# HELP ${name} ${escape(help)}`];
  const lines = samples.filter(({ value }) => Number.isFinite(value)).map(({ labels, value }) => `${name}${suffix}${labelText(labels)} ${value}`);
  return `${[...head, ...lines].join('\n')}\n`;
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels ?? {}).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length ? `{${pairs.join(',')}}` : '';
}
