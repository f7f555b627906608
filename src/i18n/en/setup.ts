/** The first administrator. */
export const setup = {
  needed: 'The panel is not set up yet. Open the address that its console printed.',
};
