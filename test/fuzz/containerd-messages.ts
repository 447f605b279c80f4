/** containerd's answers as bytes, sound as messages, whatever they say. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { AnySchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import { ContainerSchema, ListContainerMessageSchema } from '../../src/containerd/proto/gen/containers_pb.js';
import { ReadContentResponseSchema } from '../../src/containerd/proto/gen/content_pb.js';
import { ListImagesResponseSchema } from '../../src/containerd/proto/gen/images_pb.js';
import {
  GetResponseSchema,
  ListTasksResponseSchema,
  type ProcessSchema,
} from '../../src/containerd/proto/gen/tasks_pb.js';
import { VersionResponseSchema } from '../../src/containerd/proto/gen/version_pb.js';

export type RecordKind = 'sandbox' | 'container';
export type Process = MessageInitShape<typeof ProcessSchema>;
export type Image = NonNullable<MessageInitShape<typeof ListImagesResponseSchema>['images']>[number];

export const metadataText = (kind: RecordKind, id: string): string =>
  JSON.stringify({
    Version: 'v1',
    Metadata: {
      ID: id,
      Name: `name-${id}`,
      SandboxID: 'kept-0',
      Config: { metadata: { attempt: 1 }, envs: [{ key: 'A', value: 'B' }], log_path: '../../../outside/log' },
      ...(kind === 'sandbox' ? { NetNSPath: '../../outside' } : { LogPath: '/outside/log' }),
    },
  });

export interface GivenRecord {
  readonly id: string;
  readonly kind: RecordKind;
  readonly metadata?: Uint8Array;
  readonly typeUrl?: string;
  /** Of the extension with the metadata. */
  readonly key?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly createdAt?: { readonly seconds: bigint; readonly nanos: number } | undefined;
}

export const recordMessage = (given: GivenRecord): Uint8Array => {
  const { id, kind, labels = {}, createdAt } = given;
  const {
    typeUrl = `github.com/containerd/cri/pkg/store/${kind}/Metadata`,
    key = `io.cri-containerd.${kind}.metadata`,
  } = given;
  const value = given.metadata ?? Buffer.from(metadataText(kind, id));
  const container = create(ContainerSchema, {
    id,
    labels,
    snapshotKey: id,
    extensions: Object.fromEntries([[key, create(AnySchema, { typeUrl, value })]]),
    ...(createdAt && { createdAt: create(TimestampSchema, createdAt) }),
  });
  return toBinary(ListContainerMessageSchema, create(ListContainerMessageSchema, { container }));
};

export const tasksMessage = (tasks: ReadonlyArray<Process>): Uint8Array =>
  toBinary(ListTasksResponseSchema, create(ListTasksResponseSchema, { tasks: [...tasks] }));

export const taskMessage = (process: Process): Uint8Array =>
  toBinary(GetResponseSchema, create(GetResponseSchema, { process }));

export const imagesMessage = (images: ReadonlyArray<Image>): Uint8Array =>
  toBinary(ListImagesResponseSchema, create(ListImagesResponseSchema, { images: [...images] }));

export const contentMessage = (data: Uint8Array): Uint8Array =>
  toBinary(ReadContentResponseSchema, create(ReadContentResponseSchema, { data }));

export const versionMessage = (version: string): Uint8Array =>
  toBinary(VersionResponseSchema, create(VersionResponseSchema, { version }));
