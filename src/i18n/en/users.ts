/** People who may sign in, and the rules of names and passwords. */
export const users = {
  nameEmpty: 'A user needs a name.',
  nameLong: 'A name has at most 64 characters.',
  nameRule: 'Letters and digits, and after the first also . _ - @; no spaces.',
  nameReserved: 'The log uses this name for the panel itself. Take another.',
  nameTaken: (p: { name: string }) => `There is already a user ${p.name}.`,
  passwordShort: 'A password has at least 10 characters.',
  passwordLong: 'A password has at most 256 characters.',
  passwordCommon: 'This password is among the first that are tried. A few unrelated words are better.',
  passwordWrong: 'That is not your present password.',
  passwordDiffers: 'The two passwords differ.',
  notFound: 'There is no such user.',
  lastAdmin: (p: { name: string }) => `${p.name} is the only active administrator. Make another one first.`,
  notSelf: 'You cannot disable or delete yourself. Another administrator can.',
  confirmName: (p: { name: string }) => `Type ${p.name} exactly as it is written.`,
};
