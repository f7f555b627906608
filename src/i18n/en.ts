import { parts } from './en/parts.ts';
import { shell } from './en/shell.ts';

/** Every text people see, in English. This object is the type that the other languages must have. */
export const en = {
  shell,
  parts,
};

export type Messages = typeof en;
