import type { Messages } from './en.ts';
import { parts } from './zh-CN/parts.ts';
import { shell } from './zh-CN/shell.ts';

/** Every text people see, in Simplified Chinese. A key that is missing or extra does not compile. */
export const zhCN: Messages = {
  shell,
  parts,
};
