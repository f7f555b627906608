/** A service that rests already, and a rule that somebody else has taken away: both are as they should be. */
export const mayFail = (argv: readonly string[]) => argv.includes('stop') || argv.includes('delete');

/** As it is run when a change is taken back. */
export const stepOf = (run: [string, ...string[]]): { run: [string, ...string[]]; mayFail?: true } => (mayFail(run) ? { run, mayFail: true } : { run });
