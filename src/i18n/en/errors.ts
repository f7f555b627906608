/** Refusals and faults that any page may show. */
export const errors = {
  title: {
    invalid: 'That does not fit',
    denied: 'Not for your role',
    not_found: 'Nothing here',
    conflict: 'Something else is in the way',
    unsupported: 'Not possible on this machine',
    unavailable: 'Not available right now',
    internal: 'Something broke in the panel',
  },
  denied: 'Your role does not allow this. An administrator can change it.',
  notFound: 'There is no page at this address.',
  badRequest: 'The request does not fit what is expected here.',
  internal: (p: { id: string }) => `The panel hit an error of its own. It is in the log under ${p.id}.`,
  reference: 'Reference in the log',
  output: 'What the tool said',
  back: 'Back to the dashboard',
  unknownHost: (p: { name: string }) =>
    `The panel does not know the name ${p.name}. Open it by its address, or start it with --allowed-host ${p.name}.`,
  foreignOrigin: 'This request did not come from a page of this panel, so it was refused.',
  toolFailed: (p: { tool: string; code: number }) => `${p.tool} ended with code ${p.code}.`,
  nul: 'A value contains a NUL byte.',
  sealBroken: 'A stored secret cannot be opened with the key of this installation.',
  badCursor: 'This page marker does not belong to this list. Start again from its first page.',
  notMeasured: 'Nothing has been measured yet.',
  notJson: 'Send the body as JSON with Content-Type: application/json.',
  tooLarge: 'The request is larger than accepted here.',
};
