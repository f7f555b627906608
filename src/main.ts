import { runCommand } from './cli/command.ts';

// The only exit of the program: commands return their code.
const code = await runCommand(process.argv.slice(2), process.env);
// `serve` returns when the panel has stopped; nothing may hold the process after that.
process.exit(code);
