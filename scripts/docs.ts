// Writes docs/command-line.md anew: `bun scripts/docs.ts`.
import { join } from 'node:path';
import { commandLineDocs } from '../src/cli/docs.ts';

await Bun.write(join(import.meta.dir, '../docs/command-line.md'), commandLineDocs());
