/** What services and programs may be, for pages and calls, which know nothing of the platform. */
export { splitWords } from '../../platform/command-line.ts';
export { PROGRAM_RESTARTS } from '../../platform/programs.ts';
export { SERVICE_STATES, SERVICE_VERBS, START_TYPES } from '../../platform/services.ts';
export { needsLogonRight, needsPassword, RECOVERY_ACTIONS, SERVICE_ACCOUNTS } from '../../platform/service-setup.ts';
