/** What the commands beside `serve` answer on the console. */
export const commands = {
  userAdded: (p: { name: string; role: string }) => `${p.name} can sign in now (${p.role}).`,
  passwordSet: (p: { name: string }) => `${p.name} has a new password. Sessions of ${p.name} have ended.`,
  secondFactorReset: (p: { name: string }) => `${p.name} signs in with the password alone until a new second factor is set up. Sessions of ${p.name} have ended.`,
  programAlone: 'this is started by Windows, as the service of a program that is kept running',
  noUser: (p: { name: string; names: string }) => `There is no user ${p.name}.${p.names ? ` Users: ${p.names}.` : ''}`,
};
