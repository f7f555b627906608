/** The API of Remote Desktop: what the reference says about it. */
export const rdpDocs = {
  group: 'Remote Desktop (Windows)',
  endpoints: {
    'rdp.get': 'How Remote Desktop is set, and who is signed in',
    'rdp.plan': 'The commands that a change would run',
    'rdp.change': 'Change it as one; it reverts by itself unless it is kept',
  },
  fields: {
    rdpNla: 'Network Level Authentication',
    rdpPolicy: 'What a group policy decides; null: nothing',
    rdpService: 'ServiceControllerStatus: 4 runs, 1 is stopped; null: not known',
    rdpSessions: 'null: they cannot be told here',
    rdpArmed: 'Id of the armed change, to be kept; null: everything was so already',
  },
};
