/**
 * A containerd node of its own: one folder, one daemon, one pod network, one control group. It can lose its daemon and
 * get it back, with or without the CRI plugin, while shims and workloads go on.
 */

import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { cleanUp } from './clean-up.js';
import { command } from './command.js';
import { containerdConfig, imageName, networkConfig, type Paths } from './config.js';
import { type Connection, connectTo, namespace } from './connection.js';
import { type Cri, criClient } from './cri.js';
import { type Daemon, startDaemon } from './daemon.js';
import { type Engine, engineClient } from './engine.js';
import { imageArchive } from './image.js';
import { type Network, unusedNetwork } from './network.js';
import { type Release, searchPath } from './releases.js';
import { waitUntil } from './wait-until.js';

export interface Mode {
  /** Whether containerd has its CRI plugin; without it the library is the one that recovers. */
  readonly cri: boolean;
}

export class TestNode implements Paths {
  readonly release: Release;
  readonly directory: string;
  readonly network: Network = unusedNetwork();
  readonly cri: Cri;
  readonly engine: Engine;
  readonly #connection: Connection;
  #daemon: Daemon | undefined;
  #hasImage = false;

  private constructor(release: Release, directory: string) {
    this.release = release;
    this.directory = directory;
    this.#connection = connectTo(this.socket);
    this.cri = criClient(this.#connection.transport, {
      logDirectory: join(directory, 'logs'),
      cgroupParent: this.cgroupParent,
    });
    this.engine = engineClient(this.#connection.transport);
  }

  /**
   * A node that is not started yet, in a folder of its own among the temporary files, or in the folder named, which must
   * not exist yet. Give it back with `dispose`.
   */
  static async create(release: Release, directory?: string): Promise<TestNode> {
    if (directory !== undefined) await mkdir(directory, { mode: 0o700 });
    const node = new TestNode(release, directory ?? (await mkdtemp(join(tmpdir(), 'cri-recovery-node-'))));
    await mkdir(node.cni);
    await writeFile(join(node.cni, '10-bridge.conflist'), networkConfig(node, node.network));
    return node;
  }

  get socket(): string {
    return join(this.directory, 'containerd.sock');
  }
  get root(): string {
    return join(this.directory, 'root');
  }
  get state(): string {
    return join(this.directory, 'state');
  }
  get cni(): string {
    return join(this.directory, 'cni');
  }
  /** The CRI plugin's root directory: `sandboxes`, `containers` and the checkpoints. */
  get criRoot(): string {
    return join(this.root, 'io.containerd.grpc.v1.cri');
  }
  /** The CRI plugin's state directory, with the FIFOs. */
  get criState(): string {
    return join(this.state, 'io.containerd.grpc.v1.cri');
  }
  get cgroupParent(): string {
    return `/${basename(this.directory)}`;
  }
  get #logFile(): string {
    return join(this.directory, 'containerd.log');
  }
  /** The daemon's pid, or undefined while it is down. */
  get pid(): number | undefined {
    return this.#daemon?.pid;
  }

  /** Starts containerd; the first time the test image is imported too. */
  async start({ cri }: Mode): Promise<void> {
    if (this.#daemon !== undefined) throw new Error('containerd is running already');
    const file = join(this.directory, 'config.toml');
    await writeFile(file, containerdConfig(this, cri));
    const config = { file, log: this.#logFile, socket: this.socket, cri };
    this.#daemon = await startDaemon(this.release, config, this.#connection.transport);
    if (!this.#hasImage) await this.#importImage(cri);
    this.#hasImage = true;
  }

  /** Kills containerd with SIGKILL, and nothing else. */
  async kill(): Promise<void> {
    await this.#daemon?.kill();
    this.#daemon = undefined;
    this.#connection.drop();
  }

  async restart(mode: Mode): Promise<void> {
    await this.kill();
    await this.start(mode);
  }

  /** containerd's own client, in the namespace of the pods. Resolves with what it prints. */
  ctr(...words: ReadonlyArray<string>): Promise<string> {
    const args = ['--address', this.socket, '--namespace', namespace, ...words];
    return command(join(this.release.bin, 'ctr'), args, { PATH: searchPath(this.release) });
  }

  /** Everything that containerd has logged so far, over all its starts. */
  log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  /** Ends every process of the node and removes everything it has made. */
  async dispose(): Promise<void> {
    await this.kill();
    await cleanUp(this);
  }

  async #importImage(cri: boolean): Promise<void> {
    await this.ctr('images', 'import', await imageArchive());
    if (!cri) return;
    await waitUntil(`the CRI plugin sees ${imageName}`, async () =>
      (await this.cri.listImages()).some(({ repoTags }) => repoTags.includes(imageName)),
    );
  }
}
