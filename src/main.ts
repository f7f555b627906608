import { runCommand } from './cli/command.ts';
import { ASKPASS } from './platform/ssh/askpass.ts';

const { argv, env } = process;
const asked = env[ASKPASS];

/** ssh runs the executable itself to ask for a password, and tells only by the environment what it is run for. */
const run = async () => (asked ? (await import('./cli/askpass.ts')).askpass(asked, argv[2] ?? '', env.SSH_ASKPASS_PROMPT) : runCommand(argv.slice(2), env));

// The only exit of the program: commands return their code, and nothing may hold the process after that.
process.exit(await run());
