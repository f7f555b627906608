import { win32 } from 'node:path';
import type { Exec } from '../exec.ts';

/** A tool of Windows, by its full path. */
export const systemTool = (exec: Exec, name: string) => exec.which(name) ?? win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', `${name}.exe`);
