/** The API of armed changes: what the reference says about it. */
export const armedDocs = {
  group: 'Armed changes',
  endpoints: {
    'armed.list': 'Changes that revert by themselves unless they are kept, and those that were reverted',
    'armed.keep': 'Keep a change: call it over a connection that was made after the change',
    'armed.revert': 'Revert a change now',
    'armed.dismiss': 'It has been seen that a change was reverted',
  },
  fields: {
    armedUntil: 'When it reverts',
    armedSteps: 'What reverts it: commands, and files that are written as they were',
    armedReverting: 'It is being reverted right now',
    armedReason: 'time: nobody kept it; asked: somebody wanted it; reboot, shutdown: the machine went down first',
    armedSeconds: 'Seconds until a change that may lock people out reverts by itself',
  },
};
