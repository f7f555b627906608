import { MODE_BITS, octalText, symbolicText } from './mode.ts';

/** The nine boxes and the three special ones, by the octal digits of their bit. */
export const GRID_BITS = [0o400, 0o200, 0o100, 0o040, 0o020, 0o010, 0o004, 0o002, 0o001, 0o4000, 0o2000, 0o1000] as const;
export const boxName = (bit: number) => `bit-${bit.toString(8)}`;

type Fields = Readonly<Record<string, string>>;

/**
 * The mode that a form means. What was typed counts; left as it was drawn, the boxes count (there may be no JavaScript to
 * bring the two together). Boxes in which the entries differ change only what was ticked.
 * @returns '' when nothing was changed
 */
export function readMode(fields: Fields): string {
  const typed = (fields.mode ?? '').trim();
  const was = fields['mode-was'] ?? '';
  if (typed !== was) return typed;
  const bits = (name: string) => Number.parseInt(fields[name] ?? '', 8) & MODE_BITS;
  const [common, mixed] = [bits('common'), bits('mixed')];
  const ticked = GRID_BITS.reduce((all, bit) => all | (fields[boxName(bit)] ? bit : 0), 0);
  const on = ticked & ~common;
  const off = common & ~ticked & ~mixed;
  if (!on && !off) return '';
  return mixed ? symbolicText(on, off) : octalText(ticked);
}
