/** The first administrator. */
export const setup = {
  needed: 'The panel is not set up yet. Open the address that its console printed.',
  already: 'The panel has been set up already. Sign in.',
  badToken: 'This setup token is wrong, was used, or is older than 30 minutes. Restart the panel for a new one.',
};
