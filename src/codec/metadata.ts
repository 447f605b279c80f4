/**
 * The metadata that the CRI plugin keeps as an extension of each containerd record (`internal/cri/store/container/metadata.go` and
 * `…/sandbox/metadata.go`), and what recovery needs to know of the CRI config within.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type * as t from 'io-ts';
import type { Json, JsonObject } from '../core/json.js';
import type { ContainerMetadata, SandboxMetadata } from '../core/metadata.js';
import { describeErrors } from './decode-error.js';
import {
  type GoStruct,
  type GoStructType,
  goBool,
  goInt32,
  goString,
  goStruct,
  goUint32,
  viewed,
} from './go-struct.js';
import { decodeJson } from './json.js';
import { everything, type Wanted } from './json-text.js';
import { describeUnknownVersion, knownVersion, readVersion } from './version.js';

/** What is stored with a record, as far as recovery goes by it. */
export interface Stored<M> {
  readonly metadata: M;
  /** What the config names: uint32, 0 where it names none. */
  readonly attempt: number;
}

/** Reads the extension `io.cri-containerd.container.metadata`; the left is one line that names the field and quotes no value. */
export const decodeContainerMetadata = (bytes: Uint8Array): E.Either<string, Stored<ContainerMetadata>> =>
  pipe(decodeVersioned(storedContainer, bytes, storedContainer.wanted), E.map(toContainerMetadata));

/** Reads the extension `io.cri-containerd.sandbox.metadata`; the left is one line that names the field and quotes no value. */
export const decodeSandboxMetadata = (bytes: Uint8Array): E.Either<string, Stored<SandboxMetadata>> =>
  pipe(decodeVersioned(storedSandbox, bytes, storedSandbox.wanted), E.map(toSandboxMetadata));

/** Reads the CRI `ContainerConfig` that is stored with a container as it was stored, empty where there is none. */
export const decodeContainerConfig = (bytes: Uint8Array): E.Either<string, JsonObject> =>
  pipe(
    decodeVersioned(storedContainer, bytes, everything),
    E.map(({ Config }) => Config.whole),
  );

/** The same of the `PodSandboxConfig` that is stored with a sandbox. */
export const decodeSandboxConfig = (bytes: Uint8Array): E.Either<string, JsonObject> =>
  pipe(
    decodeVersioned(storedSandbox, bytes, everything),
    E.map(({ Config }) => Config.whole),
  );

const attempt = goStruct('an object', { attempt: goUint32 });

const containerConfig = viewed(goStruct('an object', { metadata: attempt, tty: goBool, stdin: goBool }));

const containerFields = goStruct('an object', {
  ID: goString,
  Name: goString,
  SandboxID: goString,
  Config: containerConfig,
  ImageRef: goString,
  LogPath: goString,
  StopSignal: goString,
});

const namespaceOptions = goStruct('an object', { network: goInt32 });
const securityContext = goStruct('an object', { namespace_options: namespaceOptions });
const linuxConfig = goStruct('an object', { security_context: securityContext });
const sandboxConfig = viewed(goStruct('an object', { metadata: attempt, linux: linuxConfig }));

const sandboxFields = goStruct('an object', {
  ID: goString,
  Name: goString,
  Config: sandboxConfig,
  NetNSPath: goString,
  IP: goString,
  RuntimeHandler: goString,
});

const versioned = <A>(metadata: GoStructType<GoStruct<A>>): GoStructType<GoStruct<Versioned<A>>> =>
  goStruct('an object', { Version: goString, Metadata: metadata });

interface Versioned<A> {
  readonly Version: string;
  readonly Metadata: GoStruct<A>;
}

const storedContainer = versioned(containerFields);
const storedSandbox = versioned(sandboxFields);

/** CRI `NamespaceMode` NODE: the host's own. */
const nodeNamespace = 2;

const toContainerMetadata = (fields: t.TypeOf<typeof containerFields>['fields']): Stored<ContainerMetadata> => ({
  metadata: {
    id: fields.ID,
    name: fields.Name,
    sandboxId: fields.SandboxID,
    imageRef: fields.ImageRef,
    logPath: fields.LogPath,
    stopSignal: fields.StopSignal,
    tty: fields.Config.view.tty,
    stdin: fields.Config.view.stdin,
  },
  attempt: fields.Config.view.metadata.fields.attempt,
});

const toSandboxMetadata = (fields: t.TypeOf<typeof sandboxFields>['fields']): Stored<SandboxMetadata> => {
  const { linux, metadata } = fields.Config.view;
  return {
    metadata: {
      id: fields.ID,
      name: fields.Name,
      netnsPath: fields.NetNSPath,
      hostNetwork: linux.fields.security_context.fields.namespace_options.fields.network === nodeNamespace,
      ip: fields.IP,
      runtimeHandler: fields.RuntimeHandler,
    },
    attempt: metadata.fields.attempt,
  };
};

/** Twice what a process may be started with in arguments and environment, which are most of any metadata. */
const longest = 4 * 1024 * 1024;

const decodeVersioned = <A>(
  stored: GoStructType<GoStruct<Versioned<A>>>,
  bytes: Uint8Array,
  wanted: Wanted,
): E.Either<string, A> =>
  pipe(
    bytes.length > longest
      ? E.left(`${bytes.length} bytes long, at most ${longest} are read`)
      : decodeJson(bytes, wanted),
    E.chain((json) => decodeStored(stored, json)),
    E.map(({ fields }) => fields.Metadata.fields),
  );

/** Of another version nothing but that is said: it may hold other types. */
const decodeStored = <A>(
  stored: GoStructType<GoStruct<Versioned<A>>>,
  json: Json,
): E.Either<string, GoStruct<Versioned<A>>> => {
  const decoded = stored.decode(json);
  if (E.isRight(decoded) && decoded.right.fields.Version === knownVersion) return decoded;
  return pipe(
    readVersion(json),
    E.chain(checkVersion),
    E.chain(() => pipe(decoded, E.mapLeft(describeErrors))),
  );
};

const checkVersion = (version: string): E.Either<string, void> =>
  version === knownVersion ? E.right(undefined) : E.left(describeUnknownVersion(version));
