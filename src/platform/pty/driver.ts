import { bunTerminal } from './bun-terminal.ts';
import { linuxTerminal } from './linux-terminal.ts';
import type { PtyDriver } from './pty.ts';

/** The best that this machine has. */
export const ptyDriver = (): PtyDriver => linuxTerminal() ?? bunTerminal;
