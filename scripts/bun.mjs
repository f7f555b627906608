/** `node scripts/bun.mjs <args>`: runs the pinned Bun, after installing what is missing. For the scripts in package.json. */
import { bootstrap, run } from './bootstrap.mjs';

run(bootstrap(), process.argv.slice(2));
