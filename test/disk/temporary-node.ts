/** A CRI root and state directory of its own for each test, in a temporary folder. */
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fse from 'fs-extra';
import { onTestFinished } from 'vitest';

export interface TemporaryNode {
  readonly root: string;
  readonly state: string;
  /** Puts a checkpoint file in place, and gives its path. */
  readonly checkpoint: (id: string, content: string | Buffer) => Promise<string>;
}

/** A folder that is removed when the test ends. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'cri-recovery-')));
  onTestFinished(() => fse.remove(folder));
  return folder;
};

/** A root with both of its base directories, and a state directory with none. */
export const temporaryNode = async (): Promise<TemporaryNode> => {
  const folder = await temporaryFolder();
  const root = join(folder, 'root');
  const state = join(folder, 'state');
  for (const path of [join(root, 'sandboxes'), join(root, 'containers'), state]) await fse.mkdirp(path);
  const checkpoint = async (id: string, content: string | Buffer): Promise<string> => {
    const path = join(root, 'containers', id, 'status');
    await fse.outputFile(path, content);
    return path;
  };
  return { root, state, checkpoint };
};

/** What containerd writes for a container that runs. */
export const soundCheckpoint =
  '{"Version":"v1","Pid":4711,"CreatedAt":1714550401123456789,"StartedAt":1714550402123456789,"FinishedAt":0,"ExitCode":0,"Reason":"","Message":""}';

/** A signal that never fires. */
export const patient = (): AbortSignal => new AbortController().signal;
