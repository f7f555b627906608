import { VERSION } from '../version.ts';
import type { Invocation } from './command.ts';

export async function version({ print }: Invocation): Promise<number> {
  print(VERSION);
  return 0;
}
