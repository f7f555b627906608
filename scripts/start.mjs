/** `npm start [-- flags]`: serves the panel from the sources, after installing what is missing. */
import { bootstrap, run } from './bootstrap.mjs';

run(bootstrap(), ['src/main.ts', 'serve', ...process.argv.slice(2)]);
