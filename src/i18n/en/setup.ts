/** The first administrator. */
export const setup = {
  title: 'Set up',
  heading: (p: { host: string }) => `Set up ${p.host}`,
  lead: 'Create the administrator. Everything else can wait.',
  token: 'Setup token',
  tokenHint: 'The part after # of the address that the console printed.',
  name: 'Name',
  password: 'Password',
  passwordHint: 'At least 10 characters. A few unrelated words are good.',
  again: 'Password again',
  submit: 'Create administrator',
  needed: 'The panel is not set up yet. Open the address that its console printed.',
  already: 'The panel has been set up already. Sign in.',
  tokenEmpty: 'The setup token is missing. Open the address that the console printed.',
  badToken: 'This setup token is wrong, was used, or is older than 30 minutes. Restart the panel for a new one.',
};
