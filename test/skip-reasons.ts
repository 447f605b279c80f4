/** Tells at the end of a run why tests were skipped, which the other reporters leave in titles that they do not show. */
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

export const skipReasons: Reporter = {
  onTestRunEnd: (modules) => {
    const counts = new Map<string, number>();
    for (const test of modules.flatMap(skippedIn)) {
      const reason = reasonOf(test);
      if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    for (const [reason, count] of counts) console.log(`   skipped: ${count} × ${reason}`);
  },
};

const skippedIn = (module: TestModule): ReadonlyArray<TestCase> => [...module.children.allTests('skipped')];

/** What the test itself says, or what stands in brackets in the title of whatever was skipped with it in it. */
const reasonOf = (test: TestCase): string | undefined => {
  const result = test.result();
  if (result.state === 'skipped' && result.note !== undefined) return result.note;
  const skipped = outwards(test).findLast(({ options }) => options.mode === 'skip');
  return /.*\((?:skipped: )?(.*)\)/.exec(skipped?.name ?? '')?.[1];
};

/** The test, and the suites around it. */
const outwards = (one: TestCase | TestSuite): ReadonlyArray<TestCase | TestSuite> =>
  one.parent.type === 'module' ? [one] : [one, ...outwards(one.parent)];
