/** Recordings of invented nodes, as files for the command to read. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRecording } from '../../src/index.js';
import { type FakeNode, fakeContainer, fakeNode, fakeSandbox, observationOf } from '../../src/testing/index.js';

export const recordingOf = (node: Partial<FakeNode>): string => encodeRecording(observationOf(fakeNode(node)));

/** One pod with so many containers, all well. */
export const manyContainers = (count: number): string =>
  recordingOf({
    sandboxes: [fakeSandbox({ id: 'web' })],
    containers: Array.from({ length: count }, (_, index) => fakeContainer({ id: `web-${index}`, sandboxId: 'web' })),
  });

/** A folder for a test's files. */
export const temporaryFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'cri-recovery-command-'));
  return {
    path,
    /** Writes a file into it and resolves with the path. */
    write: async (name: string, content: string | Uint8Array): Promise<string> => {
      await writeFile(join(path, name), content);
      return join(path, name);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
};
