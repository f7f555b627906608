import { runCommand } from './cli/command.ts';

// The only exit of the program: commands return their code, and nothing may hold the process after that.
process.exit(await runCommand(process.argv.slice(2), process.env));
