/** The API of optional features: what the reference says about it. */
export const optionalFeatureDocs = {
  group: 'Optional features (Windows)',
  endpoints: {
    'optional_features.list': 'Features of Windows, those on demand (capability), or roles of a Server; those that wait for a restart first',
    'optional_features.get': 'One feature: what it is, what it needs and holds',
    'optional_features.change': 'Turn a feature on or off as a task; the machine is not restarted',
  },
  fields: {
    featureList: 'optional: those of DISM, on every Windows; server: roles and features of the Server Manager',
    featureName: 'As Windows knows it in every language',
    featureTitle: 'In the language of Windows',
    featureState: 'absent: off, and its files are not on the disk; turning-on, turning-off: with the next start',
    featureParent: 'What it lies within; only Servers tell',
    featureOnly: 'Only those that are on, or off',
    featureServer: 'true: there is a list of roles as well',
    featureWhole: 'false: without the rights of an administrator it is not told what waits for a restart',
    featurePending: 'How many wait for a restart of the machine',
    featureRestart: 'Whether a change wants a restart; null: told after the change',
    featureNeeds: 'Must be on for it, and is turned on with it; only Servers tell',
    featureHolds: 'What lies within it; only Servers tell',
    featureConfirm: 'The name again, to turn it off',
  },
};
