import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that ask everything of everything, in the order of what they take. */
const slow = ['policy', 'recover-twice', 'json-text', 'settle-container', 'explain', 'loads'];

/** What takes little comes first, and most mutants never see the rest. */
class QuickFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const rank = ({ moduleId }: TestSpecification): number =>
      slow.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
    return [...files].sort((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

/** The tests that a mutant is shown: those of its own folder, which need no other process and no disk. */
export default defineConfig({
  test: {
    include: [`test/{${process.env.MUTATED_FOLDER},mutation}/**/*.test.ts`],
    setupFiles: ['test/mutation/fewer-runs.ts'],
    sequence: { sequencer: QuickFirst },
    isolate: false,
  },
});
