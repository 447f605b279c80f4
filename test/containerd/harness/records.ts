/** containerd's container records, with the extensions in which the CRI plugin keeps its metadata. */
import { clone, create } from '@bufbuild/protobuf';
import { type Any, AnySchema } from '@bufbuild/protobuf/wkt';
import { createClient, type Transport } from '@connectrpc/connect';
import { type Container, ContainerSchema, Containers } from '../proto/gen/containers_pb.js';

/** A container record as containerd keeps it. */
export type ContainerRecord = Container;

export const containerMetadata = 'io.cri-containerd.container.metadata';
export const sandboxMetadata = 'io.cri-containerd.sandbox.metadata';

const present = (container: Container | undefined): ContainerRecord => {
  if (container === undefined) throw new Error('empty answer');
  return container;
};

export type RecordApi = ReturnType<typeof recordApi>;

export const recordApi = (transport: Transport) => {
  const containers = createClient(Containers, transport);

  const get = async (id: string): Promise<ContainerRecord> => present((await containers.get({ id })).container);

  /** The times of the record are containerd's to set: a record that is put back is as old as this call. */
  const createRecord = async (record: ContainerRecord): Promise<ContainerRecord> => {
    const { createdAt: _, updatedAt: __, ...rest } = clone(ContainerSchema, record);
    return present((await containers.create({ container: create(ContainerSchema, rest) })).container);
  };

  const remove = async (id: string): Promise<void> => {
    await containers.delete({ id });
  };

  /** Writes the named fields, such as `labels` or `extensions.<name>`. */
  const update = async (record: ContainerRecord, paths: ReadonlyArray<string>): Promise<ContainerRecord> =>
    present((await containers.update({ container: record, updateMask: { paths: [...paths] } })).container);

  return {
    get,
    list: async (filters: ReadonlyArray<string> = []): Promise<ReadonlyArray<ContainerRecord>> =>
      (await containers.list({ filters: [...filters] })).containers,
    create: createRecord,
    update,
    delete: remove,

    /** Puts these bytes in place of the extension's, keeping its type URL unless another is given. */
    setExtension: async (id: string, name: string, value: Uint8Array, typeUrl?: string): Promise<void> => {
      const record = await get(id);
      const extension: Any = create(AnySchema, { typeUrl: typeUrl ?? record.extensions[name]?.typeUrl ?? '', value });
      await update({ ...record, extensions: { ...record.extensions, [name]: extension } }, [`extensions.${name}`]);
    },

    /** Takes the extension away, for which containerd knows no way but a new record: `createdAt` becomes now. */
    removeExtension: async (id: string, name: string): Promise<void> => {
      const record = await get(id);
      const extensions = Object.fromEntries(Object.entries(record.extensions).filter(([key]) => key !== name));
      await remove(id);
      await createRecord({ ...record, extensions });
    },
  };
};
