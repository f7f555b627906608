/** Signing in and out. */
export const signIn = {
  busy: 'Too many sign-ins at the same moment. Try again in a few seconds.',
};
