/**
 * Tests run with `bun test --no-orphans`, which hands the same on to each Bun that they start. What outlives the panel on
 * purpose would be ended with it: children are started as people start them.
 */
delete process.env.BUN_FEATURE_FLAG_NO_ORPHANS;
