/** `npm test [-- pattern …]`: installs what is missing, then runs the tests (test/run/run.ts). */
import { bootstrap, run } from './bootstrap.mjs';

run(bootstrap(), ['test/run/run.ts', ...process.argv.slice(2)]);
