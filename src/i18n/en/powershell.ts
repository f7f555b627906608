/** What is said when a script on Windows does not answer as it should. */
export const powershell = {
  unavailable: 'PowerShell cannot be started on this machine.',
  busy: 'Too many questions wait for PowerShell already. Try again in a moment.',
  longQuestion: 'This is more than can be given to PowerShell at once.',
  died: (p: { what: string }) => `PowerShell ended while it worked on ${p.what}.`,
  late: (p: { what: string; seconds: number }) => `${p.what} did not answer within ${p.seconds} s and was ended.`,
  tooMuch: (p: { what: string }) => `${p.what} answered with more than the panel takes.`,
  unreadable: (p: { what: string }) => `${p.what} answered with something that the panel does not understand.`,
  denied: 'The account that the panel runs as may not do this. Run the panel as an administrator.',
  unsupported: 'This edition of Windows does not have what this needs.',
  failed: (p: { what: string }) => `${p.what} could not do it.`,
};
